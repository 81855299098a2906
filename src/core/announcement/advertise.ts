import { etherTypeIpv6, writeMac, writeUint16, writeUint32 } from '../wire/ethernet.ts'
import { allNodes, ipv6At, multicastMac, upperChecksum, writeIpv6 } from '../wire/ipv6.ts'
import { flags, icmpv6, ndpAt, onTheLink, options, sourceMacAt, types } from '../wire/ndp.ts'

/** The bytes of a neighbour advertisement with its option, Ethernet header included. */
export const advertisementBytes = ndpAt.options + 8

const payloadBytes = advertisementBytes - ipv6At.payload

/**
 * The unsolicited advertisement (RFC 4861, 7.2.6) into 86 bytes of `out`: to all nodes of the link, Override set and
 * Solicited clear. A Linux neighbour that has an entry believes it at once; one that has none waits to be told.
 */
export function advertise(mac: Uint8Array, target: bigint, out: Uint8Array): void {
  writeIpv6(out, ndpAt.target, target)
  toAllNodes(out)
  fillAdvertisement(out, mac, flags.override)
}

/** Into `out`: where an advertisement goes that is not for one alone. Allocates nothing. */
export function toAllNodes(out: Uint8Array): void {
  out.set(allNodesMac, 0)
  out.set(allNodesBytes, ipv6At.destination)
}

/**
 * The rest of an advertisement whose target and destination are in `out` already. It comes from the target itself,
 * as a kernel's does: some who ask (ndisc6) hear nobody else. Allocates nothing.
 */
export function fillAdvertisement(out: Uint8Array, mac: Uint8Array, bits: number): void {
  out.set(mac, sourceMacAt)
  writeUint16(out, 12, etherTypeIpv6)
  writeUint32(out, ipv6At.version, 0x6000_0000)
  writeUint16(out, ipv6At.payloadLength, payloadBytes)
  out[ipv6At.nextHeader] = icmpv6
  out[ipv6At.hopLimit] = onTheLink
  out.copyWithin(ipv6At.source, ndpAt.target, ndpAt.options)
  writeUint32(out, ndpAt.type, types.advertisement << 24)
  writeUint32(out, ndpAt.flags, bits << 24)
  out[ndpAt.options] = options.targetLinkLayer
  out[ndpAt.options + 1] = 1
  out.set(mac, ndpAt.options + 2)
  writeUint16(out, ndpAt.checksum, upperChecksum(out, icmpv6, payloadBytes))
}

const allNodesBytes = new Uint8Array(16)
writeIpv6(allNodesBytes, 0, allNodes)
const allNodesMac = new Uint8Array(6)
writeMac(allNodesMac, 0, multicastMac(allNodes))
