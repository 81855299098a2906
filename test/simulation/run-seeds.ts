import type { History } from './history.ts'
import { historyOf } from './history.ts'
import { play } from './play.ts'
import type { Tally } from './tally.ts'
import { add, emptyTally } from './tally.ts'

/** A history that went wrong, and how. */
export interface Failure {
  readonly seed: number
  readonly history: History
  readonly violations: readonly string[]
}

/** Plays the histories of the seeds from `first` on, until so many went wrong, or `goesOn` says that it is enough. */
export function runSeeds(
  first: number,
  goesOn: (played: number) => boolean,
  mostFailures = 1,
): { readonly tally: Tally; readonly failures: readonly Failure[] } {
  const tally = emptyTally()
  const failures: Failure[] = []
  for (let played = 0; goesOn(played) && failures.length < mostFailures; played++) {
    const seed = first + played
    const history = historyOf(seed)
    const outcome = play(history)
    add(tally, outcome.tally)
    const { violations } = outcome
    if (violations.length > 0) failures.push({ seed, history, violations })
  }
  return { tally, failures }
}
