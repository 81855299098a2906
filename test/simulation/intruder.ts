import { answer } from '../../src/core/announcement/answer.ts'
import type { Address } from '../../src/core/ip/address.ts'
import { macBytes } from '../../src/core/wire/ethernet.ts'
import type { Heartbeat } from '../../src/core/wire/heartbeat.ts'
import { decodeUdpFrame } from '../../src/core/wire/ipv4-udp.ts'
import { mostTagBytes } from '../../src/core/wire/signed.ts'
import { note } from './agenda.ts'
import type { Chance } from './chance.ts'
import { announcementFrames, datagramFrame, heartbeatFrame } from './frames.ts'
import type { HeartbeatFrame } from './frames.ts'
import type { End } from './lan.ts'
import { send } from './lan.ts'
import type { World } from './world.ts'
import { keyBytes } from './world.ts'

/*
 * Two that do not belong to the cluster: somebody who records heartbeats and sends them again, or makes up his own
 * without the key; and a host that has one of our addresses, or says so.
 */

const intruder: End = { number: 250, name: 'intruder', linkUp: true, receive: () => undefined }
const intruderMac = 0x02000000dead0n
export const strangerMac = 0x02000000bad0n

/** Sends recorded heartbeats again, those of sessions that are over among them. */
export function replay(world: World, chance: Chance): void {
  for (let sent = 0; sent < 40; sent++) {
    const frame = world.recorded[chance.below(world.recorded.length)]
    if (frame !== undefined) later(world, chance.between(0, 400), () => inject(world, frame))
  }
}

/** The newest of what is recorded, once more: the last words of whoever is gone. */
export function replayLast(world: World): void {
  for (const frame of world.recorded.slice(-30)) inject(world, frame)
}

/** Makes up heartbeats: signed with another key, changed, cut short, or plain noise. */
export function forge(world: World, chance: Chance): void {
  for (let sent = 0; sent < 30; sent++) {
    const model = world.recorded[chance.below(world.recorded.length)]
    if (model === undefined) return
    const forged = forgedFrom(model, chance, world)
    later(world, chance.between(0, 400), () => inject(world, forged))
  }
}

/** Heartbeats that passed a router: all is right about them but the TTL. */
export function speakFromAfar(world: World): void {
  for (const { bytes } of world.recorded.slice(-30)) {
    const payload = payloadOf(bytes)
    inject(world, datagramFrame(intruderMac, payload, 254))
  }
}

function forgedFrom({ bytes }: HeartbeatFrame, chance: Chance, world: World): HeartbeatFrame {
  const payload = payloadOf(bytes).slice()
  const how = chance.below(4)
  // The tags are behind: of two, one is enough, and to spoil the other changes nothing.
  if (how === 0) payload[chance.below(payload.length - mostTagBytes)]! ^= 1 << chance.below(8)
  if (how === 1) return datagramFrame(intruderMac, payload.subarray(0, chance.below(payload.length)), 255)
  if (how === 2) return heartbeatFrame(intruderMac, madeUp(world, chance), { current: keyBytes(99) })
  if (how === 3) payload.fill(chance.below(256), 4)
  return datagramFrame(intruderMac, payload, 255)
}

/** Somebody's bids for everything, by the newest placement there could be. */
function madeUp(world: World, chance: Chance): Heartbeat {
  const flags = { leaving: false, quiet: false, contact: true }
  const strong = { leaving: false, yielding: false, contact: true, revision: 1_000_000, support: 99, term: 1 }
  return {
    node: chance.pick(world.machines).name,
    nonce: 77n,
    sequence: 1_000_000,
    intervalMs: 50,
    digest: 0,
    ...flags,
    hears: [],
    bids: world.api.leases.map(({ address }) => ({ address, ...strong })),
    withdrawn: [],
    page: undefined,
  }
}

function payloadOf(bytes: Uint8Array): Uint8Array {
  const datagram = decodeUdpFrame(bytes, bytes.length)
  return typeof datagram === 'object' ? datagram.payload : bytes
}

function inject(world: World, frame: HeartbeatFrame): void {
  send(world.lan, world, intruder, frame)
}

/** Adds a host that says that an address is its own for so long, and answers for it. */
export function claimAddress(world: World, address: Address, forMs: number): void {
  const until = world.now + forMs
  world.foreignUntil.set(address.value, until)
  const end = strangerOn(world)
  const claim = (): void => {
    if (world.now > until) return
    for (const frame of announcementFrames(strangerMac, address)) send(world.lan, world, end, frame)
    later(world, 700, claim)
  }
  claim()
}

function strangerOn(world: World): End {
  const known = world.lan.ends.find(({ name }) => name === 'stranger')
  if (known !== undefined) return known
  const end: End = {
    number: world.lan.ends.length,
    name: 'stranger',
    linkUp: true,
    receive: ({ kind, bytes }, from) => {
      const reply = new Uint8Array(60)
      const holds = (ipv4: number): boolean => (world.foreignUntil.get(BigInt(ipv4)) ?? 0) > world.now
      if (kind !== 'arp' || answer(bytes, bytes.length, macBytes(strangerMac), holds, reply) !== true) return
      send(world.lan, world, end, { kind: 'arp', bytes: reply }, from)
    },
  }
  world.lan.ends.push(end)
  return end
}

function later(world: World, afterMs: number, happen: () => void): void {
  note(world.agenda, world.now + afterMs, happen)
}
