import type { Act } from './act.ts'
import { actKinds, addressCount, befall, endFaults } from './act.ts'
import { ask, askingOf } from './asking.ts'
import { chanceOf } from './chance.ts'
import type { Bounds } from './invariants.ts'
import { look, watchOf } from './invariants.ts'
import { contested, movedWithoutCause, soleHolders, unsettled, wronglyWon } from './outcome.ts'
import { testAll, testingOf } from './testing.ts'
import type { World } from './world.ts'
import { runUntil, worldOf } from './world.ts'

/** One story: what the cluster is like, and what befalls it. Told again it goes the same way. */
export interface History {
  readonly seed: number
  readonly nodes: number
  readonly loss: number
  readonly hasController: boolean
  readonly acts: readonly Act[]
}

/** What became of a history. */
export interface Outcome {
  readonly violations: readonly string[]
  readonly longest: { readonly twoHolders: number; readonly noHolder: number }
  /** How often somebody asked who else answers. */
  readonly questions: number
  /** How often somebody asked whether the announcer of another address answers, and it did. */
  readonly tests: number
}

export function historyOf(seed: number): History {
  const chance = chanceOf(seed)
  const nodes = 2 + chance.below(4)
  const loss = chance.pick([0, 0, 0.01, 0.05])
  const acts = Array.from({ length: 4 + chance.below(9) }, () => ({
    kind: chance.pick(actKinds),
    seed: chance.below(2 ** 31),
    restMs: chance.happens(0.2) ? chance.between(0, 300) : chance.between(800, 2_000),
  }))
  return { seed, nodes, loss, hasController: chance.happens(0.6), acts }
}

/** Plays a history, then lets all faults end and looks whether everything settles. */
export function play(history: History, bounds: Bounds): Outcome {
  const world = worldOf(chanceOf(history.seed ^ 0x5eed), history.nodes, addressCount)
  const watch = watchOf(bounds)
  const asking = askingOf()
  const testing = testingOf()
  const told = (): Outcome => ({ ...watch, questions: asking.questions, tests: testing.answered })
  const rest = (ms: number): void =>
    runUntil(world, world.now + ms, () => {
      look(watch, world)
      ask(asking, world)
      testAll(testing, world)
    })
  Object.assign(world, { loss: history.loss, hasController: history.hasController })
  rest(1_500)
  let isCalm = true
  for (const act of history.acts) {
    const wasCalm = isCalm
    isCalm = act.restMs > 800
    const judged = judging(world, history, act, wasCalm && isCalm)
    befall(world, act)
    rest(act.restMs)
    watch.violations.push(...judged(), ...asking.conflicts.splice(0), ...testing.findings.splice(0))
    if (watch.violations.length > 0) return told()
  }
  watch.violations.push(...settling(world, rest), ...asking.conflicts, ...testing.findings)
  return told()
}

/** Looks at the world before an act; answers what there is to say against it afterwards. */
function judging(world: World, history: History, act: Act, isCalm: boolean): () => readonly string[] {
  if (!isCalm) return () => []
  const before = soleHolders(world)
  const winners = contested(world)
  // Three frames lost in a row make a peer dead, which is a cause, and weakens bids at any moment.
  const isLossless = history.loss === 0
  return () => [
    ...(isLossless ? movedWithoutCause(world, act, before) : []),
    ...(isLossless && act.kind === 'heal' && !history.hasController ? wronglyWon(winners) : []),
  ]
}

/** Ends all faults, and answers what does not settle then. */
function settling(world: World, rest: (ms: number) => void): readonly string[] {
  endFaults(world)
  // Long enough for one that was leaving to have left, and to be started again.
  rest(2_500)
  endFaults(world)
  rest(4_000)
  const wrong = unsettled(world)
  const { changes } = world
  rest(1_000)
  return world.changes === changes ? wrong : [...wrong, 'addresses go on changing hands after the end']
}

/** The same history with as little as possible befalling that still goes wrong. */
export function shrink(history: History, bounds: Bounds): History {
  for (let at = 0; at < history.acts.length; at++) {
    const fewer = { ...history, acts: history.acts.filter((_, index) => index !== at) }
    if (play(fewer, bounds).violations.length > 0) return shrink(fewer, bounds)
  }
  return history
}
