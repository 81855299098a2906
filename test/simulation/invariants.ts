import type { Machine, World } from './world.ts'
import { announces, answers, hearEachOther, segmentStateOf } from './world.ts'

/** How long a wrong state may last, in milliseconds. */
export interface Bounds {
  readonly twoHolders: number
  readonly noHolder: number
}

/** Watches a world: since when something is wrong, and what was wrong for too long. */
export interface Watch {
  readonly bounds: Bounds
  readonly since: Map<string, number>
  readonly violations: string[]
  readonly longest: { twoHolders: number; noHolder: number }
  lookedAt: number
}

export function watchOf(bounds: Bounds): Watch {
  const longest = { twoHolders: 0, noHolder: 0 }
  return { bounds, since: new Map(), violations: [], longest, lookedAt: -Infinity }
}

/** Looks at the whole world every few milliseconds. */
export function look(watch: Watch, world: World): void {
  if (world.now < watch.lookedAt + 5) return
  watch.lookedAt = world.now
  const wrong = new Map<string, number>()
  for (const at of world.cluster.duties.keys()) {
    lookForTwo(watch, world, at, wrong)
    lookForNone(watch, world, at, wrong)
  }
  watch.since.clear()
  for (const [what, since] of wrong) watch.since.set(what, since)
  for (const machine of world.machines) if (isAwake(machine)) lookAtBids(watch, world, machine)
  if (world.oddities.length > 0) watch.violations.push(...world.oddities.splice(0))
}

function lookForTwo(watch: Watch, world: World, at: number, wrong: Map<string, number>): void {
  const holders = world.machines.filter((machine) => isAwake(machine) && announces(machine, at))
  for (const a of holders) {
    for (const b of holders) {
      if (a.name >= b.name || !hearEachOther(world, a, b)) continue
      note(
        watch,
        world,
        wrong,
        'twoHolders',
        `address ${at} held by ${a.name} and ${b.name}, which hear each other`,
      )
    }
  }
}

function lookForNone(watch: Watch, world: World, at: number, wrong: Map<string, number>): void {
  const awake = world.machines.filter((machine) => isAwake(machine) && machine.linkUp)
  const islands = new Map(
    awake.map((one) => [one, awake.filter((other) => hearEachOther(world, one, other))]),
  )
  for (const [one, island] of islands) {
    const names = island.map(({ name }) => name).join(' ')
    const isWhole = island.every(
      (other) =>
        islands
          .get(other)
          ?.map(({ name }) => name)
          .join(' ') === names,
    )
    if (!isWhole || island[0] !== one) continue
    if (!island.some((machine) => canHold(machine, at)) || island.some((machine) => answers(machine, at)))
      continue
    note(watch, world, wrong, 'noHolder', `address ${at} held by nobody among ${names}`)
  }
}

/** What must hold at every moment: nobody says more for itself than it hears, or speaks before it has listened. */
function lookAtBids(watch: Watch, world: World, machine: Machine): void {
  const segment = segmentStateOf(machine)
  if (segment === undefined) return
  const live = [...segment.sessions.values()].filter(({ liveSince }) => liveSince !== undefined).length
  for (const { bid } of segment.holdings.values()) {
    if (bid.leaving || bid.support <= live + 1) continue
    watch.violations.push(`${machine.name} claims a support of ${bid.support} and hears ${live}`)
  }
  const listens = world.now < machine.awakeSince + 145
  if (listens && machine.answering.size > 0)
    watch.violations.push(`${machine.name} answers before it has listened`)
}

function note(
  watch: Watch,
  world: World,
  wrong: Map<string, number>,
  kind: keyof Bounds,
  what: string,
): void {
  const since = watch.since.get(what) ?? world.now
  wrong.set(what, since)
  const lasted = world.now - since
  if (lasted > watch.longest[kind]) watch.longest[kind] = lasted
  if (lasted > watch.bounds[kind])
    watch.violations.push(`${what}, for ${Math.round(lasted)} ms at ${Math.round(world.now)}`)
}

/** True when the machine runs, and has done so for long enough to have read its mail. */
export function isAwake(machine: Machine): boolean {
  return machine.isUp && !machine.isFrozen
}

/** True when the machine itself knows that it may hold the address, and is past its silence. */
function canHold(machine: Machine, at: number): boolean {
  const { state, name } = machine
  if (state.leaving || segmentStateOf(machine)?.quietSince !== undefined) return false
  const address = machine.state.duties[at]
  return address?.candidates.some(({ node }) => node === name) ?? false
}
