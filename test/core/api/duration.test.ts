import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { duration, durationMs } from '../../../src/core/api/duration.ts'

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['15s', 15_000],
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['2h3m4s', 7_384_000],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(duration.safeParse(text).success).toBe(true)
    expect(durationMs(text)).toBe(ms)
  })

  it('adds up its parts', () => {
    const part = fc.nat({ max: 999_999 })
    fc.assert(
      fc.property(part, part, part, (h, m, s) => {
        const text = `${h}h${m}m${s}s`
        expect(duration.parse(text)).toBe(text)
        expect(durationMs(text)).toBe(((h * 60 + m) * 60 + s) * 1000)
      }),
    )
  })
})
