import { describe, expect, it } from 'vitest'
import { longestGap, mostInARow, summarize, type Attempt } from '../../src/sandbox/probe/outage.ts'
import { inTime } from '../../src/sandbox/probe/tcp.ts'

/** One attempt each millisecond: `.` was answered half a millisecond later, `x` was not. */
const attempts = (pattern: string): readonly Attempt[] =>
  Array.from({ length: pattern.length }, (_, at) =>
    pattern[at] === '.' ? { sentMs: at, answeredMs: at + 0.5 } : { sentMs: at },
  )

describe('the longest gap', () => {
  it.each([
    ['.....', 0, 0],
    ['..x..', 2, 1],
    ['.xx.x.', 3, 2],
    ['.x.xxx.', 4, 3],
    ['...xxx', 0, 0], // Nobody knows when it would have ended.
    ['xxx..', 0, 3], // Nor when it began.
    ['', 0, 0],
  ])('of %s is %i ms, with %i in a row', (pattern, gapMs, inARow) => {
    expect(longestGap(attempts(pattern))).toBe(gapMs)
    expect(mostInARow(attempts(pattern))).toBe(inARow)
  })
  it('is what is summed up, beside all that was lost', () => {
    expect(summarize(attempts('.xx.x.'))).toEqual({
      sent: 6,
      answered: 3,
      lost: 3,
      longestGapMs: 3,
      medianMs: 0.5,
    })
  })
})

describe('an answer over TCP', () => {
  it('counts when nothing had to be sent again for it', () => {
    expect(inTime({ sentMs: 10, answeredMs: 510 })).toEqual({ sentMs: 10, answeredMs: 510 })
  })
  it.each([{ sentMs: 10, answeredMs: 1_040 }, { sentMs: 10 }])('is lost when it is %o', (attempt) => {
    expect(inTime(attempt)).toEqual({ sentMs: 10 })
  })
})
