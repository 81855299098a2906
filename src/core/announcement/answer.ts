import { arpBytes, isEthernetIpv4 } from '../wire/arp.ts'
import {
  copyMac,
  etherTypeArp,
  etherTypeOf,
  ethernetHeaderBytes,
  hasMacAt,
  isGroupMac,
  minFrameBytes,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from '../wire/ethernet.ts'

/**
 * Why an ARP frame gets no reply: metric labels. `notHeld` is the usual one. `gratuitous` is a claim and not
 * a question; `notForUs` was sent to another node's MAC.
 */
export type Unanswered =
  | 'tooShort'
  | 'notArp'
  | 'malformed'
  | 'notRequest'
  | 'notForUs'
  | 'ownFrame'
  | 'gratuitous'
  | 'notHeld'

const arp = ethernetHeaderBytes
const operationAt = arp + 6
const senderMacAt = arp + 8
const senderIpAt = arp + 14
const targetMacAt = arp + 18
const targetIpAt = arp + 24

/**
 * The hot path: when `frame` (its first `length` bytes) asks for an address that `holds` says is ours, fills
 * `out` (60 bytes) with the reply and answers true. Allocates nothing. A probe (sender 0.0.0.0) is answered too.
 */
export function answer(
  frame: Uint8Array,
  length: number,
  ourMac: Uint8Array,
  holds: (ipv4: number) => boolean,
  out: Uint8Array,
): true | Unanswered {
  const drop = unreadable(frame, length)
  if (drop !== undefined) return drop
  if (readUint16(frame, operationAt) !== 1) return 'notRequest'
  if (!isBroadcast(frame) && !hasMacAt(frame, 0, ourMac)) return 'notForUs'
  if (hasMacAt(frame, senderMacAt, ourMac)) return 'ownFrame'
  const target = readUint32(frame, targetIpAt)
  if (target === readUint32(frame, senderIpAt)) return 'gratuitous'
  if (!holds(target)) return 'notHeld'
  fillReply(frame, ourMac, out)
  return true
}

/**
 * The address in an ARP frame that its sender has or, in a probe, would have: -1 when it is no such frame. Cheap enough to
 * look for foreign claims in every frame; allocates nothing.
 */
export function claimedBy(frame: Uint8Array, length: number): number {
  if (unreadable(frame, length) !== undefined) return -1
  const operation = readUint16(frame, operationAt)
  if (operation !== 1 && operation !== 2) return -1
  return readUint32(frame, isProbe(frame) ? targetIpAt : senderIpAt) || -1
}

/** True for a sound ARP frame that asks from no address (RFC 5227, 2.1.1): to have the one it asks for. */
export function isProbe(frame: Uint8Array): boolean {
  return readUint16(frame, operationAt) === 1 && readUint32(frame, senderIpAt) === 0
}

/** True for an ARP reply to a probe of ours (RFC 5227, 2.1.1): to our MAC, and for no address, as the probe was from none. */
export function isAnswerToProbe(frame: Uint8Array, ourMac: Uint8Array): boolean {
  return (
    readUint16(frame, operationAt) === 2 && readUint32(frame, targetIpAt) === 0 && hasMacAt(frame, 0, ourMac)
  )
}

function unreadable(frame: Uint8Array, length: number): 'tooShort' | 'notArp' | 'malformed' | undefined {
  if (length < arp + arpBytes || frame.length < length) return 'tooShort'
  if (etherTypeOf(frame) !== etherTypeArp) return 'notArp'
  // A group address is no sender: it neither asks, for the reply would go to many, nor has an address.
  return isEthernetIpv4(frame, arp) && !isGroupMac(frame, senderMacAt) ? undefined : 'malformed'
}

function isBroadcast(frame: Uint8Array): boolean {
  return readUint32(frame, 0) === 0xffffffff && readUint16(frame, 4) === 0xffff
}

function fillReply(request: Uint8Array, ourMac: Uint8Array, out: Uint8Array): void {
  copyMac(out, 0, request, senderMacAt)
  copyMac(out, 6, ourMac, 0)
  writeUint16(out, 12, etherTypeArp)
  writeUint32(out, arp, 0x0001_0800)
  writeUint32(out, arp + 4, 0x0604_0002)
  copyMac(out, senderMacAt, ourMac, 0)
  writeUint32(out, senderIpAt, readUint32(request, targetIpAt))
  copyMac(out, targetMacAt, request, senderMacAt)
  writeUint32(out, targetIpAt, readUint32(request, senderIpAt))
  out.fill(0, arp + arpBytes, minFrameBytes)
}
