import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress } from '../../../src/core/ip/address.ts'
import { contains, parseRange } from '../../../src/core/ip/range.ts'
import type { Range } from '../../../src/core/ip/range.ts'
import { lineOf, positionOf, valueAt } from '../../../src/core/pool/line.ts'
import { usageOf } from '../../../src/core/pool/usage.ts'

function ranges(...texts: string[]): readonly Range[] {
  return texts.map((text) => (parseRange(text) as { range: Range }).range)
}

function walk(
  entries: readonly Range[],
  exclude: readonly Range[],
  avoidBuggyIPs: boolean,
): readonly string[] {
  const line = lineOf(entries, exclude, avoidBuggyIPs)
  const values = Array.from({ length: Number(line.total) }, (_, position) => valueAt(line, BigInt(position)))
  return values.map((value) => formatAddress({ family: 'IPv4', value }))
}

describe('the line of a pool', () => {
  it('has the entries in the order they are written, ascending inside each, without what is excluded', () => {
    const line = walk(ranges('10.0.5.0/30', '10.0.1.8-10.0.1.9'), ranges('10.0.5.1'), false)
    expect(line).toEqual(['10.0.5.0', '10.0.5.2', '10.0.5.3', '10.0.1.8', '10.0.1.9'])
  })

  it('counts an address that two entries list once', () => {
    expect(walk(ranges('10.0.0.2-10.0.0.4', '10.0.0.1-10.0.0.5'), [], false)).toEqual([
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.4',
      '10.0.0.1',
      '10.0.0.5',
    ])
  })

  it('can leave out .0 and .255', () => {
    expect(walk(ranges('10.0.0.254-10.0.1.1', '10.0.2.0', '10.0.2.255'), [], true)).toEqual([
      '10.0.0.254',
      '10.0.1.1',
    ])
  })

  it('leaves IPv6 as it is when .0 and .255 are left out', () => {
    expect(lineOf(ranges('fd00::/120'), [], true).total).toBe(256n)
  })

  it('of nothing has no positions', () => {
    const line = lineOf([], [], true)
    expect(line.total).toBe(0n)
    expect(positionOf(line, 1n)).toBeUndefined()
    expect(() => valueAt(line, 0n)).toThrow('position 0 is not on a line of 0')
  })

  it('reaches every place of a /8 and of an IPv6 /64', () => {
    const four = lineOf(ranges('10.0.0.0/8'), [], true)
    expect(four.total).toBe(BigInt(254 * 256 * 256))
    expect(formatAddress({ family: 'IPv4', value: valueAt(four, four.total - 1n) })).toBe('10.255.255.254')
    const six = lineOf(ranges('fd00::/64'), ranges('fd00::5'), false)
    expect(six.total).toBe((1n << 64n) - 1n)
    expect(positionOf(six, parseAddress('fd00::ffff:ffff:ffff:ffff')!.value)).toBe((1n << 64n) - 2n)
    expect(() => valueAt(six, six.total)).toThrow('is not on a line')
  })

  const smallRange = fc
    .tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 0, max: 300 }))
    .map(([from, size]): Range => ({ family: 'IPv4', first: BigInt(from), last: BigInt(from + size) }))

  it('is what walking through every address gives', () => {
    fc.assert(
      fc.property(
        fc.array(smallRange, { maxLength: 4 }),
        fc.array(smallRange, { maxLength: 4 }),
        fc.boolean(),
        (entries, exclude, avoid) => {
          const model: bigint[] = []
          for (const { first, last } of entries) {
            for (let value = first; value <= last; value++) {
              const isOut = exclude.some((range) => contains(range, { family: 'IPv4', value }))
              const isBuggy = avoid && [0n, 255n].includes(value % 256n)
              if (!isOut && !isBuggy && !model.includes(value)) model.push(value)
            }
          }
          const line = lineOf(entries, exclude, avoid)
          expect(line.total).toBe(BigInt(model.length))
          expect(model.map((_, index) => valueAt(line, BigInt(index)))).toEqual(model)
          for (let value = 0n; value < 1400n; value++) {
            const index = model.indexOf(value)
            expect(positionOf(line, value)).toBe(index < 0 ? undefined : BigInt(index))
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('the usage of a pool', () => {
  it('is counted', () => {
    expect(
      usageOf(lineOf(ranges('10.0.0.0/28'), [], false), {
        allocated: 3,
        onLine: 2,
        retained: 0,
        quarantined: 0,
      }),
    ).toEqual({
      total: 16,
      allocated: 3,
      retained: 0,
      quarantined: 0,
      available: 14,
    })
  })

  it('saturates where a number cannot be exact', () => {
    const { total, available } = usageOf(lineOf(ranges('fd00::/64'), [], false), {
      allocated: 1,
      onLine: 1,
      retained: 0,
      quarantined: 0,
    })
    expect([total, available]).toEqual([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
  })
})
