import { expect, test } from 'vitest'
import { historyOf, play, shrink } from './history.ts'

// SEEDS=5000 plays more histories, SEED=123 begins elsewhere.
const seeds = Number(process.env['SEEDS'] ?? 200)
const first = Number(process.env['SEED'] ?? 1)
// Two dead intervals and a beat to settle who holds; ten dead intervals for five nodes to stand in for one another.
const bounds = { twoHolders: 400, noHolder: 1_500 }

test(`in ${seeds} random histories no address is long held by two or by nobody, nothing moves without cause, and all settles`, () => {
  for (let seed = first; seed < first + seeds; seed++) {
    const history = historyOf(seed)
    if (play(history, bounds).violations.length === 0) continue
    const smallest = shrink(history, bounds)
    const { violations } = play(smallest, bounds)
    expect.fail(`seed ${seed}: ${violations.slice(0, 3).join('; ')}\n${JSON.stringify(smallest)}`)
  }
}, 3_600_000)

test('a history goes the same way each time that it is told', () => {
  expect(play(historyOf(7), bounds)).toEqual(play(historyOf(7), bounds))
})

test('all along it is asked who else answers: a move taken for somebody else would be a violation, too', () => {
  const outcomes = Array.from({ length: 10 }, (_, at) => play(historyOf(at + 1), bounds))
  expect(outcomes.reduce((sum, { questions }) => sum + questions, 0)).toBeGreaterThan(50)
  expect(outcomes.flatMap(({ violations }) => violations)).toEqual([])
})

test('all along it is tested whether announcers answer: finding anything amiss would be a violation, too', () => {
  const outcomes = Array.from({ length: 10 }, (_, at) => play(historyOf(at + 1), bounds))
  expect(outcomes.reduce((sum, { tests }) => sum + tests, 0)).toBeGreaterThan(100)
  expect(outcomes.flatMap(({ violations }) => violations)).toEqual([])
})

test('an address that is held by nobody, or by two, for longer than the bound is noticed', () => {
  const strict = Array.from({ length: 10 }, (_, at) =>
    play(historyOf(at + 1), { twoHolders: 1, noHolder: 1 }),
  )
  const violations = strict.flatMap((outcome) => outcome.violations)
  expect(violations).toContainEqual(expect.stringContaining('held by nobody'))
  expect(violations).toContainEqual(expect.stringContaining('which hear each other'))
})
