import type { Rival } from './bid.ts'
import type { Key } from './key.ts'
import { isComplete, liveByNode } from './liveness.ts'
import type { Holding, Interest, SegmentState, Session } from './state.ts'
import { deadIntervalOf } from './timing.ts'
import type { Draft, Work } from './work.ts'

/** What one judging of a segment looks at, over and over. */
export interface Bench {
  readonly work: Work
  readonly segment: Draft<SegmentState>
  readonly live: ReadonlyMap<string, Session>
  readonly deadIntervalMs: number
  /** While some table is not all here, nothing is taken before then. */
  readonly completeAt: number
}

/** One address on the bench. */
export interface Case {
  readonly key: Key
  readonly interest: Interest
  readonly holding: Holding | undefined
  /** Bids of live peers, leaving ones too. */
  readonly rivals: readonly Rival[]
  readonly strongest: Rival | undefined
}

/** Lays out what is the same for every address of the segment. */
export function benchOf(work: Work, segment: Draft<SegmentState>): Bench {
  const live = liveByNode(segment)
  const deadIntervalMs = deadIntervalOf(segment, work.state.config.missed)
  let completeAt = -Infinity
  for (const session of live.values()) {
    if (!isComplete(session)) completeAt = Math.max(completeAt, session.differsSince + deadIntervalMs)
  }
  return { work, segment, live, deadIntervalMs, completeAt }
}

/** Has the segment judged again then, at the latest. */
export function judgeAt(segment: Draft<SegmentState>, at: number): void {
  segment.judgeAt = Math.min(segment.judgeAt, at)
}

/** Whether this node may announce it, and goes on being there. */
export function isEligible({ state }: Work, { isCandidate }: Interest): boolean {
  return isCandidate && !state.leaving
}

/** Whether the placement names this node. */
export function namesUs({ state }: Work, { duty }: Interest): boolean {
  return duty.placement?.node === state.config.node
}

/** True when the placement that names us is newer than the bid that stands. */
export function namesUsSince({ state }: Work, { duty }: Interest, revision: number): boolean {
  return duty.placement?.node === state.config.node && duty.placement.revision > revision
}
