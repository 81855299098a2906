import { etherTypeIpv6, isGroupMac, readMac, readUint32 } from './ethernet.ts'
import { writeEthernetHeader, writeMac, writeUint16 } from './ethernet.ts'
import { ipv6At, ipv6DropOf, payloadLengthOf, readIpv6 } from './ipv6.ts'
import { upperChecksum, writeIpv6, writeIpv6Header } from './ipv6.ts'
import type { Ipv6Drop } from './ipv6.ts'

/** Neighbor Discovery (RFC 4861, 4.3 and 4.4): who asks whom for an address, or who says that it has one. */
export interface NdpPacket {
  readonly source: bigint
  readonly destination: bigint
  readonly message: NeighborSolicitation | NeighborAdvertisement
}

export interface NeighborSolicitation {
  readonly type: 'solicitation'
  readonly target: bigint
  /** The option; who asks from no address has none. */
  readonly sourceLinkLayer: bigint | undefined
}

export interface NeighborAdvertisement {
  readonly type: 'advertisement'
  readonly router: boolean
  readonly solicited: boolean
  readonly override: boolean
  readonly target: bigint
  readonly targetLinkLayer: bigint | undefined
}

/**
 * Why a frame is no packet of these two: metric labels. `badHopLimit` may have come over a router, and `malformed`
 * fails another of the checks of RFC 4861, 7.1.1 and 7.1.2.
 */
export type NdpDrop = Ipv6Drop | 'notNdp' | 'badHopLimit' | 'badChecksum' | 'malformed'

export const icmpv6 = 58
/** What no router can send on: each takes one off. */
export const onTheLink = 255
export const types = { solicitation: 135, advertisement: 136 } as const
export const flags = { router: 0x80, solicited: 0x40, override: 0x20 } as const
/** The options that carry a MAC. */
export const options = { sourceLinkLayer: 1, targetLinkLayer: 2 } as const

const icmp = ipv6At.payload
/** Where the fields are in an Ethernet frame. */
export const ndpAt = {
  type: icmp,
  code: icmp + 1,
  checksum: icmp + 2,
  flags: icmp + 4,
  target: icmp + 8,
  options: icmp + 24,
} as const
/** The sender's MAC in every frame. */
export const sourceMacAt = 6
const leastBytes = ndpAt.options - icmp
const optionBytes = 8

/** A whole Ethernet frame with the packet in it, checksum filled in. */
export function encodeNdpFrame(destinationMac: bigint, sourceMac: bigint, packet: NdpPacket): Uint8Array {
  const { source, destination, message } = packet
  const { option, linkLayer, bits } = partsOf(message)
  const length = leastBytes + (linkLayer === undefined ? 0 : optionBytes)
  const frame = new Uint8Array(icmp + length)
  writeEthernetHeader(frame, destinationMac, sourceMac, etherTypeIpv6)
  const header = { trafficClass: 0, nextHeader: icmpv6, hopLimit: onTheLink, source, destination }
  writeIpv6Header(frame, header, length)
  frame[ndpAt.type] = types[message.type]
  frame[ndpAt.flags] = bits
  writeIpv6(frame, ndpAt.target, message.target)
  if (linkLayer !== undefined) {
    frame.set([option, 1], ndpAt.options)
    writeMac(frame, ndpAt.options + 2, linkLayer)
  }
  writeUint16(frame, ndpAt.checksum, upperChecksum(frame, icmpv6, length))
  return frame
}

/** Reads the packet in an Ethernet frame (its first `length` bytes), or says why there is none; unknown options are skipped. */
export function decodeNdpFrame(frame: Uint8Array, length: number): NdpPacket | NdpDrop {
  const drop = ndpDropOf(frame, length)
  if (drop !== undefined) return drop
  return {
    source: readIpv6(frame, ipv6At.source),
    destination: readIpv6(frame, ipv6At.destination),
    message: messageOf(frame),
  }
}

/** What is wrong with the packet in a frame's first `length` bytes. Allocates nothing. */
export function ndpDropOf(frame: Uint8Array, length: number): NdpDrop | undefined {
  const drop = ipv6DropOf(frame, length)
  if (drop !== undefined) return drop
  if (frame[ipv6At.nextHeader] !== icmpv6) return 'notNdp'
  if (payloadLengthOf(frame) < leastBytes) return 'malformed'
  if (!isSolicitation(frame) && frame[ndpAt.type] !== types.advertisement) return 'notNdp'
  if (frame[ipv6At.hopLimit] !== onTheLink) return 'badHopLimit'
  if (upperChecksum(frame, icmpv6, payloadLengthOf(frame)) !== 0) return 'badChecksum'
  return isSound(frame) ? undefined : 'malformed'
}

/** True for a solicitation, false for an advertisement; of a frame that was found sound. */
export function isSolicitation(frame: Uint8Array): boolean {
  return frame[ndpAt.type] === types.solicitation
}

/** True when nobody is the source, as of one who makes sure that an address is free (RFC 4862). */
export function isFromNobody(frame: Uint8Array): boolean {
  const at = ipv6At.source
  return (
    readUint32(frame, at) +
      readUint32(frame, at + 4) +
      readUint32(frame, at + 8) +
      readUint32(frame, at + 12) ===
    0
  )
}

/** True for the flag on an advertisement that was found sound. */
export function hasFlag(frame: Uint8Array, flag: keyof typeof flags): boolean {
  return ((frame[ndpAt.flags] as number) & flags[flag]) !== 0
}

/** Whether the destination is the group ff02::1:ff and any 24 bits. */
export function isToSolicitedNode(frame: Uint8Array): boolean {
  const at = ipv6At.destination
  const isLinkScope = readUint32(frame, at) === 0xff02_0000 && readUint32(frame, at + 4) === 0
  return isLinkScope && readUint32(frame, at + 8) === 1 && frame[at + 12] === 0xff
}

/** Where the MAC of the option of the message's kind is in a sound frame, or 0 when it has none. Allocates nothing. */
export function linkLayerAt(frame: Uint8Array): number {
  const wanted = isSolicitation(frame) ? options.sourceLinkLayer : options.targetLinkLayer
  const end = icmp + payloadLengthOf(frame)
  for (let at: number = ndpAt.options; at < end; at += (frame[at + 1] as number) * 8) {
    if (frame[at] === wanted) return at + 2
  }
  return 0
}

function isSound(frame: Uint8Array): boolean {
  if (frame[ndpAt.code] !== 0 || isGroup(frame, ndpAt.target) || isFromGroup(frame)) return false
  if (!hasSoundOptions(frame)) return false
  if (isSolicitation(frame)) return !isFromNobody(frame) || isSoundProbe(frame)
  return !isGroup(frame, ipv6At.destination) || !hasFlag(frame, 'solicited')
}

/** Whoever asks from no address asks in the group, and has no MAC for an answer. */
function isSoundProbe(frame: Uint8Array): boolean {
  return isToSolicitedNode(frame) && linkLayerAt(frame) === 0
}

function isFromGroup(frame: Uint8Array): boolean {
  return isGroup(frame, ipv6At.source) || isGroupMac(frame, sourceMacAt)
}

/** True for an address of ff00::/8. */
function isGroup(frame: Uint8Array, offset: number): boolean {
  return frame[offset] === 0xff
}

/** None of length 0 and none beyond the end. */
function hasSoundOptions(frame: Uint8Array): boolean {
  const end = icmp + payloadLengthOf(frame)
  for (let at: number = ndpAt.options; at < end;) {
    const length = at + 1 < end ? (frame[at + 1] as number) * 8 : 0
    if (length === 0 || at + length > end || !isSoundOption(frame, at, length)) return false
    at += length
  }
  return true
}

/** A link-layer address is a MAC, and nobody's who is many. */
function isSoundOption(frame: Uint8Array, at: number, length: number): boolean {
  const isLinkLayer = frame[at] === options.sourceLinkLayer || frame[at] === options.targetLinkLayer
  return !isLinkLayer || (length === optionBytes && !isGroupMac(frame, at + 2))
}

function messageOf(frame: Uint8Array): NdpPacket['message'] {
  const target = readIpv6(frame, ndpAt.target)
  const at = linkLayerAt(frame)
  const linkLayer = at === 0 ? undefined : readMac(frame, at)
  if (isSolicitation(frame)) return { type: 'solicitation', target, sourceLinkLayer: linkLayer }
  return {
    type: 'advertisement',
    router: hasFlag(frame, 'router'),
    solicited: hasFlag(frame, 'solicited'),
    override: hasFlag(frame, 'override'),
    target,
    targetLinkLayer: linkLayer,
  }
}

function partsOf(message: NdpPacket['message']): {
  option: number
  linkLayer: bigint | undefined
  bits: number
} {
  if (message.type === 'solicitation') {
    return { option: options.sourceLinkLayer, linkLayer: message.sourceLinkLayer, bits: 0 }
  }
  const { router, solicited, override } = message
  const bits =
    (router ? flags.router : 0) | (solicited ? flags.solicited : 0) | (override ? flags.override : 0)
  return { option: options.targetLinkLayer, linkLayer: message.targetLinkLayer, bits }
}
