import type { Key } from '../../src/core/election/key.ts'
import { dutiesOf } from './api-server.ts'
import type { Machine } from './machine.ts'
import { announces, answers, isAwake, segmentStateOf } from './machine.ts'
import { strengthOfBid } from './strength.ts'
import { announcersOf } from './truth.ts'
import type { World } from './world.ts'

/** Addresses announced on several sides of a split, and by whom the strongest: there each must end once it heals. */
export function contested(world: World): ReadonlyMap<Key, Machine> {
  const winners = new Map<Key, Machine>()
  for (const { key } of world.api.leases) {
    const holders = announcersOf(world, key)
    const strengths = holders.map((one) => strengthOf(one, key)).toSorted()
    const greatest = strengths.at(-1)
    // Of equals a hash decides, and that is for core to know.
    if (holders.length < 2 || greatest === strengths.at(-2)) continue
    const winner = holders.find((one) => strengthOf(one, key) === greatest) as Machine
    if (!winner.process.state.leaving) winners.set(key, winner)
  }
  return winners
}

/** Of contested addresses, those that ended elsewhere. */
export function wronglyWon(winners: ReadonlyMap<Key, Machine>): readonly string[] {
  return [...winners]
    .filter(([key, winner]) => !announces(winner, key))
    .map(([key, winner]) => `${key} did not end with ${winner.name}, whose bid was the greatest`)
}

function strengthOf(machine: Machine, key: Key): string {
  const holding = segmentStateOf(machine)?.holdings.get(key)
  if (holding === undefined) return ''
  const { bid } = holding
  return `${bid.leaving ? 0 : 1} ${strengthOfBid(bid)}`
}

/** What has not settled long after the last fault. */
export function unsettled(world: World): readonly string[] {
  return [...misplaced(world), ...world.machines.flatMap((machine) => deaf(world, machine))]
}

function misplaced(world: World): readonly string[] {
  return dutiesOf(world.api, 0).flatMap(({ address, candidates, placement }) => {
    const lease = world.api.leases.find((each) => each.address === address)
    if (lease === undefined) return []
    const holders = world.machines.filter((machine) => answers(machine, lease.key)).map(({ name }) => name)
    const isSettled = holders.length === Math.min(candidates.length, 1)
    if (!isSettled) return [`${lease.text} ends with ${holders.join(' and ') || 'nobody'}`]
    const isInPlace = !world.hasController || holders.every((name) => name === placement?.node)
    return isInPlace ? [] : [`${lease.text} ends off its placement`]
  })
}

function deaf(world: World, machine: Machine): readonly string[] {
  if (!isAwake(machine)) return [`${machine.name} does not run in the end`]
  const sessions = [...(segmentStateOf(machine)?.sessions.values() ?? [])]
  const live = sessions.filter(({ liveSince }) => liveSince !== undefined)
  const others = world.machines.length - 1
  const gaps = live.filter((one) => one.saidDigest !== one.knownDigest)
  const heard = live.length === others ? [] : [`${machine.name} ends with ${live.length} of ${others} peers`]
  return [...heard, ...gaps.map(({ node }) => `${machine.name} ends not knowing all bids of ${node}`)]
}
