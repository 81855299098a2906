import type { Address } from '../ip/address.ts'

/** An address as the key of a map: a number for IPv4 and a bigint for IPv6, so the two never meet. */
export type Key = number | bigint

/** The key of an address. */
export function keyOf(address: Address): Key {
  return address.family === 'IPv4' ? Number(address.value) : address.value
}

/** The address of a key. */
export function addressOf(key: Key): Address {
  return typeof key === 'number' ? { family: 'IPv4', value: BigInt(key) } : { family: 'IPv6', value: key }
}

/** IPv4 before IPv6, ascending within a family. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
