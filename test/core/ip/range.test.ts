import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Family } from '../../../src/core/ip/address.ts'
import { parseAddress } from '../../../src/core/ip/address.ts'
import type { Range } from '../../../src/core/ip/range.ts'
import {
  bitsOf,
  contains,
  formatRange,
  overlaps,
  parseRange,
  prefixOf,
  sizeOf,
  subtract,
} from '../../../src/core/ip/range.ts'

function read(text: string): Range {
  const parsed = parseRange(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.range
}

function problemOf(text: string): string {
  const parsed = parseRange(text)
  return 'problem' in parsed ? parsed.problem : 'no problem'
}

const anyRange = fc.constantFrom<Family>('IPv4', 'IPv6').chain((family) => {
  const value = fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(family))) - 1n })
  // IPv4-mapped IPv6 addresses have no text of their own here
  const plain = value.filter((v) => family === 'IPv4' || v >> 32n !== 0xffffn)
  return fc
    .tuple(plain, plain)
    .map(([a, b]): Range => (a <= b ? { family, first: a, last: b } : { family, first: b, last: a }))
})

describe('a range', () => {
  it.each([
    ['192.168.10.0/24', 256n, '192.168.10.0/24'],
    ['192.168.10.200-192.168.10.209', 10n, '192.168.10.200-192.168.10.209'],
    [' 192.168.10.200 - 192.168.10.209 ', 10n, '192.168.10.200-192.168.10.209'],
    ['192.168.9.7', 1n, '192.168.9.7'],
    [' 192.168.9.7 ', 1n, '192.168.9.7'],
    ['192.168.9.7/32', 1n, '192.168.9.7'],
    ['10.0.0.0-10.255.255.255', 1n << 24n, '10.0.0.0/8'],
    ['0.0.0.0/0', 1n << 32n, '0.0.0.0/0'],
    ['fd00:10::/120', 256n, 'fd00:10::/120'],
    ['FD00:10:0::1', 1n, 'fd00:10::1'],
    ['::/0', 1n << 128n, '::/0'],
    ['fd00::1-fd00::3', 3n, 'fd00::1-fd00::3'],
  ])('"%s" is read, counted and printed', (text, size, printed) => {
    expect(sizeOf(read(text))).toBe(size)
    expect(formatRange(read(text))).toBe(printed)
  })

  it.each([
    ['', 'an address is missing'],
    ['lan', '"lan" is not an IP address; write one such as'],
    ['10.0.0.256', '"10.0.0.256" is not an IP address'],
    ['10.0.0.0/33', '"10.0.0.0/33" has no usable prefix length; write a number from 0 to 32'],
    ['10.0.0.0/', 'has no usable prefix length'],
    ['10.0.0.0/024', 'has no usable prefix length'],
    ['10.0.0.0/24/24', 'has no usable prefix length'],
    ['fd00::/129', 'write a number from 0 to 128'],
    ['/24', 'an address is missing'],
    ['10.0.0.7/29', 'write 10.0.0.0/29 for the whole network or 10.0.0.7 for the one address'],
    ['fd00::1/64', 'write fd00::/64 for the whole network or fd00::1 for the one address'],
    ['10.0.0.9-10.0.0.1', '"10.0.0.9-10.0.0.1" ends before it begins; write 10.0.0.1-10.0.0.9'],
    [
      '10.0.0.1-fd00::1',
      'begins with an IPv4 and ends with an IPv6 address; write one range for each family',
    ],
    ['10.0.0.1-', 'is not a range; write it as first-last'],
    ['-10.0.0.1', 'is not a range'],
    ['10.0.0.1-10.0.0.2-10.0.0.3', 'is not a range'],
    ['10.0.0.1-10.0.0.x', '"10.0.0.x" is not an IP address'],
    ['x-10.0.0.1', '"x" is not an IP address'],
    ['fe80::1%eth0', '"fe80::1%eth0" has a zone; write it without "%eth0"'],
    ['::ffff:10.0.0.1', 'is an IPv4 address mapped into IPv6; write 10.0.0.1'],
    ['10.0.00.01', 'has leading zeros; write 10.0.0.1'],
  ])('"%s" is refused with what would mend it', (text, words) => {
    expect(problemOf(text)).toContain(words)
  })

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        expect(read(formatRange(range))).toEqual(range)
      }),
    )
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseRange(text)).not.toThrow()
      }),
    )
  })

  it('contains its ends and nothing next to them', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        const { family } = range
        expect(contains(range, { family, value: range.first })).toBe(true)
        expect(contains(range, { family, value: range.last })).toBe(true)
        expect(contains(range, { family, value: range.first - 1n })).toBe(false)
        expect(contains(range, { family, value: range.last + 1n })).toBe(false)
      }),
    )
  })

  it('does not contain an address of the other family', () => {
    expect(contains(read('0.0.0.0/0'), parseAddress('::1')!)).toBe(false)
  })

  it('overlaps another exactly when one of them begins inside the other', () => {
    fc.assert(
      fc.property(anyRange, anyRange, (a, b) => {
        const model =
          contains(a, { family: b.family, value: b.first }) ||
          contains(b, { family: a.family, value: a.first })
        expect(overlaps(a, b)).toBe(model)
        expect(overlaps(b, a)).toBe(model)
      }),
    )
  })

  it('without another one is what is left of it', () => {
    const left = (cut: string): readonly string[] =>
      subtract(read('10.0.0.4-10.0.0.7'), read(cut)).map(formatRange)
    expect(left('10.0.0.5')).toEqual(['10.0.0.4', '10.0.0.6/31'])
    expect(left('10.0.0.0-10.0.0.5')).toEqual(['10.0.0.6/31'])
    expect(left('10.0.0.6-10.0.0.9')).toEqual(['10.0.0.4/31'])
    expect(left('10.0.0.0/24')).toEqual([])
    expect(left('10.0.1.0/24')).toEqual(['10.0.0.4/30'])
    expect(left('::/0')).toEqual(['10.0.0.4/30'])
  })

  it.each([
    ['192.168.10.5/24', '192.168.10.0/24'],
    ['10.0.0.1/32', '10.0.0.1'],
    ['fd00::5/64', 'fd00::/64'],
  ])('is the subnet of an interface with %s', (text, subnet) => {
    expect(formatRange(prefixOf(text)!)).toBe(subnet)
  })

  it.each(['', '10.0.0.1', '10.0.0.1/', '10.0.0.1/33', '10.0.0.1/-1', '/24', 'x/24', '10.0.0.1/24/24'])(
    'is not read out of "%s" as a subnet',
    (text) => {
      expect(prefixOf(text)).toBeUndefined()
    },
  )
})
