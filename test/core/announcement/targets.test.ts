import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  anyHasIpv4,
  anyHasIpv6At,
  hasIpv6At,
  noTargets,
  targetsOf,
} from '../../../src/core/announcement/targets.ts'
import { writeIpv6 } from '../../../src/core/wire/ipv6.ts'

function frameWith(value: bigint, at: number): Uint8Array {
  const frame = new Uint8Array(at + 16 + 3).fill(0xa5)
  writeIpv6(frame, at, value)
  return frame
}

test('an address is found wherever it stands, and no other one is, however alike', () => {
  // Few different words, so that many addresses end alike.
  const words = fc.constantFrom(0n, 1n, 0xffff_ffffn, 0x8000_0000n)
  const values = fc
    .tuple(words, words, words, words)
    .map(([a, b, c, d]) => (a << 96n) | (b << 64n) | (c << 32n) | d)
  fc.assert(
    fc.property(fc.array(values, { maxLength: 40 }), values, fc.nat({ max: 9 }), (listed, value, at) => {
      const targets = targetsOf(listed.map((each) => ({ family: 'IPv6', value: each }) as const))
      expect(hasIpv6At(targets, frameWith(value, at), at)).toBe(listed.includes(value))
    }),
    { numRuns: 1000 },
  )
})

test('the families are told apart, though their numbers are the same', () => {
  const targets = targetsOf([{ family: 'IPv4', value: 0x0a4d01c8n }])
  expect(targets.ipv4.has(0x0a4d01c8)).toBe(true)
  expect(hasIpv6At(targets, frameWith(0x0a4d01c8n, 0), 0)).toBe(false)
  expect(hasIpv6At(noTargets, frameWith(0n, 0), 0)).toBe(false)
})

test('an address of any of several lists is found', () => {
  const one = targetsOf([{ family: 'IPv4', value: 1n }])
  const other = targetsOf([
    { family: 'IPv4', value: 2n },
    { family: 'IPv6', value: 3n },
  ])
  expect([1, 2, 3].map((value) => anyHasIpv4([one, other], value))).toEqual([true, true, false])
  expect(anyHasIpv6At([one, other], frameWith(3n, 0), 0)).toBe(true)
  expect(anyHasIpv6At([one, other], frameWith(1n, 0), 0)).toBe(false)
})
