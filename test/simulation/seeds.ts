import { expect } from 'vitest'
import { runSeeds } from './run-seeds.ts'
import { shrink } from './shrink.ts'
import { play } from './play.ts'
import { traceTo } from './trace.ts'

/** How many histories each of the two files plays that do so side by side; SEEDS=10000 plays more, SEED=123 begins elsewhere. */
export const seedsEach = Number(process.env['SEEDS'] ?? 1_600) / 2
const first = Number(process.env['SEED'] ?? 1)

/** Plays one half of the histories; prints the smallest like the one that goes wrong, and what happens in it. */
export function expectHistoriesToHold(half: 0 | 1): void {
  const { failures, tally } = runSeeds(first + half * seedsEach, (played) => played < seedsEach)
  const [failure] = failures
  if (failure === undefined) return expect(tally.histories).toBe(seedsEach)
  const smallest = shrink(failure.history)
  const lines: string[] = []
  play(
    smallest,
    undefined,
    traceTo((line) => lines.push(line)),
  )
  expect.fail(
    `seed ${failure.seed}: ${failure.violations[0]}\n${JSON.stringify(smallest)}\n${lines.join('\n')}`,
  )
}
