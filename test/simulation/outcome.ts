import { keyOf } from '../../src/core/election/key.ts'
import type { Holding } from '../../src/core/election/state.ts'
import type { Bid } from '../../src/core/wire/heartbeat.ts'
import type { Act } from './act.ts'
import { addressAt } from './cluster.ts'
import { isAwake } from './invariants.ts'
import type { Machine, World } from './world.ts'
import { announces, answers, segmentStateOf } from './world.ts'

/** Addresses with one holder anywhere, which is awake and in its place as far as the API server knows. */
export function soleHolders(world: World): ReadonlyMap<number, Machine> {
  const sole = new Map<number, Machine>()
  for (const at of world.cluster.duties.keys()) {
    const [holder, ...others] = world.machines.filter((machine) => announces(machine, at))
    if (holder !== undefined && others.length === 0 && belongs(world, holder, at)) sole.set(at, holder)
  }
  return sole
}

/** True when nothing that anybody knows, or is yet to hear of, speaks against this holder. */
function belongs(world: World, holder: Machine, at: number): boolean {
  const duty = world.cluster.duties.get(at)
  const isKnown = world.machines.every((one) => !one.isUp || one.state.duties[at] === duty)
  const isCandidate = duty?.candidates.some(({ node }) => node === holder.name) === true
  const isPlaced = bidOf(holder, at).revision >= (duty?.placement?.revision ?? 0)
  return isAwake(holder) && !holder.state.leaving && isKnown && isCandidate && isPlaced
}

/** The end of a fault is no reason to move: who alone held an address before still holds it. */
export function movedWithoutCause(
  world: World,
  act: Act,
  before: ReadonlyMap<number, Machine>,
): readonly string[] {
  // Across a cut that is still there, taking an address is no mistake.
  if (world.cuts.size > 0 || !['heal', 'boot', 'thaw', 'plug', 'api', 'hang'].includes(act.kind)) return []
  return [...before].flatMap(([at, holder]) => {
    const moved = !announces(holder, at) || world.machines.some((one) => one !== holder && announces(one, at))
    return moved ? [`address ${at} moved away from ${holder.name} on ${act.kind}`] : []
  })
}

/** Addresses held on several sides of a split, and whose bid is the greatest: there each must end once it heals. */
export function contested(world: World): ReadonlyMap<number, Machine> {
  const winners = new Map<number, Machine>()
  for (const at of world.cluster.duties.keys()) {
    const holders = world.machines.filter((machine) => isAwake(machine) && announces(machine, at))
    const greatest = holders.reduce<Machine | undefined>((best, one) => {
      return best === undefined || strengthOf(one, at) > strengthOf(best, at) ? one : best
    }, undefined)
    const isTied = holders.some(
      (one) => one !== greatest && strengthOf(one, at) === strengthOf(greatest as Machine, at),
    )
    if (holders.length > 1 && !isTied && greatest?.state.leaving === false) winners.set(at, greatest)
  }
  return winners
}

/** Contested addresses that did not end with the greatest bid. */
export function wronglyWon(winners: ReadonlyMap<number, Machine>): readonly string[] {
  return [...winners]
    .filter(([at, winner]) => !announces(winner, at))
    .map(([at, winner]) => `address ${at} did not end with ${winner.name}, whose bid was the greatest`)
}

/** How strong a bid is, told apart from the code that decides: compared as text, field by field. */
function strengthOf(machine: Machine, at: number): string {
  const { revision, support, contact, term } = bidOf(machine, at)
  const age = 1_000_000 - term
  const fields = [revision, support, contact ? 1 : 0, age].map((field) => String(field).padStart(9, '0'))
  return fields.join(' ')
}

function bidOf(machine: Machine, at: number): Bid {
  const holding = segmentStateOf(machine)?.holdings.get(keyOf(addressAt(at))) as Holding
  return holding.bid
}

/** What has not settled long after the last fault. */
export function unsettled(world: World): readonly string[] {
  return [...misplaced(world), ...world.machines.flatMap((machine) => deaf(world, machine))]
}

function misplaced(world: World): readonly string[] {
  return [...world.cluster.duties].flatMap(([at, { candidates, placement }]) => {
    const holders = world.machines.filter((machine) => answers(machine, at)).map(({ name }) => name)
    const isSettled = holders.length === Math.min(candidates.length, 1)
    if (!isSettled) return [`address ${at} ends with ${holders.join(' and ') || 'nobody'}`]
    return holders.every((name) => name === placement?.node) ? [] : [`address ${at} ends off its placement`]
  })
}

function deaf(world: World, machine: Machine): readonly string[] {
  const sessions = [...(segmentStateOf(machine)?.sessions.values() ?? [])]
  const live = sessions.filter(({ liveSince }) => liveSince !== undefined)
  const others = world.machines.length - 1
  const gaps = live.filter((one) => one.saidDigest !== one.knownDigest)
  const heard = live.length === others ? [] : [`${machine.name} ends with ${live.length} of ${others} peers`]
  return [...heard, ...gaps.map(({ node }) => `${machine.name} ends not knowing all bids of ${node}`)]
}
