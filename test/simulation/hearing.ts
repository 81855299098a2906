import { answer, claimedBy, isAnswerToProbe, isProbe } from '../../src/core/announcement/answer.ts'
import {
  answerSolicitation,
  claimantAt,
  claimAt,
  isAnswerToSolicitation,
} from '../../src/core/announcement/answer-solicitation.ts'
import { advertisementBytes } from '../../src/core/announcement/advertise.ts'
import { hearAnswer, hearClaim, inquire } from '../../src/core/announcement/inquiry.ts'
import type { InquiryEffect } from '../../src/core/announcement/inquiry.ts'
import type { Effect } from '../../src/core/election/effect.ts'
import type { SpeakerEvent } from '../../src/core/election/event.ts'
import { keyOf } from '../../src/core/election/key.ts'
import { hearStranger, newStrangers } from '../../src/core/election/strangers.ts'
import { isUndisputed } from '../../src/core/election/undisputed.ts'
import type { Address } from '../../src/core/ip/address.ts'
import { readMac } from '../../src/core/wire/ethernet.ts'
import { readIpv6 } from '../../src/core/wire/ipv6.ts'
import { probeFrame, readHeartbeat } from './frames.ts'
import type { HeartbeatFrame } from './frames.ts'
import type { End, Frame } from './lan.ts'
import { send } from './lan.ts'
import { clockOf, nic } from './machine.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

const sourceMacAt = 6
const senderMacAt = 22
/** As the real loop, which does so when it looks at the interfaces. */
const lookEveryMs = 1_000

/** What a speaker makes of a frame on the heartbeat port; nothing when it does not believe it. */
export function hearHeartbeat(
  world: World,
  machine: Machine,
  frame: HeartbeatFrame,
): SpeakerEvent | undefined {
  const heartbeat = readHeartbeat(frame, machine.keys.keys)
  if (typeof heartbeat !== 'object') {
    world.counts.unbelieved++
    if (heartbeat === 'badSignature') noteStranger(machine, frame, clockOf(machine, world.now))
    return undefined
  }
  if (!frame.isGenuine) world.oddities.push(`${machine.name} believes a heartbeat that no speaker made`)
  return { kind: 'heartbeat', interface: nic, heartbeat }
}

function noteStranger({ process }: Machine, { bytes }: HeartbeatFrame, now: number): void {
  const sender = { interface: nic, mac: readMac(bytes, sourceMacAt) }
  hearStranger(process.strangers, sender, () => undefined, now)
}

/** Those whose heartbeats cannot be verified, when there is news of them; it is looked for once a second. */
export function strangersNow(world: World, machine: Machine): readonly SpeakerEvent[] {
  const { process } = machine
  const now = clockOf(machine, world.now)
  if (now < process.lookAt) return []
  process.lookAt = now + lookEveryMs
  const strangers = newStrangers(process.strangers, now)
  return strangers ? [{ kind: 'strangers', macs: new Set(strangers.map(({ mac }) => mac)) }] : []
}

/** Answers a frame of ARP or Neighbor Discovery, as the real loop does; what it claims, and what it answers, is for the election. */
export function hearFrame(
  world: World,
  machine: Machine,
  { kind, bytes }: Frame,
  from: End,
): SpeakerEvent | undefined {
  const claim = kind === 'arp' ? hearArp(world, machine, bytes, from) : hearNdp(world, machine, bytes, from)
  if (claim === undefined || claim.mac === machine.mac) return undefined
  const { address, mac, isAnswer } = claim
  const isWatched = machine.process.state.duties.some((duty) => keyOf(duty.address) === keyOf(address))
  if (!isWatched) return undefined
  const sighting = { interface: nic, address, mac }
  return { kind: isAnswer ? 'answer' : 'claim', ...sighting }
}

/** An answer, once the election has taken it in. */
export function noteAnswer(
  world: World,
  machine: Machine,
  { address, mac }: Extract<SpeakerEvent, { kind: 'answer' }>,
): void {
  const { inquiry } = machine.process
  const sighting = { interface: nic, address, mac }
  takeIn(world, machine, hearAnswer(inquiry, sighting, isFree(machine), clockOf(machine, world.now)))
}

/** Asks everyone who has the address: whoever answers for it tells so. */
export function askFor(world: World, machine: Machine, address: Address): void {
  world.counts.probes++
  send(world.lan, world, machine.end, probeFrame(machine.mac, address))
}

interface Claim {
  readonly address: Address
  readonly mac: bigint
  readonly isAnswer: boolean
}

function hearArp(world: World, machine: Machine, bytes: Uint8Array, from: End): Claim | undefined {
  const reply = new Uint8Array(60)
  const holds = (ipv4: number): boolean => machine.process.answering.has(ipv4)
  if (answer(bytes, bytes.length, machine.macBytes, holds, reply) === true)
    send(world.lan, world, machine.end, { kind: 'arp', bytes: reply }, from)
  const sender = claimedBy(bytes, bytes.length)
  // Who asks from no address asks whether it is free, as our own speakers do.
  if (sender === -1 || isProbe(bytes)) return undefined
  const address = { family: 'IPv4', value: BigInt(sender) } as const
  return { address, mac: readMac(bytes, senderMacAt), isAnswer: isAnswerToProbe(bytes, machine.macBytes) }
}

function hearNdp(world: World, machine: Machine, bytes: Uint8Array, from: End): Claim | undefined {
  const reply = new Uint8Array(advertisementBytes)
  const outcome = answerSolicitation(bytes, bytes.length, machine.macBytes, machine.process.holds, reply)
  if (outcome === true) send(world.lan, world, machine.end, { kind: 'ndp', bytes: reply }, from)
  const at = claimAt(bytes, bytes.length)
  if (at === -1) return undefined
  const address = { family: 'IPv6', value: readIpv6(bytes, at) } as const
  const isAnswer = isAnswerToSolicitation(bytes, machine.macBytes)
  return { address, mac: readMac(bytes, claimantAt(bytes)), isAnswer }
}

/** Puts the question who else answers, when one is due. */
export function inquireNow(world: World, machine: Machine): void {
  const now = clockOf(machine, world.now)
  takeIn(world, machine, inquire(machine.process.inquiry, isFree(machine), now))
}

/** A claim that the election could not explain. */
export function noteClaimOf(
  world: World,
  machine: Machine,
  { address, mac }: Extract<Effect, { kind: 'conflict' }>,
): void {
  const sighting = { interface: nic, address, mac }
  takeIn(world, machine, hearClaim(machine.process.inquiry, sighting, clockOf(machine, world.now)))
}

function takeIn(world: World, machine: Machine, effects: readonly InquiryEffect[]): void {
  for (const effect of effects) {
    if (effect.kind === 'probe') askFor(world, machine, effect.address)
    else if (effect.kind === 'conflict') world.witness.hearsOf(machine, effect)
  }
}

function isFree({ process }: Machine): (name: string, address: Address) => boolean {
  return (name, address) => isUndisputed(process.state, name, address)
}
