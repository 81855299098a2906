import type { Chance } from './chance.ts'
import { chanceOf } from './chance.ts'
import { choose, place } from './cluster.ts'
import type { Machine, World } from './world.ts'
import { boot, crash, freeze, plug, tell, thaw } from './world.ts'

/** Something that befalls the cluster, and how long it is left alone then. */
export interface Act {
  readonly kind: ActKind
  readonly seed: number
  readonly restMs: number
}

/** What can befall a cluster. Some stand more than once, to happen more often. */
export const actKinds = [
  'split',
  'split',
  'heal',
  'heal',
  'heal',
  'oneWay',
  'isolate',
  'crash',
  'boot',
  'boot',
  'freeze',
  'thaw',
  'unplug',
  'plug',
  'api',
  'hang',
  'leave',
  'move',
  'choose',
] as const

export type ActKind = (typeof actKinds)[number]

export const addressCount = 6

/** Makes it happen. */
export function befall(world: World, { kind, seed }: Act): void {
  const chance = chanceOf(seed)
  const one = chance.pick(world.machines)
  const act: Record<ActKind, () => void> = {
    split: () => split(world, chance),
    heal: () => world.cuts.clear(),
    oneWay: () => world.cuts.add(`${one.name}>${chance.pick(world.machines).name}`),
    isolate: () => world.machines.forEach((other) => cut(world, one, other)),
    crash: () => crash(one),
    boot: () => world.machines.forEach((machine) => boot(world, machine)),
    freeze: () => freeze(world, one),
    thaw: () => world.machines.forEach((machine) => thaw(world, machine)),
    unplug: () => plug(world, one, false),
    plug: () =>
      world.machines.filter(({ linkUp }) => !linkUp).forEach((machine) => plug(world, machine, true)),
    api: () => outage(world, chance),
    hang: () => void (one.hasNews = !one.hasNews),
    leave: () => tell(world, one, { kind: 'leave' }),
    move: () => place(world.cluster, chance.below(addressCount), one.name),
    choose: () =>
      choose(
        world.cluster,
        chance.below(addressCount),
        world.machines.map(({ name }) => name),
        chance,
      ),
  }
  act[kind]()
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

/** Ends all faults and starts whoever is not running. */
export function endFaults(world: World): void {
  world.cuts.clear()
  Object.assign(world, { loss: 0, apiUp: true, hasController: true })
  for (const machine of world.machines) {
    Object.assign(machine, { hasApi: true, hasNews: true })
    thaw(world, machine)
    if (!machine.linkUp) plug(world, machine, true)
    boot(world, machine)
  }
}
