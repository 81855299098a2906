import { readUint16 } from './ethernet.ts'

/** The sum of the bytes as 16-bit words in network order (RFC 1071), not folded yet; an odd last byte counts as the high one. */
export function sumOf(bytes: Uint8Array, offset: number, length: number): number {
  let total = 0
  for (let at = 0; at + 1 < length; at += 2) total += readUint16(bytes, offset + at)
  return length % 2 === 0 ? total : total + (bytes[offset + length - 1] as number) * 256
}

/** A sum in 16 bits, its carries added in again. All ones for bytes that hold their own checksum. */
export function folded(total: number): number {
  let rest = total
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x1_0000)
  return rest
}
