import { formatAddress, parseAddress } from './address.ts'
import type { Address } from './address.ts'

/** An address, and how formatAddress writes it. */
export interface Canonical {
  readonly address: Address
  readonly text: string
}

const mostRemembered = 4_096
const remembered = new Map<string, Canonical | undefined>()

/**
 * Reads an address as objects have it; undefined for anything else. Each change of an object says all its addresses
 * again: what was read lately is not read again, and readers share it.
 */
export function canonical(text: unknown): Canonical | undefined {
  if (typeof text !== 'string') return undefined
  if (remembered.has(text)) return remembered.get(text)
  const address = parseAddress(text)
  const read = address && { address, text: formatAddress(address) }
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(text, read)
  return read
}
