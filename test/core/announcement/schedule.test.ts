import { expect, test } from 'vitest'
import { repeatDelayMs } from '../../../src/core/announcement/schedule.ts'

function momentsOf(rounds: number, spread: number): readonly number[] {
  let at = 0
  return Array.from({ length: rounds }, (_, round) => (at += repeatDelayMs(round, spread)))
}

test('an announcement is repeated at 100 ms, 500 ms, 1.1 s and 2.5 s', () => {
  expect(momentsOf(4, 0)).toEqual([100, 500, 1_100, 2_500])
})

test('at least two repetitions come after a second in which receivers may ignore them', () => {
  expect(momentsOf(4, 0).filter((moment) => moment > 1_000)).toHaveLength(2)
})

test('then it is repeated once a minute for ever', () => {
  expect(repeatDelayMs(5, 0.3)).toBe(60_000)
  expect(repeatDelayMs(500, 0.3)).toBe(60_000)
})

test('the first refreshes are spread over half a minute, so that a thousand addresses are no burst', () => {
  expect(repeatDelayMs(4, 0)).toBe(30_000)
  expect(repeatDelayMs(4, 0.5)).toBe(45_000)
  expect(repeatDelayMs(4, 0.999)).toBeLessThan(60_000)
})
