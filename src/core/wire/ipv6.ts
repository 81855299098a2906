import { folded, sumOf } from './checksum.ts'
import {
  etherTypeIpv6,
  etherTypeOf,
  ethernetHeaderBytes,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from './ethernet.ts'

/** The IPv6 header (RFC 8200), without the flow label. Addresses are 128-bit numbers. */
export interface Ipv6Header {
  readonly trafficClass: number
  readonly nextHeader: number
  readonly hopLimit: number
  readonly source: bigint
  readonly destination: bigint
}

/** Why a frame is no IPv6 packet. `badHeader` is another version, or more payload than the frame has. */
export type Ipv6Drop = 'tooShort' | 'notIpv6' | 'badHeader'

/** Where the fields of a packet are in an Ethernet frame; `payload` is where what is in it begins. */
export const ipv6At = {
  version: ethernetHeaderBytes,
  payloadLength: ethernetHeaderBytes + 4,
  nextHeader: ethernetHeaderBytes + 6,
  hopLimit: ethernetHeaderBytes + 7,
  source: ethernetHeaderBytes + 8,
  destination: ethernetHeaderBytes + 24,
  payload: ethernetHeaderBytes + 40,
} as const

/** The unspecified address, ::, and all nodes of the link, ff02::1 (RFC 4291). */
export const unspecified = 0n
export const allNodes = 0xff02_0000_0000_0000_0000_0000_0000_0001n

const solicitedNodePrefix = 0xff02_0000_0000_0000_0000_0001_ff00_0000n

/** The group that whoever asks for the address asks in: ff02::1:ff and the last 24 bits (RFC 4291, 2.7.1). */
export function solicitedNodeGroup(address: bigint): bigint {
  return solicitedNodePrefix | (address & 0xff_ffffn)
}

/** The MAC that a group has on Ethernet: 33:33 and the last 32 bits (RFC 2464, 7). */
export function multicastMac(group: bigint): bigint {
  return 0x3333_0000_0000n | (group & 0xffff_ffffn)
}

/** True for fe80::/10 (RFC 4291, 2.5.6). */
export function isLinkLocal(address: bigint): boolean {
  return address >> 118n === 0x3fan
}

/** Reads sixteen bytes in network order; the caller has checked that they are there. */
export function readIpv6(bytes: Uint8Array, offset: number): bigint {
  const high = (BigInt(readUint32(bytes, offset)) << 32n) + BigInt(readUint32(bytes, offset + 4))
  return (
    (high << 64n) + (BigInt(readUint32(bytes, offset + 8)) << 32n) + BigInt(readUint32(bytes, offset + 12))
  )
}

/** Writes a 128-bit number as sixteen bytes, in network order. */
export function writeIpv6(bytes: Uint8Array, offset: number, address: bigint): void {
  for (let word = 0; word < 4; word++) {
    writeUint32(bytes, offset + 4 * word, Number((address >> BigInt(96 - 32 * word)) & 0xffff_ffffn))
  }
}

/** Writes the 40 bytes behind the Ethernet header. */
export function writeIpv6Header(frame: Uint8Array, header: Ipv6Header, payloadLength: number): void {
  writeUint32(frame, ipv6At.version, (0x60 << 24) | (header.trafficClass << 20))
  writeUint16(frame, ipv6At.payloadLength, payloadLength)
  frame[ipv6At.nextHeader] = header.nextHeader
  frame[ipv6At.hopLimit] = header.hopLimit
  writeIpv6(frame, ipv6At.source, header.source)
  writeIpv6(frame, ipv6At.destination, header.destination)
}

/** What is wrong with the header of the packet in a frame's first `length` bytes. Allocates nothing. */
export function ipv6DropOf(frame: Uint8Array, length: number): Ipv6Drop | undefined {
  if (length < ipv6At.payload || frame.length < length) return 'tooShort'
  if (etherTypeOf(frame) !== etherTypeIpv6) return 'notIpv6'
  const isVersion6 = (frame[ipv6At.version] as number) >> 4 === 6
  return isVersion6 && ipv6At.payload + payloadLengthOf(frame) <= length ? undefined : 'badHeader'
}

export function payloadLengthOf(frame: Uint8Array): number {
  return readUint16(frame, ipv6At.payloadLength)
}

/**
 * The checksum over the pseudo header and `length` bytes of payload (RFC 8200, 8.1), as they stand: what belongs into a
 * checksum field that is zero, and zero when the right one is in it.
 */
export function upperChecksum(frame: Uint8Array, nextHeader: number, length: number): number {
  const pseudo = sumOf(frame, ipv6At.source, 32) + length + nextHeader
  return ~folded(pseudo + sumOf(frame, ipv6At.payload, length)) & 0xffff
}
