import { inquiryDueAt } from '../../src/core/announcement/inquiry.ts'
import type { Segment, SpeakerEvent } from '../../src/core/election/event.ts'
import { dueAt, step } from '../../src/core/election/step.ts'
import { note } from './agenda.ts'
import { carryOut } from './carry-out.ts'
import { hearFrame, hearHeartbeat, inquireNow, noteAnswer, strangersNow } from './hearing.ts'
import type { HeartbeatFrame } from './frames.ts'
import type { End, Frame } from './lan.ts'
import { clockOf, isAwake, machineOf, momentOf, newProcess, nic } from './machine.ts'
import type { Machine } from './machine.ts'
import { lookAround } from './main-thread.ts'
import type { World } from './world.ts'
import { keyBytes } from './world.ts'

/** A socket holds so many frames; what comes then is lost. */
const socketFrames = 256

/** A node on the LAN, switched on; its speaker is not started. */
export function addMachine(world: World, name: string): Machine {
  const number = world.lan.ends.length
  const end: End = {
    number,
    name,
    linkUp: true,
    receive: (frame, from) => receive(world, machine, frame, from),
  }
  const machine = machineOf(number, end, keyBytes(world.key))
  world.lan.ends.push(end)
  world.machines.push(machine)
  return machine
}

/** Starts the speaker, if it does not run: a new session. */
export function boot(world: World, machine: Machine): void {
  if (machine.isUp) return
  const nonce = BigInt(world.chance.below(2 ** 32)) * 2n ** 31n + 1n
  const { name } = machine
  machine.process = newProcess(name, nonce, clockOf(machine, world.now), world.now)
  Object.assign(machine, { isOn: true, isUp: true, stopped: 'no', stalledUntil: 0 })
  machine.end.linkUp = true
  emptyInbox(machine)
  lookAround(world, machine, tell)
  tell(world, machine, { kind: 'segments', segments: [segmentOf(machine)] })
}

/** Ends the speaker without a word; its node goes on forwarding. */
export function crash(machine: Machine): void {
  Object.assign(machine, { isUp: false, stopped: 'no' })
  machine.process.answering = new Set()
  machine.process.wakeAt = Infinity
  emptyInbox(machine)
}

/** Ends the whole node. */
export function powerOff(machine: Machine): void {
  crash(machine)
  machine.isOn = false
  machine.end.linkUp = false
}

/** Pulls or plugs the cable: the kernel tells the speaker. */
export function plug(world: World, machine: Machine, linkUp: boolean): void {
  if (!machine.isOn) return
  machine.end.linkUp = linkUp
  tell(world, machine, { kind: 'segments', segments: [segmentOf(machine)] })
}

/** Stops the speaker where it is (SIGSTOP); or its whole virtual machine, whose clock then stands still, too. */
export function stop(world: World, machine: Machine, how: 'frozen' | 'suspended'): void {
  if (!isAwake(machine)) return
  machine.stopped = how
  machine.stoppedAt = world.now
}

/** Lets it go on. */
export function resume(world: World, machine: Machine): void {
  if (machine.stopped === 'no') return
  const lastedMs = world.now - machine.stoppedAt
  if (machine.stopped === 'suspended') machine.clock.offset -= lastedMs * machine.clock.rate
  machine.stopped = 'no'
  turn(world, machine)
  lookAround(world, machine, tell)
}

/** Has the clock of the machine show another time from now on, and run at another rate. */
export function setClock(world: World, machine: Machine, aheadMs: number, rate: number): void {
  const shown = clockOf(machine, world.now) + aheadMs
  machine.clock.rate = rate
  machine.clock.offset = shown - rate * world.now
  wakeAt(world, machine, world.now)
}

/** Gives the wire thread something from the main thread. */
export function tell(world: World, machine: Machine, event: SpeakerEvent): void {
  if (!machine.isUp) return
  machine.inbox.messages.push(event)
  turn(world, machine)
}

function receive(world: World, machine: Machine, frame: Frame, from: End): void {
  if (!machine.isUp) return
  const { inbox } = machine
  if (frame.kind !== 'heartbeat') {
    if (inbox.frames.length < socketFrames) inbox.frames.push({ frame, from })
  } else if (inbox.heartbeats.length < socketFrames) {
    inbox.heartbeats.push(frame as HeartbeatFrame)
  }
  turn(world, machine)
}

function emptyInbox({ inbox }: Machine): void {
  inbox.heartbeats.length = 0
  inbox.messages.length = 0
  inbox.frames.length = 0
}

/** One turn of the loop, in the order of the real one: heartbeats, the clock, messages, frames, questions. */
function turn(world: World, machine: Machine): void {
  if (!isAwake(machine) || isStalled(world, machine)) return
  const { inbox, process } = machine
  for (const frame of inbox.heartbeats.splice(0)) {
    const event = hearHeartbeat(world, machine, frame)
    if (event !== undefined) take(world, machine, event)
  }
  if (momentOf(machine, dueAt(process.state)) <= world.now - process.lateMs)
    take(world, machine, { kind: 'tick' })
  for (const event of inbox.messages.splice(0)) take(world, machine, event)
  hearFrames(world, machine)
  for (const event of strangersNow(world, machine)) take(world, machine, event)
  inquireNow(world, machine)
  if (machine.isUp) sleep(world, machine)
}

function hearFrames(world: World, machine: Machine): void {
  for (const { frame, from } of machine.inbox.frames.splice(0)) {
    const event = hearFrame(world, machine, frame, from)
    if (event === undefined) continue
    take(world, machine, event)
    if (event.kind === 'answer') noteAnswer(world, machine, event)
  }
}

/** Whoever is short of processors is late with everything, now and then by a lot. */
function isStalled(world: World, machine: Machine): boolean {
  const { chance, now } = world
  if (now >= machine.stalledUntil && now < machine.starvedUntil && chance.happens(0.04))
    machine.stalledUntil = now + chance.between(5, 130)
  if (now >= machine.stalledUntil) return false
  wakeAt(world, machine, machine.stalledUntil)
  return true
}

function take(world: World, machine: Machine, event: SpeakerEvent): void {
  if (!machine.isUp) return
  const { process } = machine
  const before = process.state
  const [state, effects] = step(before, event, clockOf(machine, world.now))
  world.counts.steps++
  process.state = state
  world.witness.sees(machine, { event, before, effects })
  if (event.kind === 'tick') process.lateMs = world.chance.between(0, world.chance.happens(0.02) ? 25 : 2)
  for (const effect of effects) {
    carryOut(world, machine, effect)
    if (effect.kind === 'left') crash(machine)
  }
}

function sleep(world: World, machine: Machine): void {
  const { process } = machine
  const due = momentOf(machine, dueAt(process.state)) + process.lateMs
  wakeAt(world, machine, Math.min(due, momentOf(machine, inquiryDueAt(process.inquiry))))
}

function wakeAt(world: World, machine: Machine, at: number): void {
  const { process } = machine
  const wakes = Math.max(at, world.now) + 0.01
  if (wakes >= process.wakeAt && process.wakeAt > world.now) return
  if (wakes === Infinity) return
  process.wakeAt = wakes
  note(world.agenda, wakes, () => {
    if (machine.process !== process || process.wakeAt !== wakes) return
    process.wakeAt = Infinity
    turn(world, machine)
  })
}

function segmentOf({ mac, end }: Machine): Segment {
  const prefixes = [
    { family: 'IPv4', first: 0x0a4d0000n, last: 0x0a4dffffn },
    { family: 'IPv6', first: 0xfd00_0010n * 2n ** 96n, last: 0xfd00_0011n * 2n ** 96n - 1n },
  ] as const
  return { interface: nic, mac, up: end.linkUp, prefixes, addresses: [] }
}
