import type { Effect } from '../../src/core/election/effect.ts'
import type { Segment, SpeakerEvent } from '../../src/core/election/event.ts'
import { keyOf } from '../../src/core/election/key.ts'
import type { SegmentState, SpeakerState } from '../../src/core/election/state.ts'
import { dueAt, start, step } from '../../src/core/election/step.ts'
import type { Address } from '../../src/core/ip/address.ts'
import type { Heartbeat } from '../../src/core/wire/heartbeat.ts'
import { decodeHeartbeat, encodeHeartbeat, maxHeartbeatBytes } from '../../src/core/wire/heartbeat.ts'
import { mostTagBytes } from '../../src/core/wire/signed.ts'
import type { Chance } from './chance.ts'
import type { Cluster } from './cluster.ts'
import { addressAt, clusterOf, follow } from './cluster.ts'

/** One speaker and the machine it runs on. */
export interface Machine {
  readonly name: string
  readonly mac: bigint
  state: SpeakerState
  isUp: boolean
  isFrozen: boolean
  linkUp: boolean
  /** Reaches the API server, and hears of changes there. A connection may hang: contact without news. */
  hasApi: boolean
  hasNews: boolean
  knowsContact: boolean
  bootedAt: number
  frozenAt: number
  awakeSince: number
  /** Addresses answered for, as the effects said. */
  answering: ReadonlySet<number>
  readonly unread: SpeakerEvent[]
  tickAt: number
  newsAt: number
}

/** Everything there is, and what is on its way. */
export interface World {
  readonly chance: Chance
  readonly machines: readonly Machine[]
  readonly cluster: Cluster
  readonly cuts: Set<string>
  readonly flying: { at: number; to: Machine; boot: number; event: SpeakerEvent }[]
  now: number
  loss: number
  apiUp: boolean
  hasController: boolean
  controllerAt: number
  /** How often what some machine answers for changed. */
  changes: number
  /** Claims that machines saw and that no bid explained to them. */
  readonly unexplained: { readonly by: Machine; readonly claim: Extract<Effect, { kind: 'conflict' }> }[]
  /** Effects that should never be seen. */
  readonly oddities: string[]
}

export function worldOf(chance: Chance, nodes: number, addresses: number): World {
  const names = Array.from({ length: nodes }, (_, at) => `node-${at + 1}`)
  const world: World = {
    chance,
    machines: names.map((name, at) => machineOf(name, BigInt(at + 1))),
    cluster: clusterOf(names, addresses),
    cuts: new Set(),
    flying: [],
    now: 0,
    loss: 0,
    apiUp: true,
    hasController: true,
    controllerAt: 0,
    changes: 0,
    unexplained: [],
    oddities: [],
  }
  for (const machine of world.machines) boot(world, machine)
  return world
}

function machineOf(name: string, number: bigint): Machine {
  return {
    name,
    mac: 0x020000000000n + number,
    state: start({ node: name, nonce: 0n, intervalMs: 50, missed: 3 }, 0),
    isUp: false,
    isFrozen: false,
    linkUp: true,
    hasApi: true,
    hasNews: true,
    knowsContact: false,
    bootedAt: 0,
    frozenAt: 0,
    awakeSince: 0,
    answering: new Set(),
    unread: [],
    tickAt: Infinity,
    newsAt: 0,
  }
}

/** Starts a speaker that is not running: a new session. */
export function boot(world: World, machine: Machine): void {
  if (machine.isUp) return
  const nonce = BigInt(world.chance.below(2 ** 32)) * 2n ** 31n + 1n
  machine.state = start({ node: machine.name, nonce, intervalMs: 50, missed: 3 }, world.now)
  Object.assign(machine, { isUp: true, isFrozen: false, knowsContact: false, answering: new Set<number>() })
  Object.assign(machine, { bootedAt: world.now, awakeSince: world.now, newsAt: world.now + 20 })
  machine.unread.length = 0
  tell(world, machine, { kind: 'segments', segments: [segmentOf(machine)] })
}

/** Ends a speaker without a word. */
export function crash(machine: Machine): void {
  Object.assign(machine, { isUp: false, answering: new Set<number>(), tickAt: Infinity })
}

/** Pulls or plugs the cable. */
export function plug(world: World, machine: Machine, linkUp: boolean): void {
  machine.linkUp = linkUp
  tell(world, machine, { kind: 'segments', segments: [segmentOf(machine)] })
}

/** Stops a machine where it is: what comes meanwhile is read later. */
export function freeze(world: World, machine: Machine): void {
  if (!machine.isUp || machine.isFrozen) return
  machine.isFrozen = true
  machine.frozenAt = world.now
}

/** Lets a frozen machine go on: it reads what has queued up, then ticks. */
export function thaw(world: World, machine: Machine): void {
  if (!machine.isFrozen) return
  machine.isFrozen = false
  // Peers take it for dead after what it promised, which is four times fifty milliseconds at most.
  if (world.now > machine.frozenAt + 600 + 50) machine.awakeSince = world.now
  for (const event of machine.unread.splice(0)) tell(world, machine, event)
  tell(world, machine, { kind: 'tick' })
}

/** Gives an event to a machine and carries out what comes of it. */
export function tell(world: World, machine: Machine, event: SpeakerEvent): void {
  if (!machine.isUp) return
  if (machine.isFrozen) return void machine.unread.push(event)
  const [state, effects] = step(machine.state, event, world.now)
  machine.state = state
  for (const effect of effects) carryOut(world, machine, effect)
  const late = world.chance.happens(0.02) ? 30 : 3
  machine.tickAt = machine.isUp ? Math.max(dueAt(state), world.now) + world.chance.between(0, late) : Infinity
}

/** Runs until a moment: one thing at a time, in order of time. */
export function runUntil(world: World, until: number, look: (world: World) => void): void {
  for (;;) {
    const next = nextAt(world)
    if (next > until) break
    world.now = Math.max(world.now, next)
    deliver(world)
    for (const machine of world.machines) tickIfDue(world, machine)
    followIfDue(world)
    look(world)
  }
  world.now = until
}

function nextAt(world: World): number {
  let next = world.hasController ? world.controllerAt : Infinity
  for (const { at } of world.flying) next = Math.min(next, at)
  for (const machine of world.machines) {
    if (machine.isUp && !machine.isFrozen) next = Math.min(next, machine.tickAt, machine.newsAt)
  }
  return next
}

function deliver(world: World): void {
  const landed = world.flying.filter(({ at }) => at <= world.now)
  if (landed.length === 0) return
  const flying = world.flying.filter(({ at }) => at > world.now)
  world.flying.splice(0, Infinity, ...flying)
  for (const { to, boot: bootedAt, event } of landed) {
    if (to.bootedAt === bootedAt && to.linkUp) tell(world, to, event)
  }
}

function tickIfDue(world: World, machine: Machine): void {
  if (!machine.isUp || machine.isFrozen) return
  if (machine.newsAt <= world.now) readNews(world, machine)
  if (machine.tickAt <= world.now) tell(world, machine, { kind: 'tick' })
}

/** What a speaker's watch brings: all duties as they are, at moments of its own. */
function readNews(world: World, machine: Machine): void {
  machine.newsAt = world.now + world.chance.between(20, 250)
  const contact = world.apiUp && machine.hasApi
  if (contact !== machine.knowsContact) {
    machine.knowsContact = contact
    tell(world, machine, { kind: 'contact', contact })
  }
  if (!contact || !machine.hasNews) return
  tell(world, machine, { kind: 'duties', duties: [...world.cluster.duties.values()] })
}

function followIfDue(world: World): void {
  if (!world.hasController || world.controllerAt > world.now) return
  world.controllerAt = world.now + 400
  if (!world.apiUp) return
  const seen = world.machines.filter((machine) => machine.isUp && machine.hasApi)
  follow(world.cluster, (at) => seen.filter((machine) => announces(machine, at)).map(({ name }) => name))
}

function segmentOf(machine: Machine): Segment {
  const subnet = { family: 'IPv4', first: 0x0a4d0000n, last: 0x0a4dffffn } as const
  return { interface: 'eth0', mac: machine.mac, up: machine.linkUp, prefixes: [subnet], addresses: [] }
}

function carryOut(world: World, from: Machine, effect: Effect): void {
  if (effect.kind === 'heartbeat') sendHeartbeat(world, from, effect.heartbeat)
  if (effect.kind === 'announce') sendGratuitous(world, from, effect.address)
  if (effect.kind === 'conflict') world.unexplained.push({ by: from, claim: effect })
  if (effect.kind === 'left') crash(from)
  if (effect.kind !== 'holdings') return
  world.changes++
  from.answering = new Set(effect.answering.map(({ address }) => Number(address.value)))
}

/** Heartbeats go through the real codec. */
function sendHeartbeat(world: World, from: Machine, sent: Heartbeat): void {
  const bytes = encodeHeartbeat(sent)
  const heartbeat = decodeHeartbeat(bytes)
  if (bytes.length + mostTagBytes > maxHeartbeatBytes)
    world.oddities.push(`a heartbeat of ${bytes.length} bytes`)
  if (heartbeat === undefined) world.oddities.push('a heartbeat that cannot be read')
  else broadcast(world, from, { kind: 'heartbeat', interface: 'eth0', heartbeat })
}

function sendGratuitous(world: World, from: Machine, address: Address): void {
  const isAnswered = from.answering.has(Number(address.value))
  if (!isAnswered) world.oddities.push(`${from.name} announces an address that it does not answer for`)
  broadcast(world, from, { kind: 'claim', interface: 'eth0', address, mac: from.mac })
}

function broadcast(world: World, from: Machine, event: SpeakerEvent): void {
  if (!from.linkUp) return
  for (const to of world.machines) {
    if (to === from || !to.isUp || !to.linkUp || world.cuts.has(`${from.name}>${to.name}`)) continue
    if (!world.chance.happens(world.loss)) fly(world, to, event)
    if (world.chance.happens(world.loss / 4)) fly(world, to, event)
  }
}

/** A frame lands within a millisecond or two; a few of those that may be lost are merely late. */
function fly(world: World, to: Machine, event: SpeakerEvent): void {
  const late = world.chance.happens(world.loss / 4) ? 40 : 1.5
  world.flying.push({ at: world.now + world.chance.between(0.1, late), to, boot: to.bootedAt, event })
}

export function segmentStateOf(machine: Machine): SegmentState | undefined {
  return machine.state.segments.get('eth0')
}

/** True when the machine announces the address and does not merely yield it. */
export function announces(machine: Machine, at: number): boolean {
  const address = addressAt(at)
  if (!machine.isUp || !machine.answering.has(Number(address.value))) return false
  return segmentStateOf(machine)?.holdings.get(keyOf(address))?.phase === 'announcing'
}

/** True when the machine answers for the address, announcing or yielding. */
export function answers(machine: Machine, at: number): boolean {
  return machine.isUp && machine.linkUp && machine.answering.has(Number(addressAt(at).value))
}

/** True when frames go both ways between two running machines. */
export function hearEachOther({ cuts }: World, a: Machine, b: Machine): boolean {
  if (a === b) return true
  const apart = cuts.has(`${a.name}>${b.name}`) || cuts.has(`${b.name}>${a.name}`)
  return a.linkUp && b.linkUp && !apart
}
