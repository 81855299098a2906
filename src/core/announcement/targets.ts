import type { Address } from '../ip/address.ts'
import { readUint32 } from '../wire/ethernet.ts'
import { writeIpv6 } from '../wire/ipv6.ts'

/** Addresses that are looked for in each frame, so that nothing has to be read out of it for that. */
export interface Targets {
  readonly ipv4: ReadonlySet<number>
  /** By their last 32 bits: mostly there is one of each. */
  readonly ipv6: ReadonlyMap<number, readonly Uint8Array[]>
}

/** Addresses to look for. */
export function targetsOf(addresses: Iterable<Address>): Targets {
  const ipv4 = new Set<number>()
  const ipv6 = new Map<number, Uint8Array[]>()
  for (const { family, value } of addresses) {
    if (family === 'IPv4') ipv4.add(Number(value))
    else addIpv6(ipv6, value)
  }
  return { ipv4, ipv6 }
}

export const noTargets: Targets = targetsOf([])

/** Whether the sixteen bytes there are one of the addresses. Allocates nothing. */
export function hasIpv6At({ ipv6 }: Targets, frame: Uint8Array, offset: number): boolean {
  const alike = ipv6.get(readUint32(frame, offset + 12))
  if (alike === undefined) return false
  for (const bytes of alike) if (isSame(bytes, frame, offset)) return true
  return false
}

/** Whether any of them has the IPv4 address. Allocates nothing. */
export function anyHasIpv4(all: readonly Targets[], value: number): boolean {
  for (let at = 0; at < all.length; at++) if ((all[at] as Targets).ipv4.has(value)) return true
  return false
}

/** Whether the sixteen bytes there are an address of any of them. Allocates nothing. */
export function anyHasIpv6At(all: readonly Targets[], frame: Uint8Array, offset: number): boolean {
  for (let at = 0; at < all.length; at++) if (hasIpv6At(all[at] as Targets, frame, offset)) return true
  return false
}

function addIpv6(ipv6: Map<number, Uint8Array[]>, value: bigint): void {
  const bytes = new Uint8Array(16)
  writeIpv6(bytes, 0, value)
  const last = readUint32(bytes, 12)
  const alike = ipv6.get(last) ?? []
  if (!alike.some((each) => isSame(each, bytes, 0))) ipv6.set(last, [...alike, bytes])
}

function isSame(bytes: Uint8Array, frame: Uint8Array, offset: number): boolean {
  for (let at = 0; at < 16; at += 4)
    if (readUint32(bytes, at) !== readUint32(frame, offset + at)) return false
  return true
}
