import type { Bid } from '../wire/heartbeat.ts'
import type { Key } from './key.ts'
import type { SegmentState, Session } from './state.ts'
import { deadAt, forgetMs } from './timing.ts'
import type { Draft, Work } from './work.ts'
import { writable } from './work.ts'

/** How many speakers we hear on the segment, ourselves included. */
export function liveCountOf(segment: SegmentState): number {
  let live = 1
  for (const session of segment.sessions.values()) if (session.liveSince !== undefined) live++
  return live
}

/** Whether the node's speaker is a live peer on the segment. */
export function isLive(segment: SegmentState, node: string): boolean {
  for (const session of segment.sessions.values()) {
    if (session.node === node && session.liveSince !== undefined) return true
  }
  return false
}

/** The sessions that are live, by node: there is one for each. */
export function liveByNode(segment: SegmentState): ReadonlyMap<string, Session> {
  const live = new Map<string, Session>()
  for (const session of segment.sessions.values()) {
    if (session.liveSince !== undefined) live.set(session.node, session)
  }
  return live
}

/** Of a session whose bids we do not know. */
export const nothingKnown = {
  saidDigest: 0,
  knownDigest: 0,
  differsSince: Infinity,
  bids: new Map<Key, Bid>(),
} as const

/** True when we know all of the session's bids. */
export function isComplete(session: Session): boolean {
  return session.saidDigest === session.knownDigest
}

/** Takes those for dead that were silent for too long, and forgets those long gone. Answers who died, as they were. */
export function expire(work: Work, segment: Draft<SegmentState>): readonly Session[] {
  const died: Session[] = []
  for (const session of segment.sessions.values()) {
    if (isDue(work, session)) died.push(session)
    else if (session.liveSince === undefined && session.heardAt + forgetMs <= work.now) {
      retire(work, segment, session, session.sequence)
    }
  }
  if (died.length > 0) bury(work, segment, (session) => isDue(work, session))
  return died
}

/** Makes sessions dead that were live. What they bid is forgotten: when they are back it may long be otherwise. */
export function bury(work: Work, segment: Draft<SegmentState>, isGone: (session: Session) => boolean): void {
  const sessions = writable(work, segment.sessions)
  for (const session of segment.sessions.values()) {
    if (isGone(session)) sessions.set(session.nonce, { ...session, ...nothingKnown, liveSince: undefined })
  }
  segment.sessions = sessions
  work.peersChanged = true
}

/** Ends a session for good: its packets up to `floor` are never believed again. */
export function retire(work: Work, segment: Draft<SegmentState>, session: Session, floor: number): void {
  const sessions = writable(work, segment.sessions)
  sessions.delete(session.nonce)
  segment.sessions = sessions
  segment.floors = writable<number, bigint>(work, segment.floors).set(session.nonce, floor)
}

function isDue(work: Work, session: Session): boolean {
  return session.liveSince !== undefined && deadAt(session, work.state.config.missed) <= work.now
}
