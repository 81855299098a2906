import type { Chance } from './chance.ts'
import { chanceOf } from './chance.ts'
import { choose, place } from './cluster.ts'
import type { Bounds } from './invariants.ts'
import { isAwake, look, watchOf } from './invariants.ts'
import type { Machine, World } from './world.ts'
import {
  announces,
  answers,
  boot,
  crash,
  plug,
  runUntil,
  segmentStateOf,
  tell,
  thaw,
  worldOf,
} from './world.ts'

/** Something that befalls the cluster, and how long it is left alone then. */
export interface Act {
  readonly kind: (typeof kinds)[number]
  readonly seed: number
  readonly restMs: number
}

/** One story: what the cluster is like, and what befalls it. Told again it goes the same way. */
export interface History {
  readonly seed: number
  readonly nodes: number
  readonly loss: number
  readonly hasController: boolean
  readonly acts: readonly Act[]
}

/** What became of a history. */
export interface Outcome {
  readonly violations: readonly string[]
  readonly longest: { readonly twoHolders: number; readonly noHolder: number }
}

const kinds = [
  ...['split', 'heal', 'heal', 'oneWay', 'isolate', 'crash', 'boot', 'boot', 'freeze', 'thaw'],
  ...['unplug', 'plug', 'api', 'hang', 'leave', 'move', 'choose'],
] as const
const addresses = 6

export function historyOf(seed: number): History {
  const chance = chanceOf(seed)
  const nodes = 2 + chance.below(4)
  const loss = chance.pick([0, 0, 0.01, 0.05])
  const acts = Array.from({ length: 3 + chance.below(8) }, () => ({
    kind: chance.pick(kinds),
    seed: chance.below(2 ** 31),
    restMs: chance.happens(0.3) ? chance.between(0, 300) : chance.between(800, 2_000),
  }))
  return { seed, nodes, loss, hasController: chance.happens(0.6), acts }
}

/** Plays a history, then lets all faults end and looks whether everything settles. */
export function play(history: History, bounds: Bounds): Outcome {
  const world = worldOf(chanceOf(history.seed ^ 0x5eed), history.nodes, addresses)
  const watch = watchOf(bounds)
  const rest = (ms: number): void => runUntil(world, world.now + ms, () => look(watch, world))
  Object.assign(world, { loss: history.loss, hasController: history.hasController })
  rest(1_500)
  let isCalm = true
  for (const act of history.acts) {
    const before = soleHolders(world)
    befall(world, act)
    rest(act.restMs)
    const wasCalm = isCalm && history.loss === 0
    isCalm = act.restMs > 800
    if (wasCalm && isCalm) watch.violations.push(...movedWithoutCause(world, act, before))
    if (watch.violations.length > 0) break
  }
  if (watch.violations.length === 0) {
    endFaults(world)
    // Long enough for one that was leaving to have left, and to be started again.
    rest(2_500)
    endFaults(world)
    rest(4_000)
    watch.violations.push(...unsettled(world, rest))
  }
  return { violations: watch.violations, longest: watch.longest }
}

/** The same history with as little as possible befalling that still goes wrong. */
export function shrink(history: History, bounds: Bounds): History {
  for (let at = 0; at < history.acts.length; at++) {
    const fewer = { ...history, acts: history.acts.filter((_, index) => index !== at) }
    if (play(fewer, bounds).violations.length > 0) return shrink(fewer, bounds)
  }
  return history
}

function befall(world: World, { kind, seed }: Act): void {
  const chance = chanceOf(seed)
  const one = chance.pick(world.machines)
  const act: Record<string, () => void> = {
    split: () => split(world, chance),
    heal: () => world.cuts.clear(),
    oneWay: () => world.cuts.add(`${one.name}>${chance.pick(world.machines).name}`),
    isolate: () => world.machines.forEach((other) => cut(world, one, other)),
    crash: () => crash(one),
    boot: () => world.machines.forEach((machine) => boot(world, machine)),
    freeze: () => void (one.isFrozen = one.isUp),
    thaw: () => world.machines.forEach((machine) => thaw(world, machine)),
    unplug: () => plug(world, one, false),
    plug: () =>
      world.machines.filter(({ linkUp }) => !linkUp).forEach((machine) => plug(world, machine, true)),
    api: () => outage(world, chance),
    hang: () => void (one.hasNews = !one.hasNews),
    leave: () => tell(world, one, { kind: 'leave' }),
    move: () => place(world.cluster, chance.below(addresses), one.name),
    choose: () =>
      choose(
        world.cluster,
        chance.below(addresses),
        world.machines.map(({ name }) => name),
        chance,
      ),
  }
  act[kind]?.()
}

function split(world: World, chance: Chance): void {
  const side = new Set(world.machines.filter(() => chance.happens(0.5)))
  world.cuts.clear()
  for (const a of side) for (const b of world.machines) if (!side.has(b)) cut(world, a, b)
}

function cut(world: World, a: Machine, b: Machine): void {
  if (a !== b) world.cuts.add(`${a.name}>${b.name}`).add(`${b.name}>${a.name}`)
}

function outage(world: World, chance: Chance): void {
  world.apiUp = chance.happens(0.5)
  for (const machine of world.machines) machine.hasApi = chance.happens(0.7)
}

function endFaults(world: World): void {
  world.cuts.clear()
  Object.assign(world, { loss: 0, apiUp: true, hasController: true })
  for (const machine of world.machines) {
    Object.assign(machine, { hasApi: true, hasNews: true })
    thaw(world, machine)
    if (!machine.linkUp) plug(world, machine, true)
    boot(world, machine)
  }
}

/** Addresses with one holder anywhere, which is awake and in its place as far as the API server knows. */
function soleHolders(world: World): ReadonlyMap<number, Machine> {
  const sole = new Map<number, Machine>()
  for (const [at, duty] of world.cluster.duties) {
    const [holder, ...others] = world.machines.filter((machine) => announces(machine, at))
    if (holder === undefined || others.length > 0 || !isAwake(holder) || holder.state.leaving) continue
    const knows = world.machines.every((one) => !one.isUp || one.state.duties[at] === duty)
    if (duty.candidates.some(({ node }) => node === holder.name) && knows) sole.set(at, holder)
  }
  return sole
}

/** The end of a fault is no reason to move: who alone held an address before still holds it. */
function movedWithoutCause(world: World, act: Act, before: ReadonlyMap<number, Machine>): readonly string[] {
  // Across a cut that is still there, taking an address is no mistake.
  if (world.cuts.size > 0 || !['heal', 'boot', 'thaw', 'plug', 'api', 'hang'].includes(act.kind)) return []
  return [...before].flatMap(([at, holder]) => {
    const moved = !announces(holder, at) || world.machines.some((one) => one !== holder && announces(one, at))
    return moved ? [`address ${at} moved away from ${holder.name} on ${act.kind}`] : []
  })
}

/** What has not settled long after the last fault. */
function unsettled(world: World, rest: (ms: number) => void): readonly string[] {
  const wrong: string[] = []
  for (const [at, { candidates, placement }] of world.cluster.duties) {
    const holders = world.machines.filter((machine) => answers(machine, at)).map(({ name }) => name)
    if (holders.length !== Math.min(candidates.length, 1))
      wrong.push(`address ${at} ends with ${holders.join(' and ') || 'nobody'}`)
    else if (holders.length === 1 && placement?.node !== holders[0])
      wrong.push(`address ${at} ends off its placement`)
  }
  for (const machine of world.machines) {
    const sessions = [...(segmentStateOf(machine)?.sessions.values() ?? [])]
    const live = sessions.filter(({ liveSince }) => liveSince !== undefined)
    if (live.length !== world.machines.length - 1)
      wrong.push(`${machine.name} ends with ${live.length} peers`)
    if (live.some((one) => one.saidDigest !== one.knownDigest))
      wrong.push(`${machine.name} ends with a gap in a table`)
  }
  const changes = world.changes
  rest(1_000)
  return world.changes === changes ? wrong : [...wrong, 'addresses go on changing hands after the end']
}
