import type { Address } from '../ip/address.ts'

/**
 * Reads fields one behind the other, in network order. Past the end, or after `refuse`, every field is zero
 * and `isAtEnd` is false for ever: a decoder reads on as if all were well and asks once, at the end.
 */
export interface Reader {
  readonly uint8: () => number
  readonly uint16: () => number
  readonly uint32: () => number
  readonly uint48: () => number
  readonly uint64: () => bigint
  /** A length byte, then printable ASCII; anything else is refused. */
  readonly text: () => string
  /** The IP version, then 4 or 16 bytes; another version is refused. */
  readonly address: () => Address
  /** A count byte, then as many items. */
  readonly list: <Item>(item: () => Item) => readonly Item[]
  readonly refuse: () => void
  readonly isAtEnd: () => boolean
}

/** A reader at the beginning of `bytes`. */
export function readerOf(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 0
  let sound = true
  const refuse = (): void => {
    sound = false
  }
  const has = (length: number): boolean => {
    sound &&= at + length <= bytes.length
    at += length
    return sound
  }
  const uint8 = (): number => (has(1) ? view.getUint8(at - 1) : 0)
  const uint16 = (): number => (has(2) ? view.getUint16(at - 2) : 0)
  const uint32 = (): number => (has(4) ? view.getUint32(at - 4) : 0)
  const uint64 = (): bigint => (has(8) ? view.getBigUint64(at - 8) : 0n)
  return {
    uint8,
    uint16,
    uint32,
    uint64,
    refuse,
    uint48: () => uint16() * 0x1_0000_0000 + uint32(),
    text() {
      const letters = String.fromCharCode(...Array.from({ length: uint8() }, uint8))
      if (/[^!-~]/.test(letters)) refuse()
      return letters
    },
    address() {
      const version = uint8()
      if (version === 6) return { family: 'IPv6', value: (uint64() << 64n) + uint64() }
      if (version !== 4) refuse()
      return { family: 'IPv4', value: BigInt(uint32()) }
    },
    list: (item) => Array.from({ length: uint8() }, () => item()),
    isAtEnd: () => sound && at === bytes.length,
  }
}
