import { judgeAt, isEligible, namesUs } from './bench.ts'
import type { Bench, Case } from './bench.ts'
import { drop, take, wait } from './hold.ts'
import type { Key } from './key.ts'
import { isOverruled } from './overruled.ts'
import type { Interest, SegmentState } from './state.ts'
import { deadIntervalOf, firstBidGraceMs, successionMs } from './timing.ts'
import { turnOf } from './turn.ts'
import type { Draft, Work } from './work.ts'
import { writable } from './work.ts'

/*
 * An address that nobody is known to hold: whose turn it is to take it, and when. judge.ts says why it is so.
 */

/**
 * A live peer gave these addresses up, or is giving them up, to somebody whom it hears and we may not hear yet:
 * nobody's turn comes for a dead interval.
 */
export function postpone(work: Work, segment: Draft<SegmentState>, ...keys: readonly Key[]): void {
  const since = work.now + deadIntervalOf(segment, work.state.config.missed)
  segment.unheldSince = writable(work, segment.unheldSince)
  for (const key of keys) {
    if (segment.interests.has(key)) (segment.unheldSince as Map<Key, number>).set(key, since)
  }
}

/** Nobody holds it, though we may still be answering. */
export function judgeUnheld(bench: Bench, one: Case): void {
  const { work, segment } = bench
  waitForTurn(bench, one)
  const holding = segment.holdings.get(one.key)
  if (holding?.phase !== 'yielding') return
  // A successor that is gone again has not succeeded: the wait begins anew.
  const yieldBy = holding.hasSuccessor ? work.now + successionMs : holding.yieldBy
  if (yieldBy <= work.now) return drop(work, segment, one.key, 'expired')
  if (holding.hasSuccessor) wait(work, segment, one.key, { ...holding, hasSuccessor: false, yieldBy })
  judgeAt(segment, yieldBy)
}

function waitForTurn(bench: Bench, one: Case): void {
  const { work, segment } = bench
  const { key, interest } = one
  if (!isEligible(work, interest) || isOverruled(work, segment, key, interest)) return
  const since = segment.unheldSince.get(key) ?? work.now
  const [turn, turnAt] = turnAtOf(bench, one, since)
  if (turnAt <= work.now) return takeTurn(bench, key, interest, turn)
  if (!segment.unheldSince.has(key)) segment.unheldSince = writable(work, segment.unheldSince).set(key, since)
  judgeAt(segment, turnAt)
}

/** When our turn comes at the earliest. The whole line is counted only once that we are not first is settled. */
function turnAtOf(bench: Bench, { key, interest }: Case, since: number): readonly [number, number] {
  const { work, segment, live, deadIntervalMs, completeAt } = bench
  const { node } = work.state.config
  const turnOfMost = (most: number): number => turnOf(node, interest.duty, key, live, most)
  const atTurn = (turn: number): number => {
    const isOurs = turn === 0 && namesUs(work, interest)
    const grace = isOurs || segment.terms.has(key) ? 0 : firstBidGraceMs
    return Math.max(since + turn * deadIntervalMs + grace, completeAt)
  }
  const least = turnOfMost(1)
  if (least === 0 || atTurn(least) > work.now) return [least, atTurn(least)]
  const turn = turnOfMost(Infinity)
  return [turn, atTurn(turn)]
}

function takeTurn(bench: Bench, key: Key, interest: Interest, turn: number): void {
  const { work, segment } = bench
  const cause = namesUs(work, interest) ? 'placed' : turn === 0 ? 'elected' : 'stoodIn'
  forgetUnheld(bench, key)
  take(work, segment, interest.duty, key, cause)
}

/** Somebody holds it. */
export function forgetUnheld({ work, segment }: Bench, key: Key): void {
  if (!segment.unheldSince.has(key)) return
  const unheld = writable(work, segment.unheldSince)
  unheld.delete(key)
  segment.unheldSince = unheld
}
