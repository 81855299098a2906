import { expect, test } from 'vitest'
import { historyOf, play, shrink } from './history.ts'

const seeds = Number(process.env['SEEDS'] ?? 300)
const first = Number(process.env['SEED'] ?? 1)
const bounds = { twoHolders: 1_000, noHolder: 3_000 }

test(`in ${seeds} random histories no address is held twice or by nobody for long, and all settles`, () => {
  const longest = { twoHolders: 0, noHolder: 0 }
  for (let seed = first; seed < first + seeds; seed++) {
    const history = historyOf(seed)
    const outcome = play(history, bounds)
    if (outcome.violations.length > 0) {
      const smallest = shrink(history, bounds)
      const { violations } = play(smallest, bounds)
      expect.fail(`seed ${seed}: ${violations.slice(0, 3).join('; ')}\n${JSON.stringify(smallest)}`)
    }
    longest.twoHolders = Math.max(longest.twoHolders, outcome.longest.twoHolders)
    longest.noHolder = Math.max(longest.noHolder, outcome.longest.noHolder)
  }
  console.log(`longest: ${JSON.stringify(longest)}`)
}, 600_000)
