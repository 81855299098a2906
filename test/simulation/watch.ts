import { addressOf } from '../../src/core/election/key.ts'
import type { Key } from '../../src/core/election/key.ts'
import { formatAddress } from '../../src/core/ip/address.ts'
import type { Machine } from './machine.ts'
import { answers, isAwake, segmentStateOf } from './machine.ts'
import { announcersOf, canHold, deadIntervalOf, hearEachOther, hearOnTheWireAlone } from './truth.ts'
import { isHeard, islandsOf, isUpToDate } from './truth.ts'
import type { World } from './world.ts'

/** How long a wrong state may last: so many dead intervals, and so many milliseconds more. */
export interface Bounds {
  readonly two: readonly [intervals: number, ms: number]
  /** The same for two that hear each other on the wire alone. */
  readonly apart: readonly [intervals: number, ms: number]
  readonly none: readonly [intervals: number, ms: number]
}

/**
 * Two dead intervals and two beats to settle who holds, and three questions more for those that hear each other on the wire alone;
 * ten dead intervals for the nodes to stand in for one another.
 */
export const usualBounds: Bounds = { two: [2, 100], apart: [2, 1_000], none: [10, 0] }

/** Watches a world: since when something is wrong, and what was wrong for too long. */
export interface Watch {
  readonly bounds: Bounds
  since: Map<string, number>
  readonly violations: string[]
  readonly longest: { two: number; apart: number; none: number }
  lookedAt: number
  /** The longest dead interval that was in force in the last seconds, and in those before. */
  readonly dead: { until: number; now: number; before: number }
  /** When each address was last given to a Service anew: nobody has it for a while then. */
  readonly leasedAt: Map<Key, number>
}

const lookEveryMs = 4
const deadMemoryMs = 3_000
const firstBidMs = 1_000
const staleMs = 1_500
/** Whoever was heard on the wire alone is asked so long before it is taken for dead, by one that comes second among a few. */
const patienceMs = 3_300

export function watchOf(bounds: Bounds): Watch {
  const longest = { two: 0, apart: 0, none: 0 }
  const dead = { until: 0, now: 150, before: 150 }
  return { bounds, since: new Map(), violations: [], longest, lookedAt: -Infinity, dead, leasedAt: new Map() }
}

/** Looks at the whole world, every few milliseconds; answers whether it was time to. */
export function look(watch: Watch, world: World): boolean {
  if (world.oddities.length > 0) watch.violations.push(...world.oddities.splice(0))
  if (world.now < watch.lookedAt + lookEveryMs) return false
  watch.lookedAt = world.now
  noteDeadInterval(watch, world)
  const islands = islandsOf(world)
  const wrong = new Map<string, number>()
  for (const { key, isHeld } of world.api.leases) {
    if (!isHeld) watch.leasedAt.set(key, world.now)
    lookForTwo(watch, world, key, wrong)
    for (const island of islands) lookForNone(watch, world, key, island, wrong)
    if (!isHeld) lookForLeftOvers(watch, world, key, wrong)
  }
  for (const machine of world.machines) lookForDeaf(watch, world, machine, wrong)
  watch.since = wrong
  return true
}

function noteDeadInterval({ dead }: Watch, { machines, now }: World): void {
  const asked = deadIntervalOf(machines.filter(isAwake))
  if (now >= dead.until) Object.assign(dead, { until: now + deadMemoryMs, before: dead.now, now: asked })
  else if (asked > dead.now) dead.now = asked
}

type Wrong = Map<string, number>

function lookForTwo(watch: Watch, world: World, key: Key, wrong: Wrong): void {
  const holders = announcersOf(world, key)
  if (holders.length < 2) return
  for (const a of holders) {
    for (const b of holders) {
      const kind = a.name < b.name && apartOrNot(world, a, b)
      if (!kind) continue
      const how = kind === 'two' ? 'hear each other' : 'hear each other on the wire'
      const words = `${textOf(key)} is announced by ${a.name} and ${b.name}, which ${how}`
      note(watch, world, wrong, words, boundOf(watch, kind), kind)
    }
  }
}

/** How the two settle who of them has an address: by heartbeats, by what each sees of the other on the wire, or not at all. */
function apartOrNot(world: World, a: Machine, b: Machine): 'two' | 'apart' | undefined {
  if (hearEachOther(world, a, b)) return 'two'
  const isSettled = [a, b].every((one) => isUpToDate(world, one))
  return isSettled && hearOnTheWireAlone(world, a, b) ? 'apart' : undefined
}

function lookForNone(watch: Watch, world: World, key: Key, island: readonly Machine[], wrong: Wrong): void {
  if (island.some((machine) => answers(machine, key))) return
  if (!island.some((machine) => canHold(machine, key))) return
  if (isLeftToOthers(world, key, island)) return
  const names = island.map(({ name }) => name).join(' ')
  const isNew = world.now < (watch.leasedAt.get(key) ?? -Infinity) + 4 * firstBidMs
  const isAsked = world.now < world.deafAt + patienceMs
  const bound = boundOf(watch, 'none') + (isNew ? firstBidMs : 0) + (isAsked ? patienceMs : 0)
  note(watch, world, wrong, `${textOf(key)} is announced by nobody among ${names}`, bound, 'none')
}

/** True when somebody has it whom some of them hear on the wire alone, and whom clients reach as they reach them. */
function isLeftToOthers(world: World, key: Key, island: readonly Machine[]): boolean {
  const others = world.machines.filter((machine) => answers(machine, key))
  return others.some((other) => island.some((one) => hearOnTheWireAlone(world, one, other)))
}

/** What was taken from a Service is answered for no more by anyone who can know. */
function lookForLeftOvers(watch: Watch, world: World, key: Key, wrong: Wrong): void {
  for (const machine of world.machines) {
    const knows = world.api.isUp && machine.hasApi && machine.hasNews && machine.viewAge === 0
    if (!knows || !answers(machine, key) || machine.starvedUntil > world.now - staleMs) continue
    note(
      watch,
      world,
      wrong,
      `${machine.name} still answers for ${textOf(key)}, which no Service has`,
      staleMs,
    )
  }
}

/** A peer counts only while it hears us: a link that works one way is none. */
function lookForDeaf(watch: Watch, world: World, machine: Machine, wrong: Wrong): void {
  if (!isAwake(machine) || segmentStateOf(machine) === undefined) return
  for (const name of machine.process.known.peers) {
    const peer = world.machines.find((one) => one.name === name) as Machine
    const isDeaf = !isAwake(peer) || !isHeard(world, machine, peer) || !isHeard(world, peer, machine)
    if (!isDeaf) continue
    const keptMs = world.lan.keptBack.size > 0 ? 3_000 : 0
    note(
      watch,
      world,
      wrong,
      `${machine.name} counts ${name} as live, which does not hear it`,
      2 * deadOf(watch) + 200 + keptMs,
    )
  }
}

function deadOf({ dead }: Watch): number {
  return Math.max(dead.now, dead.before)
}

function boundOf(watch: Watch, kind: keyof Bounds): number {
  const [intervals, ms] = watch.bounds[kind]
  return intervals * deadOf(watch) + ms
}

function note(
  watch: Watch,
  world: World,
  wrong: Wrong,
  what: string,
  bound: number,
  kind?: keyof Bounds,
): void {
  const since = watch.since.get(what) ?? world.now
  wrong.set(what, since)
  const lasted = world.now - since
  if (kind !== undefined && lasted > watch.longest[kind]) watch.longest[kind] = lasted
  if (lasted > bound) watch.violations.push(`${what}, for more than ${Math.round(bound)} ms`)
}

function textOf(key: Key): string {
  return formatAddress(addressOf(key))
}
