/** Bytes written as hex, blanks allowed. */
export function bytesOf(hex: string): Uint8Array {
  const digits = hex.replaceAll(/\s/g, '')
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

/** Hex without blanks. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The bytes at an odd place inside a larger buffer full of other things, with more of those behind. */
export function within(bytes: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 30).fill(0xa5)
  buffer.set(bytes, 7)
  return buffer.subarray(7, 7 + bytes.length)
}

/** The bytes with `count` bytes of padding behind. */
export function padded(bytes: Uint8Array, count: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + count).fill(0xa5)
  longer.set(bytes)
  return longer
}
