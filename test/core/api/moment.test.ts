import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { momentOf, parseMoment, secondOf } from '../../../src/core/api/moment.ts'

describe('a moment', () => {
  const anyMs = fc.integer({ min: Date.UTC(1601), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) })

  it('is written as JavaScript writes it, and read back', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(momentOf(ms)).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'))
        expect(secondOf(ms)).toBe(`${new Date(ms).toISOString().slice(0, 19)}Z`)
        expect(parseMoment(momentOf(ms))).toBe(ms)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['2024-02-29T12:34:56Z', '2024-02-29T12:34:56.7+01:30', '1999-12-31T23:59:59.999999-08:00'])(
    '%s is read as JavaScript reads it',
    (text) => {
      expect(parseMoment(text)).toBe(Date.parse(text))
    },
  )

  it.each(['', 'yesterday', '2024-02-29', '2024-02-29T12:34:56', '2024-02-29 12:34:56Z'])(
    '%s is none',
    (text) => {
      expect(parseMoment(text)).toBeUndefined()
    },
  )
})
