import type { Cause } from './effect.ts'
import { announceAnew, drop, put } from './hold.ts'
import { judgeAll } from './judge.ts'
import { bury, isComplete } from './liveness.ts'
import type { SegmentState } from './state.ts'
import { deadIntervalOf, twinMs } from './timing.ts'
import type { Draft, Work } from './work.ts'
import { isActive, isAudible, report, segmentOf, writable } from './work.ts'

/** How many dead intervals a silence may last at most while some peer's bids are not all here. */
const longestSilence = 4

/**
 * Stops answering and listens for a dead interval from now. What was ours stays so in the weakest form: heard
 * by us alone, without contact.
 */
export function silence(work: Work, segment: Draft<SegmentState>, cause: Cause): void {
  for (const [key, holding] of segment.holdings) {
    if (holding.phase === 'yielding') drop(work, segment, key, cause)
    else {
      if (isAudible(segment)) report(work, segment, key, 'silent', cause)
      put(work, segment, key, {
        ...holding,
        claim: undefined,
        bid: { ...holding.bid, support: 1, contact: false },
      })
    }
  }
  segment.quietSince = work.now
  segment.unheldSince = new Map()
  segment.voices = new Map()
}

/** When the silence ends: a dead interval after it began, later while tables are not all here. */
export function silenceEndsAt(segment: SegmentState, missed: number): number {
  if (segment.quietSince === undefined) return Infinity
  const deadIntervalMs = deadIntervalOf(segment, missed)
  const isReady = [...segment.sessions.values()].every(
    (one) => one.liveSince === undefined || isComplete(one),
  )
  return segment.quietSince + deadIntervalMs * (isReady ? 1 : longestSilence)
}

/** Ends the silence when it is time: what nobody else took meanwhile is resumed. */
export function endSilence(work: Work, segment: Draft<SegmentState>): void {
  if (!isActive(segment) || silenceEndsAt(segment, work.state.config.missed) > work.now) return
  judgeAll(work, segment)
  segment.quietSince = undefined
  for (const key of segment.holdings.keys()) report(work, segment, key, 'announcing', 'resumed')
  announceAnew(work, segment)
  judgeAll(work, segment)
}

/** A gap longer than we promised: peers took us for dead, and what we know of them is as old as the gap. */
export function notePause(work: Work, sleptMs: number): void {
  const { missed } = work.state.config
  for (const { segment, pulse } of work.state.segments.values()) {
    if (sleptMs <= pulse.promisedMs * missed) continue
    const slept = segmentOf(work, segment.interface) as Draft<SegmentState>
    silence(work, slept, 'silenced')
    excuse(work, slept)
  }
}

/** Peers get a whole dead interval to be heard again: their packets may be waiting unread. */
function excuse(work: Work, segment: Draft<SegmentState>): void {
  const sessions = writable<
    SegmentState['sessions'] extends ReadonlyMap<bigint, infer One> ? One : never,
    bigint
  >(work, segment.sessions)
  for (const session of segment.sessions.values()) {
    if (session.liveSince !== undefined) {
      sessions.set(session.nonce, { ...session, heardAt: work.now, echoedAt: work.now })
    }
  }
  segment.sessions = sessions
}

/** The link is down: nobody is heard, nothing is answered. */
export function loseLink(work: Work, segment: Draft<SegmentState>): void {
  silence(work, segment, 'linkDown')
  bury(work, segment, ({ liveSince }) => liveSince !== undefined)
}

/** The link is back: listen first. */
export function regainLink(work: Work, segment: Draft<SegmentState>): void {
  segment.quietSince = work.now
  segment.pulse = { ...segment.pulse, beatAt: work.now }
}

/** A twin that has gone quiet or lost its link speaks for nobody: this interface begins, silent as after a start. */
export function loseTwin(work: Work, segment: Draft<SegmentState>): void {
  if (segment.twin === undefined) return
  const other = work.state.segments.get(segment.twin.interface)
  if (other?.segment.up === true && segment.twin.heardAt + twinMs > work.now) return
  segment.twin = undefined
  work.twinsChanged = true
  regainLink(work, segment)
}
