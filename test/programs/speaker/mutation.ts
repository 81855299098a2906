import { upperChecksum } from '../../../src/core/wire/ipv6.ts'

/** A generator of its own, so that a seed gives the same frames again (mulberry32). */
export function chanceOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Some bytes changed, some cut off, or some put behind. */
export function mutated(bytes: Uint8Array, chance: (below: number) => number, keep: number): Uint8Array {
  const copy = Uint8Array.from({ length: bytes.length + chance(3) * 40 }, (_, at) => bytes[at] ?? chance(256))
  for (let changes = chance(6); changes > 0; changes--) copy[keep + chance(bytes.length - keep)] = chance(256)
  return chance(3) === 0 ? copy.slice(0, Math.max(14, chance(copy.length))) : copy
}

/** The same with the right checksum for what it says, where it has room for one. */
export function rightened(frame: Uint8Array): Uint8Array {
  const length = Math.min(frame[19] ?? 0, frame.length - 54)
  if (length < 4) return frame
  frame.set([0, 0], 56)
  const sum = upperChecksum(frame, 58, length)
  frame.set([sum >> 8, sum & 0xff], 56)
  return frame
}
