import { describe, expect, test } from 'vitest'
import { faultKinds } from './faults.ts'
import { historyOf } from './history.ts'
import { play } from './play.ts'
import { runSeeds } from './run-seeds.ts'
import { shrink } from './shrink.ts'
import { linesOf } from './tally.ts'
import { traceTo } from './trace.ts'
import { usualBounds } from './watch.ts'

test('a history goes the same way each time that it is told', () => {
  const told = [1, 2].map(() => {
    const lines: string[] = []
    play(
      historyOf(7),
      undefined,
      traceTo((line) => lines.push(line)),
    )
    return lines
  })
  expect(told[0]).toEqual(told[1])
  expect(told[0]?.length).toBeGreaterThan(20)
}, 300_000)

test('every kind of fault befalls somebody soon, most of them also a cluster in which all is well', () => {
  const { tally } = runSeeds(1, (played) => played < 60)
  expect([...tally.faults.keys()].toSorted()).toEqual(faultKinds.toSorted())
  const judged = [...tally.faults.values()].filter((each) => each.judged > 0)
  expect(judged.length).toBeGreaterThan(faultKinds.length / 2)
  expect(linesOf(tally).join('\n')).toContain('simulated hours')
  // It is asked who else answers, and whether announcers do; anything that is found would be a violation.
  expect(tally.probes).toBeGreaterThan(50)
  expect(tally.tests).toBeGreaterThan(100)
}, 300_000)

describe('what lasts longer than its bound is noticed', () => {
  const violationsWithin = (bounds: Parameters<typeof play>[1]): readonly string[] =>
    Array.from({ length: 30 }, (_, at) => play(historyOf(at + 1), bounds)).flatMap((each) => each.violations)

  test('that two announce an address which hear each other', () => {
    const violations = violationsWithin({ ...usualBounds, two: [0, 1] })
    expect(violations).toContainEqual(expect.stringContaining('which hear each other'))
  }, 300_000)

  test('that nobody does', () => {
    const violations = violationsWithin({ ...usualBounds, none: [0, 1] })
    expect(violations).toContainEqual(expect.stringContaining('announced by nobody'))
  }, 300_000)
})

test('what goes wrong is told again with less befalling', () => {
  const strict = { ...usualBounds, none: [0, 1] } as const
  const seed = Array.from({ length: 30 }, (_, at) => at + 1).find(
    (each) => play(historyOf(each), strict).violations.length > 0,
  )
  const history = historyOf(seed as number)
  const smallest = shrink(history, strict)
  expect(play(smallest, strict).violations.length).toBeGreaterThan(0)
  expect(smallest.acts.length).toBeLessThan(history.acts.length)
}, 300_000)
