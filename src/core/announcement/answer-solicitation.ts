import { copyMac, hasMacAt, readUint16, readUint32, writeUint32 } from '../wire/ethernet.ts'
import { ipv6At } from '../wire/ipv6.ts'
import { flags, hasFlag, isFromNobody, isSolicitation, isToSolicitedNode } from '../wire/ndp.ts'
import { linkLayerAt, ndpAt, ndpDropOf, sourceMacAt } from '../wire/ndp.ts'
import type { NdpDrop } from '../wire/ndp.ts'
import { fillAdvertisement, toAllNodes } from './advertise.ts'
import { hasIpv6At } from './targets.ts'
import type { Targets } from './targets.ts'

/**
 * Why a packet of Neighbor Discovery gets no answer: metric labels, as those of ARP (answer.ts). `gratuitous` comes
 * from the very address that it asks for; `notForUs` was sent neither to us nor to the group that we are asked in.
 */
export type UnansweredSolicitation =
  | NdpDrop
  | 'notSolicitation'
  | 'notForUs'
  | 'ownFrame'
  | 'gratuitous'
  | 'notHeld'

/**
 * The hot path: when `frame` (its first `length` bytes) solicits an address that is `held`, fills `out` (86 bytes) with
 * the advertisement and answers true. Allocates nothing. Whoever asks from no address is answered before all nodes, and
 * everyone else alone (RFC 4861, 7.2.4).
 */
export function answerSolicitation(
  frame: Uint8Array,
  length: number,
  ourMac: Uint8Array,
  held: Targets,
  out: Uint8Array,
): true | UnansweredSolicitation {
  const drop = ndpDropOf(frame, length)
  if (drop !== undefined) return drop
  if (!isSolicitation(frame)) return 'notSolicitation'
  if (!isForUs(frame, ourMac)) return 'notForUs'
  const asker = linkLayerAt(frame) || sourceMacAt
  if (hasMacAt(frame, sourceMacAt, ourMac) || hasMacAt(frame, asker, ourMac)) return 'ownFrame'
  if (isSameAddress(frame, ipv6At.source)) return 'gratuitous'
  if (!hasIpv6At(held, frame, ndpAt.target)) return 'notHeld'
  fillAnswer(frame, asker, ourMac, out)
  return true
}

/**
 * Where the address is in a frame that its sender says to be its own, be it asked or not, or makes sure of before it takes
 * it; -1 when it is no such frame. Cheap enough to look for foreign claims in every frame; allocates nothing.
 */
export function claimAt(frame: Uint8Array, length: number): number {
  if (ndpDropOf(frame, length) !== undefined) return -1
  return isSolicitation(frame) && !isFromNobody(frame) ? ipv6At.source : ndpAt.target
}

/** True for a sound solicitation from nobody (RFC 4862, 5.4.3): its sender is about to have the target. */
export function isSolicitedByNobody(frame: Uint8Array): boolean {
  return isSolicitation(frame) && isFromNobody(frame)
}

/** Where the MAC is that goes with the claim. */
export function claimantAt(frame: Uint8Array): number {
  return linkLayerAt(frame) || sourceMacAt
}

/** True for an advertisement that answers a question of ours: to our MAC, and solicited. */
export function isAnswerToSolicitation(frame: Uint8Array, ourMac: Uint8Array): boolean {
  return !isSolicitation(frame) && hasFlag(frame, 'solicited') && hasMacAt(frame, 0, ourMac)
}

/** To our MAC, or to the MAC of the group; and in either case to the target itself or to its group. */
function isForUs(frame: Uint8Array, ourMac: Uint8Array): boolean {
  if (isToGroupOfTarget(frame)) return hasMacAt(frame, 0, ourMac) || isToMacOfGroup(frame)
  return hasMacAt(frame, 0, ourMac) && isSameAddress(frame, ipv6At.destination)
}

/** RFC 4291, 2.7.1: the last 24 bits are those of the target. */
function isToGroupOfTarget(frame: Uint8Array): boolean {
  return isToSolicitedNode(frame) && (readUint32(frame, ipv6At.destination + 12) & 0xff_ffff) === lowOf(frame)
}

/** RFC 2464, 7. */
function isToMacOfGroup(frame: Uint8Array): boolean {
  return (
    readUint16(frame, 0) === 0x3333 && readUint32(frame, 2) === readUint32(frame, ipv6At.destination + 12)
  )
}

function lowOf(frame: Uint8Array): number {
  return readUint32(frame, ndpAt.target + 12) & 0xff_ffff
}

/** Whether the address there is the target. */
function isSameAddress(frame: Uint8Array, offset: number): boolean {
  for (let at = 0; at < 16; at += 4) {
    if (readUint32(frame, offset + at) !== readUint32(frame, ndpAt.target + at)) return false
  }
  return true
}

function fillAnswer(question: Uint8Array, asker: number, ourMac: Uint8Array, out: Uint8Array): void {
  copyAddress(out, ndpAt.target, question, ndpAt.target)
  if (isFromNobody(question)) {
    toAllNodes(out)
    return fillAdvertisement(out, ourMac, flags.override)
  }
  copyMac(out, 0, question, asker)
  copyAddress(out, ipv6At.destination, question, ipv6At.source)
  fillAdvertisement(out, ourMac, flags.override | flags.solicited)
}

function copyAddress(to: Uint8Array, toAt: number, from: Uint8Array, fromAt: number): void {
  for (let at = 0; at < 16; at += 4) writeUint32(to, toAt + at, readUint32(from, fromAt + at))
}
