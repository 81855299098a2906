import { Address4, Address6 } from 'ip-address'

/** The two IP families, spelled as Kubernetes spells them in `ipFamilies`. */
export type Family = 'IPv4' | 'IPv6'

/** One IP address: its family and its place in that family's number line. */
export interface Address {
  readonly family: Family
  readonly value: bigint
}

/**
 * Reads an address, or answers undefined for anything else: prefixes, zones (RFC 4007), IPv4-mapped IPv6
 * and leading zeros included.
 */
export function parseAddress(text: string): Address | undefined {
  if (/[^0-9a-fA-F.:]/.test(text)) return undefined
  if (Address4.isValid(text)) return { family: 'IPv4', value: new Address4(text).bigInt() }
  if (!Address6.isValid(text) || text.includes('.')) return undefined
  const value = new Address6(text).bigInt()
  return value >> 32n === 0xffffn ? undefined : { family: 'IPv6', value }
}

/** The canonical text: dotted decimal, or RFC 5952. `parseAddress` reads it back to the same value. */
export function formatAddress({ family, value }: Address): string {
  if (family === 'IPv6') return Address6.fromBigInt(value).correctForm()
  // By hand: a pool's memory has a thousand of them, and is compared whenever something changes.
  const bits = Number(value)
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

/** Whether the list has the address. */
export function includes(addresses: readonly Address[], { family, value }: Address): boolean {
  return addresses.some((each) => each.value === value && each.family === family)
}

/** Orders addresses: IPv4 before IPv6, ascending within a family. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family === 'IPv4' ? -1 : 1
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
}
