import { note } from './agenda.ts'
import type { Lease } from './api-server.ts'
import { amend } from './api-server.ts'
import type { Chance } from './chance.ts'
import { startController, stopController } from './controller.ts'
import { claimAddress, forge, replay, replayLast, speakFromAfar } from './intruder.ts'
import { cut, mendLan, pairOf } from './lan.ts'
import type { Machine } from './machine.ts'
import { boot, crash, plug, powerOff, resume, setClock, stop, tell } from './speaker.ts'
import type { World } from './world.ts'
import { keyBytes } from './world.ts'

/** What makes a fault happen: to this machine where it is about one, and as chance has it. */
type Befall = (world: World, one: Machine, chance: Chance) => void

const network = {
  loss: ({ lan }, _, chance) => void (lan.loss = chance.pick([0.01, 0.05])),
  late: ({ lan }, _, chance) => void (lan.lateMs = chance.between(5, 30)),
  doubled: ({ lan }) => void (lan.doubled = 0.1),
  split: (world, _, chance) => split(world, chance),
  oneWay: ({ lan }, one, chance) => void lan.cuts.add(pairOf(one.end, chance.pick(lan.ends))),
  isolate: ({ lan }, one) => lan.ends.forEach((other) => cut(lan, one.end, other)),
  flap: (world, one, chance) => flap(world, one, chance),
  unplug: (world, one) => plug(world, one, false),
  filter: ({ lan, machines }, one, chance) => filterHeartbeats(lan, machines, one, chance),
  backlog: (world, one, chance) => keepBack(world, one, chance),
  parted: (world, one, chance) => part(world, one, chance),
} satisfies Record<string, Befall>

const machine = {
  crash: (_, one) => crash(one),
  powerOff: (_, one) => powerOff(one),
  restart: (world, one, chance) => restart(world, one, chance),
  freeze: (world, one) => stop(world, one, 'frozen'),
  suspend: (world, one) => stop(world, one, 'suspended'),
  hiccup: (world, one, chance) => hiccup(world, one, chance),
  starve: (world, one, chance) => void (one.starvedUntil = world.now + chance.between(500, 3_000)),
  clockJump: (world, one, chance) => setClock(world, one, chance.between(200, 60_000), one.clock.rate),
  drift: (world, one, chance) => setClock(world, one, 0, chance.between(0.99, 1.01)),
} satisfies Record<string, Befall>

const api = {
  outage: ({ api: server }) => void (server.isUp = false),
  noApi: (_, one) => void (one.hasApi = false),
  hang: (_, one) => void (one.hasNews = false),
  staleView: (_, one, chance) => void (one.viewAge = 1 + chance.below(6)),
  controllerCrash: (world) => stopController(world),
} satisfies Record<string, Befall>

const trust = {
  rotateKey: (world, _, chance) => rotateKey(world, chance),
  replaceKey: (world, _, chance) => replaceKey(world, chance),
  replay: (world, _, chance) => replay(world, chance),
  forge: (world, _, chance) => forge(world, chance),
  offLink: (world) => speakFromAfar(world),
  foreign: (world, _, chance) =>
    claimAddress(world, chance.pick(world.api.leases).address, chance.between(10, 4_000)),
} satisfies Record<string, Befall>

const planned = {
  leave: (world, one) => tell(world, one, { kind: 'leave' }),
  rolling: (world) => roll(world),
  move: (world, one, chance) =>
    amend(world.api, chance.below(world.api.leases.length), { preferredNode: one.name }),
  endpoints: (world, _, chance) => chooseNodes(world, chance),
  cordon: (world, one) => mark(world, one, true),
  uncordon: (world, one) => mark(world, one, false),
  release: (world, _, chance) => amend(world.api, chance.below(world.api.leases.length), { isHeld: false }),
  lease: (world) => world.api.leases.forEach((_, at) => amend(world.api, at, { isHeld: true })),
} satisfies Record<string, Befall>

const ends = {
  heal: ({ lan }) => mendLan(lan),
  plug: (world) => world.machines.filter(({ end }) => !end.linkUp).forEach((one) => plug(world, one, true)),
  boot: (world) => world.machines.forEach((one) => boot(world, one)),
  resume: (world) => world.machines.forEach((one) => resume(world, one)),
  apiBack: (world) => giveApi(world),
  mend: (world) => endFaults(world),
} satisfies Record<string, Befall>

const all = { ...network, ...machine, ...api, ...trust, ...planned, ...ends }

export type FaultKind = keyof typeof all

export const faultKinds = Object.keys(all) as FaultKind[]
/** Those that put something right. */
export const endKinds = Object.keys(ends) as FaultKind[]
/** Those that an operator does, with everything as it should be. */
export const plannedKinds = Object.keys(planned) as FaultKind[]

/** Makes it happen. */
export function befall(world: World, kind: FaultKind, one: Machine, chance: Chance): void {
  const fault: Befall = all[kind]
  fault(world, one, chance)
}

/** Ends all faults and starts whoever is not running. */
export function endFaults(world: World): void {
  mendLan(world.lan)
  giveApi(world)
  for (const [address, until] of world.foreignUntil)
    world.foreignUntil.set(address, Math.min(until, world.now))
  for (const one of world.machines) {
    resume(world, one)
    Object.assign(one, { starvedUntil: 0 })
    one.keyFiles = { current: keyBytes(world.key) }
    if (one.isOn && !one.end.linkUp) plug(world, one, true)
    boot(world, one)
  }
}

function giveApi(world: World): void {
  world.api.isUp = true
  for (const one of world.machines) Object.assign(one, { hasApi: true, hasNews: true, viewAge: 0 })
  if (!world.controller.isUp && world.hasController) startController(world)
}

/** What was begun goes on for so long: nothing else is judged meanwhile. */
function goOn(world: World, ms: number): void {
  world.busyUntil = Math.max(world.busyUntil, world.now + ms)
}

function split(world: World, chance: Chance): void {
  const { lan } = world
  const side = new Set(lan.ends.filter(() => chance.happens(0.5)))
  lan.cuts.clear()
  for (const a of side) for (const b of lan.ends) if (!side.has(b)) cut(lan, a, b)
}

function flap(world: World, one: Machine, chance: Chance): void {
  goOn(world, 3_500)
  let at = world.now
  for (let times = 2 + chance.below(4); times > 0; times--) {
    for (const linkUp of [false, true]) {
      note(world.agenda, at, () => plug(world, one, linkUp))
      at += chance.between(10, 300)
    }
  }
}

function filterHeartbeats(
  lan: World['lan'],
  machines: readonly Machine[],
  one: Machine,
  chance: Chance,
): void {
  const isOneWay = chance.happens(0.3)
  for (const other of machines) {
    if (other === one) continue
    lan.filtered.add(pairOf(one.end, other.end))
    if (!isOneWay) lan.filtered.add(pairOf(other.end, one.end))
  }
}

/** Two that others hear do not hear each other, while addresses are moved to one of them. */
function part(world: World, one: Machine, chance: Chance): void {
  goOn(world, 300)
  const { api, lan, machines } = world
  cut(lan, one.end, chance.pick(machines).end)
  note(world.agenda, world.now + 250, () => {
    api.leases.forEach((_, at) => {
      if (chance.happens(0.5)) amend(api, at, { preferredNode: one.name })
    })
  })
}

/** A queue in a switch that does not move: what the machine says comes later, all at once; it may have restarted since. */
function keepBack(world: World, one: Machine, chance: Chance): void {
  const until = world.now + chance.between(300, 2_500)
  goOn(world, 2_600)
  world.lan.keptBack.set(one.end.number, until)
  note(world.agenda, until, () => world.lan.keptBack.delete(one.end.number))
  if (chance.happens(0.4)) return
  note(world.agenda, world.now + chance.between(50, 200), () => crash(one))
  note(world.agenda, world.now + chance.between(300, 1_500), () => boot(world, one))
}

/** The kubelet starts it again; now and then somebody repeats its last words to those who came after. */
function restart(world: World, one: Machine, chance: Chance): void {
  crash(one)
  goOn(world, 2_200)
  const at = world.now + chance.between(100, 1_500)
  note(world.agenda, at, () => {
    if (one.isOn) boot(world, one)
  })
  if (chance.happens(0.5)) note(world.agenda, at + chance.between(100, 600), () => replayLast(world))
}

/** Shorter than anyone can notice. */
function hiccup(world: World, one: Machine, chance: Chance): void {
  stop(world, one, 'frozen')
  note(world.agenda, world.now + chance.between(10, 55), () => resume(world, one))
}

/** In two steps, as the manual says: both keys first, and then the new one alone; each node hears of it at another moment. */
function rotateKey(world: World, chance: Chance): void {
  const former = keyBytes(world.key)
  const current = keyBytes(++world.key)
  for (const one of world.machines) {
    note(world.agenda, world.now + chance.between(0, 800), () => {
      one.keyFiles = { current, previous: former }
    })
    note(world.agenda, world.now + chance.between(1_000, 1_800), () => {
      one.keyFiles = { current }
    })
  }
}

function replaceKey(world: World, chance: Chance): void {
  const current = keyBytes(++world.key)
  for (const one of world.machines) {
    note(world.agenda, world.now + chance.between(0, 1_500), () => {
      one.keyFiles = { current }
    })
  }
}

export const rollEveryMs = 1_600

/** An update: one speaker after the other leaves, and another one comes in its place. */
function roll(world: World): void {
  // Who leaves and finds no successor goes after two seconds.
  goOn(world, world.machines.length * rollEveryMs + 2_500)
  world.machines.forEach((one, at) => {
    note(world.agenda, world.now + at * rollEveryMs, () => tell(world, one, { kind: 'leave' }))
    note(world.agenda, world.now + at * rollEveryMs + 700, () => {
      if (one.isOn) boot(world, one)
    })
  })
}

/** Other Pods serve a Service, on other nodes. */
function chooseNodes(world: World, chance: Chance): void {
  const at = chance.below(world.api.leases.length)
  const chosen = world.machines.filter(() => chance.happens(0.6))
  amend(world.api, at, { candidates: chosen.map(({ name }) => ({ node: name, lastResort: false })) })
}

function mark(world: World, one: Machine, lastResort: boolean): void {
  world.api.leases.forEach(({ candidates }: Lease, at) => {
    const marked = candidates.map((each) => (each.node === one.name ? { ...each, lastResort } : each))
    amend(world.api, at, { candidates: marked })
  })
}
