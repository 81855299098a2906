import type { Address } from '../ip/address.ts'

/** Writes fields one behind the other, in network order, into bytes of a size that is known before. */
export interface Writer {
  readonly bytes: Uint8Array
  readonly uint8: (value: number) => void
  readonly uint16: (value: number) => void
  readonly uint32: (value: number) => void
  readonly uint48: (value: number) => void
  readonly uint64: (value: bigint) => void
  /** A length byte, then one byte for each ASCII character. */
  readonly text: (value: string) => void
  /** The IP version, then 4 or 16 bytes. */
  readonly address: (value: Address) => void
}

/** A writer at the beginning of `size` new bytes. */
export function writerOf(size: number): Writer {
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  const room = (length: number): number => {
    at += length
    return at - length
  }
  const uint8 = (value: number): void => view.setUint8(room(1), value)
  const uint16 = (value: number): void => view.setUint16(room(2), value)
  const uint32 = (value: number): void => view.setUint32(room(4), value)
  const uint64 = (value: bigint): void => view.setBigUint64(room(8), value)
  return {
    bytes,
    uint8,
    uint16,
    uint32,
    uint64,
    uint48(value) {
      uint16(Math.floor(value / 0x1_0000_0000))
      uint32(value % 0x1_0000_0000)
    },
    text(value) {
      uint8(value.length)
      for (const letter of value) uint8(letter.charCodeAt(0))
    },
    address({ family, value }) {
      uint8(family === 'IPv4' ? 4 : 6)
      if (family === 'IPv4') return uint32(Number(value))
      uint64(value >> 64n)
      uint64(value & 0xffff_ffff_ffff_ffffn)
    },
  }
}
