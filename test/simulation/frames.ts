import { advertise, advertisementBytes } from '../../src/core/announcement/advertise.ts'
import { gratuitousReply, gratuitousRequest } from '../../src/core/announcement/gratuitous.ts'
import { probe } from '../../src/core/announcement/probe.ts'
import { solicit } from '../../src/core/announcement/solicit.ts'
import type { Address } from '../../src/core/ip/address.ts'
import { encodeArpFrame } from '../../src/core/wire/arp.ts'
import { broadcastMac, macBytes } from '../../src/core/wire/ethernet.ts'
import type { Heartbeat } from '../../src/core/wire/heartbeat.ts'
import {
  encodeHeartbeat,
  heartbeatGroup,
  heartbeatGroupMac,
  heartbeatPort,
} from '../../src/core/wire/heartbeat.ts'
import { encodeUdpFrame } from '../../src/core/wire/ipv4-udp.ts'
import { sign } from '../../src/platform/network/heartbeat-key.ts'
import type { HeartbeatKeys } from '../../src/platform/network/heartbeat-key.ts'
import { authenticate } from '../../src/programs/speaker/wire/authenticate.ts'
import type { HeartbeatDrop } from '../../src/programs/speaker/counters.ts'
import type { Frame } from './lan.ts'

const ports = { sourcePort: heartbeatPort, destinationPort: heartbeatPort }

/** A heartbeat with what each ring of keys makes of it: that is worked out once, however many hear it. */
export interface HeartbeatFrame extends Frame {
  readonly kind: 'heartbeat'
  /** A speaker sent it so, whoever sends it now. */
  readonly isGenuine: boolean
  readonly readings: Map<string, Heartbeat | HeartbeatDrop>
}

/** The whole frame that a speaker sends. */
export function heartbeatFrame(mac: bigint, heartbeat: Heartbeat, keys: HeartbeatKeys): HeartbeatFrame {
  return datagramFrame(mac, sign(encodeHeartbeat(heartbeat), keys), 255)
}

/** A datagram to the group of the heartbeats, from whomever. */
export function datagramFrame(mac: bigint, payload: Uint8Array, ttl: number): HeartbeatFrame {
  const source = 0x0a4d0000 + Number(mac & 0xffffn)
  const bytes = encodeUdpFrame(mac, heartbeatGroupMac, {
    source,
    destination: heartbeatGroup,
    ...ports,
    ttl,
    payload,
  })
  return { kind: 'heartbeat', isGenuine: false, bytes, readings: new Map() }
}

/** What a speaker with these keys reads in it. */
export function readHeartbeat(frame: HeartbeatFrame, keys: HeartbeatKeys): Heartbeat | HeartbeatDrop {
  const name = nameOf(keys)
  const known = frame.readings.get(name)
  if (known !== undefined) return known
  const reading = authenticate('IPv4', frame.bytes, frame.bytes.length, keys)
  frame.readings.set(name, reading)
  return reading
}

const names = new WeakMap<HeartbeatKeys, string>()

function nameOf(keys: HeartbeatKeys): string {
  const known = names.get(keys)
  if (known !== undefined) return known
  const name = `${keys.current.join()} ${keys.previous?.join() ?? ''}`
  names.set(keys, name)
  return name
}

/** The frames that announce an address: both forms of ARP, or the advertisement. */
export function announcementFrames(mac: bigint, { family, value }: Address): readonly Frame[] {
  if (family === 'IPv6') {
    const bytes = new Uint8Array(advertisementBytes)
    advertise(macBytes(mac), value, bytes)
    return [{ kind: 'ndp', bytes }]
  }
  return [gratuitousRequest, gratuitousReply].map((form) => {
    const bytes = new Uint8Array(60)
    form(macBytes(mac), Number(value), bytes)
    return { kind: 'arp', bytes }
  })
}

/** The question who has an address, from a host that has one itself. */
export function questionFrame(mac: bigint, { family, value }: Address, to = broadcastMac): Frame {
  if (family === 'IPv6') return { kind: 'ndp', bytes: solicit(mac, linkLocalOf(mac), value) }
  const sender = { senderMac: mac, senderIp: 0x0a4d0100 + Number(mac & 0xffn) }
  const packet = { operation: 'request', ...sender, targetMac: 0n, targetIp: Number(value) } as const
  return { kind: 'arp', bytes: encodeArpFrame(to, mac, packet) }
}

/** The question of a speaker that looks who else answers: from no address, so that nobody learns from it. */
export function probeFrame(mac: bigint, address: Address): Frame {
  if (address.family === 'IPv6') return questionFrame(mac, address)
  const bytes = new Uint8Array(60)
  probe(macBytes(mac), Number(address.value), bytes)
  return { kind: 'arp', bytes }
}

export function linkLocalOf(mac: bigint): bigint {
  return 0xfe80_0000_0000_0000_0000_0000_0000_0000n + mac
}
