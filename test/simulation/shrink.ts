import type { Act, History } from './history.ts'
import { play } from './play.ts'
import type { Bounds } from './watch.ts'

const mostTries = 400

/** The same history with as little as possible befalling, in as short a time as possible, that still goes wrong. */
export function shrink(history: History, bounds?: Bounds): History {
  let smallest = history
  let tries = 0
  const takesOver = (smaller: History): boolean => {
    if (++tries > mostTries || play(smaller, bounds).violations.length === 0) return false
    smallest = smaller
    return true
  }
  for (let isSmaller = true; isSmaller && tries < mostTries;) {
    isSmaller = false
    for (const smaller of smallerThan(smallest)) {
      if (!takesOver(smaller)) continue
      isSmaller = true
      break
    }
  }
  return smallest
}

/** Fewer faults, fewer nodes, no loss, shorter rests: the largest steps first. */
function* smallerThan(history: History): Iterable<History> {
  const { acts, nodes, loss, hasController } = history
  for (let at = acts.length - 1; at > 0; at--) yield { ...history, acts: acts.slice(0, at) }
  for (let at = 0; at < acts.length; at++) yield { ...history, acts: acts.toSpliced(at, 1) }
  if (nodes > 2) yield { ...history, nodes: nodes - 1 }
  if (loss > 0) yield { ...history, loss: 0 }
  if (hasController) yield { ...history, hasController: false }
  for (let at = 0; at < acts.length; at++) {
    const act = acts[at] as Act
    if (act.restMs > 100)
      yield { ...history, acts: acts.with(at, { ...act, restMs: Math.floor(act.restMs / 2) }) }
  }
}
