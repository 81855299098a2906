import { encodeHeartbeat, heartbeatGroup, heartbeatGroup6 } from '../../../src/core/wire/heartbeat.ts'
import { heartbeatGroupMac, heartbeatPort, type Heartbeat } from '../../../src/core/wire/heartbeat.ts'
import { writeUint16, writeUint32 } from '../../../src/core/wire/ethernet.ts'
import { encodeUdpFrame } from '../../../src/core/wire/ipv4-udp.ts'
import { encodeUdp6Frame } from '../../../src/core/wire/ipv6-udp.ts'
import { multicastMac, upperChecksum, writeIpv6 } from '../../../src/core/wire/ipv6.ts'
import { sign } from '../../../src/platform/network/heartbeat-key.ts'
import { mutated, rightened } from './mutation.ts'
import { addressOf, clusterKey, ipv4Of } from './wire-harness.ts'

type Chance = (below: number) => number

/** Gives one frame after another that no honest host would send. */
export type Hostile = () => Uint8Array

/** What hostile frames aim at. */
export interface Aim {
  /** The question for the address, as an honest host asks it. */
  readonly question: Uint8Array
  /** The MAC of the speaker, and addresses that it knows something of. */
  readonly mac: readonly number[]
  readonly addresses: readonly string[]
}

const oneOf = <T>(all: readonly T[], chance: Chance): T => all[chance(all.length)] as T
const sometimes = (chance: Chance, one: number, change: () => void): void => {
  if (chance(one) === 0) change()
}
const macs = (own: readonly number[]): readonly (readonly number[])[] => [
  own,
  [2, 0, 0, 0, 0, 1],
  [2, 0, 0, 0, 0, 0x66],
  [0, 0, 0, 0, 0, 0],
  [255, 255, 255, 255, 255, 255],
  [0x33, 0x33, 0, 0, 0, 1],
  [0, 0, 0x5e, 0, 1, 10],
]
/** None mostly; else one of a VLAN, a priority alone, two of them, or half of one. */
const tags: readonly (readonly number[])[] = [
  [0x81, 0, 0, 42],
  [0x81, 0, 0xe0, 0],
  [0x88, 0xa8, 0, 7, 0x81, 0, 0, 42],
  [0x81, 0, 0x81, 0],
]

/** A frame of a kind whose fields are each likely, and together are not: cut, padded, tagged. */
function wrapped(frame: Uint8Array, chance: Chance): Uint8Array {
  if (chance(24) === 0) {
    const tag = oneOf(tags, chance)
    return new Uint8Array([...frame.subarray(0, 12), ...tag, ...frame.subarray(12)])
  }
  if (chance(24) === 0) return frame.slice(0, 14 + chance(frame.length - 14))
  return chance(12) === 0 ? new Uint8Array([...frame, ...new Uint8Array(chance(1_300))]) : frame
}

/** ARP with fields that other hosts, other hardware, or somebody who means harm might put there. */
export function hostileArp({ question, mac, addresses }: Aim, chance: Chance): Hostile {
  const ips = [...addresses.filter((each) => !each.includes(':')).map(ipv4Of), 0, 0xffff_ffff, 0x0a58_0001]
  return () => {
    const frame = question.slice()
    sometimes(chance, 4, () => frame.set(oneOf(macs(mac), chance), 0))
    sometimes(chance, 4, () => frame.set(oneOf(macs(mac), chance), 6))
    sometimes(chance, 2, () => frame.set(oneOf(macs(mac), chance), 22))
    sometimes(chance, 4, () => frame.set(oneOf(macs(mac), chance), 32))
    sometimes(chance, 2, () => writeUint16(frame, 20, oneOf([1, 2, 3, 8, 0, 0xffff], chance)))
    sometimes(chance, 2, () => writeUint32(frame, 28, oneOf(ips, chance)))
    sometimes(chance, 2, () => writeUint32(frame, 38, oneOf(ips, chance)))
    sometimes(chance, 16, () => frame.set([chance(256), chance(256), 8, 0, chance(8), chance(18)], 14))
    return wrapped(frame, chance)
  }
}

/** Options as RFC 4861 (4.6) draws them, of any type; now and then one of length 0, or one that goes on too far. */
function optionsOf(chance: Chance): Uint8Array {
  const bytes: number[] = []
  for (let left = chance(5); left > 0; left--) {
    const length = chance(16) === 0 ? oneOf([0, 255, 31], chance) : 1 + chance(3)
    const body = Array.from({ length: Math.max(6, Math.min(length, 3) * 8 - 2) }, () => chance(256))
    bytes.push(oneOf([1, 2, 1, 2, 3, 5, 14, chance(256)], chance), length, ...body)
  }
  return Uint8Array.from(bytes)
}

/** Extension headers (RFC 8200, 4) that come before what they hide: hop by hop, routing, fragment, destination. */
function extended(frame: Uint8Array, chance: Chance): Uint8Array {
  const kinds = Array.from({ length: 1 + chance(4) }, () => oneOf([0, 43, 44, 60], chance))
  const final = frame[20] ?? 0
  const headers = kinds.flatMap((_, at) => [kinds[at + 1] ?? final, 0, chance(256), chance(2), 0, 0, 0, 1])
  const longer = new Uint8Array([...frame.subarray(0, 54), ...headers, ...frame.subarray(54)])
  longer[20] = kinds[0] ?? final
  writeUint16(longer, 18, longer.length - 54)
  return longer
}

/** Neighbor Discovery: each field may be wrong, the checksum is right mostly, so that the others are looked at. */
export function hostileNdp({ question, mac, addresses }: Aim, chance: Chance): Hostile {
  const ours = addresses.filter((each) => each.includes(':'))
  const known = [...ours, '::', 'ff02::1', 'ff02::1:ff00:200', 'fe80::1', '::ffff:10.0.0.1'].map((each) =>
    each.startsWith('::ffff') ? 0xffff_0a00_0001n : addressOf(each).value,
  )
  return () => {
    const frame = new Uint8Array([...question.subarray(0, 78), ...optionsOf(chance)])
    writeUint16(frame, 18, frame.length - 54)
    sometimes(chance, 4, () => frame.set(oneOf(macs(mac), chance), 0))
    sometimes(chance, 4, () => frame.set(oneOf(macs(mac), chance), 6))
    sometimes(chance, 2, () => void (frame[54] = oneOf([135, 136, 136, 133, 134, 137], chance)))
    sometimes(chance, 2, () => void (frame[58] = chance(256)))
    sometimes(chance, 2, () => writeIpv6(frame, 22, oneOf(known, chance)))
    sometimes(chance, 3, () => writeIpv6(frame, 38, oneOf(known, chance)))
    sometimes(chance, 2, () => writeIpv6(frame, 62, oneOf(known, chance)))
    sometimes(chance, 16, () => void (frame[55] = chance(256)))
    sometimes(chance, 16, () => void (frame[21] = chance(256)))
    sometimes(chance, 24, () => writeUint16(frame, 18, chance(200)))
    const whole = chance(12) === 0 ? extended(frame, chance) : frame
    return wrapped(chance(8) === 0 ? whole : rightened(whole), chance)
  }
}

/** A heartbeat that says anything: well formed, of whoever has the key. */
function anyHeartbeat(addresses: readonly string[], chance: Chance): Heartbeat {
  const bids = Array.from({ length: chance(6) }, () => ({
    address: addressOf(oneOf(addresses, chance)),
    leaving: chance(2) === 0,
    yielding: chance(2) === 0,
    revision: chance(5),
    support: chance(4),
    contact: chance(2) === 0,
    term: chance(9),
  }))
  return {
    node: oneOf(['two', 'three', 'one', ''], chance),
    nonce: BigInt(chance(50)),
    sequence: chance(1_000_000),
    intervalMs: oneOf([0, 1, 50, 65_535], chance),
    leaving: chance(8) === 0,
    quiet: chance(3) === 0,
    contact: chance(2) === 0,
    digest: chance(1 << 30),
    hears: Array.from({ length: chance(4) }, () => ({ nonce: BigInt(chance(9)), complete: chance(2) === 0 })),
    bids,
    withdrawn: bids.slice(0, chance(2)).map(({ address }) => address),
    page: { from: addressOf('10.88.0.1'), to: addressOf('10.88.0.255') },
  }
}

/** IPv4 headers with options, fragments, other lengths; the header's checksum is not put right again. */
function brokenIpv4(frame: Uint8Array, chance: Chance): Uint8Array {
  const at = oneOf([14, 16, 17, 20, 21, 22, 23, 24, 34, 38, 39, 40, 41], chance)
  frame[at] = chance(256)
  return frame
}

function flipped(bytes: Uint8Array, from: number, chance: Chance): Uint8Array {
  const bit = from * 8 + chance((bytes.length - from) * 8)
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return bytes
}

/** Heartbeats over one family: some are signed and say anything, and some have been changed before that or after it. */
export function hostileHeartbeats(family: 'IPv4' | 'IPv6', { addresses }: Aim, chance: Chance): Hostile {
  const ports = { sourcePort: heartbeatPort, destinationPort: heartbeatPort }
  const inFrame = (payload: Uint8Array): Uint8Array => {
    if (family === 'IPv4') {
      const ends = { source: 0x0a58_0001, destination: heartbeatGroup, ttl: 255 }
      return encodeUdpFrame(0x02_0000_0000_01n, heartbeatGroupMac, { ...ends, ...ports, payload })
    }
    const ends = { source: addressOf('fe80::1').value, destination: heartbeatGroup6, hopLimit: 255 }
    return encodeUdp6Frame(0x02_0000_0000_01n, multicastMac(heartbeatGroup6), { ...ends, ...ports, payload })
  }
  const broken = family === 'IPv4' ? brokenIpv4 : extended
  // Signing is what takes longest here: each of these is sent in several forms.
  const well = Array.from({ length: 400 }, () =>
    inFrame(sign(encodeHeartbeat(anyHeartbeat(addresses, chance)), { current: clusterKey })),
  )
  const signedDamage = Array.from({ length: 400 }, () => {
    const body = encodeHeartbeat(anyHeartbeat(addresses, chance))
    const changed = chance(2) === 0 ? flipped(body, 0, chance) : mutated(body, chance, 0)
    return inFrame(sign(changed, { current: clusterKey }))
  })
  return () => {
    const form = chance(6)
    if (form === 0) return oneOf(signedDamage, chance)
    const frame = oneOf(well, chance).slice()
    if (form === 1) return frame
    if (form === 2) return wrapped(flipped(frame, 14, chance), chance)
    if (form === 3) return wrapped(broken(frame, chance), chance)
    if (form === 4) return summed(family, flipped(frame, family === 'IPv4' ? 42 : 62, chance))
    return wrapped(mutated(frame, chance, 14), chance)
  }
}

/** The UDP checksum is right again, so that the signature is looked at. IPv4 may do without. */
function summed(family: 'IPv4' | 'IPv6', frame: Uint8Array): Uint8Array {
  if (family === 'IPv4') {
    frame.set([0, 0], 40)
    return frame
  }
  frame.set([0, 0], 60)
  writeUint16(frame, 60, upperChecksum(frame, 17, frame.length - 54) || 0xffff)
  return frame
}

/** Bytes without any sense behind an honest Ethernet header and, as often, behind the honest first bytes of `like`. */
export function randomFrames(like: Uint8Array, keep: number, chance: Chance): Hostile {
  return () => {
    const kept = chance(2) === 0 ? 14 : keep
    const noise = Uint8Array.from({ length: chance(300) }, () => chance(256))
    return new Uint8Array([...like.subarray(0, kept), ...noise])
  }
}
