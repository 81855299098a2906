import type { Address } from '../ip/address.ts'
import { isLinkLocal, multicastMac, solicitedNodeGroup, unspecified } from '../wire/ipv6.ts'
import { encodeNdpFrame } from '../wire/ndp.ts'

/**
 * The frame that asks the link who has an address. From an address of ours whoever has it answers us alone. From `::`,
 * the probe of RFC 4862, it answers before all nodes, and each of them then sends to it: that is for an interface that
 * has no address of its own.
 */
export function solicit(mac: bigint, source: bigint, target: bigint): Uint8Array {
  const group = solicitedNodeGroup(target)
  const sourceLinkLayer = source === unspecified ? undefined : mac
  const message = { type: 'solicitation', target, sourceLinkLayer } as const
  return encodeNdpFrame(multicastMac(group), mac, { source, destination: group, message })
}

/** What we speak from on an interface with these addresses: its link-local one, else its first of IPv6, else `::`. */
export function ipv6SourceOf(addresses: readonly Address[]): bigint {
  const ipv6 = addresses.filter(({ family }) => family === 'IPv6').map(({ value }) => value)
  return ipv6.find(isLinkLocal) ?? ipv6[0] ?? unspecified
}
