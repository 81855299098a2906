import { repeatDelayMs } from '../announcement/schedule.ts'
import type { Bid } from '../wire/heartbeat.ts'
import { digestOf } from './bid.ts'
import type { Cause } from './effect.ts'
import type { Duty } from './event.ts'
import { hashKey } from './hash.ts'
import type { Key } from './key.ts'
import { addressOf } from './key.ts'
import { liveCountOf } from './liveness.ts'
import type { Holding, SegmentState } from './state.ts'
import type { Draft, Work } from './work.ts'
import { isAudible, report, writable } from './work.ts'

/** Announcements after this one are far enough apart to begin anew without a storm, or to be left out. */
export const settledRound = 3

const firm = { leaving: false, yielding: false } as const

/** Bids for an address, answers for it from now on, and says so. */
export function take(work: Work, segment: Draft<SegmentState>, duty: Duty, key: Key, cause: Cause): void {
  const term = (segment.terms.get(key) ?? 0) + 1
  const bid: Bid = { ...freshBid(work, segment, duty), address: duty.address, ...firm, term }
  put(work, segment, key, {
    bid,
    phase: 'announcing',
    cause,
    hasSuccessor: false,
    yieldBy: Infinity,
    claim: undefined,
    defendedAt: -Infinity,
    cededUntil: -Infinity,
    round: 0,
    announceAt: Infinity,
  })
  noteTerm(work, segment, key, term)
  report(work, segment, key, 'announcing', cause)
  announce(work, segment, key, 0)
}

/** Puts a newer placement of ourselves into the bid that stands: it counts as made now. */
export function renew(
  work: Work,
  segment: Draft<SegmentState>,
  duty: Duty,
  holding: Holding,
  key: Key,
): void {
  put(work, segment, key, { ...holding, bid: { ...holding.bid, ...freshBid(work, segment, duty) } })
}

/** Goes on answering until a successor is heard on the wire, or until `yieldBy`. */
export function yieldTo(
  work: Work,
  segment: Draft<SegmentState>,
  key: Key,
  holding: Holding,
  why: Yielding,
): void {
  wait(work, segment, key, { ...holding, ...why, phase: 'yielding' })
  report(work, segment, key, 'yielding', why.cause)
}

/** Goes on yielding, in other hopes; peers are told whether a successor is known. */
export function wait(work: Work, segment: Draft<SegmentState>, key: Key, holding: Holding): void {
  const { bid, hasSuccessor } = holding
  const isTold = bid.leaving && bid.yielding === hasSuccessor
  put(
    work,
    segment,
    key,
    isTold ? holding : { ...holding, bid: { ...bid, leaving: true, yielding: hasSuccessor } },
  )
}

/** Why and how long an address is yielded. */
export type Yielding = Pick<Holding, 'cause' | 'hasSuccessor' | 'yieldBy'>

/** Stops answering at once. */
export function drop(work: Work, segment: Draft<SegmentState>, key: Key, cause: Cause): void {
  const holdings = writable(work, segment.holdings)
  const { bid } = holdings.get(key) as Holding
  holdings.delete(key)
  segment.holdings = holdings
  segment.digest = (segment.digest ^ digestOf(bid)) >>> 0
  tellOf(work, segment, key)
  if (isAudible(segment)) report(work, segment, key, 'silent', cause)
}

/** Writes a holding down; its bid is told when it has changed. */
export function put(work: Work, segment: Draft<SegmentState>, key: Key, holding: Holding): void {
  const before = segment.holdings.get(key)?.bid
  segment.holdings = writable(work, segment.holdings).set(key, holding)
  if (before === holding.bid) return
  segment.digest =
    (segment.digest ^ (before === undefined ? 0 : digestOf(before)) ^ digestOf(holding.bid)) >>> 0
  tellOf(work, segment, key)
}

/** Speaks for an address now, as announcement number `round`, and notes when the next one is due. */
export function announce(work: Work, segment: Draft<SegmentState>, key: Key, round: number): void {
  const holding = segment.holdings.get(key) as Holding
  const announceAt = work.now + repeatDelayMs(round, hashKey(key) / 2 ** 32)
  segment.announceAt = Math.min(segment.announceAt, announceAt)
  put(work, segment, key, { ...holding, round: round + 1, announceAt })
  work.announcements.push({ kind: 'announce', interface: segment.segment.interface, address: addressOf(key) })
}

/** Repeats every announcement that is due. */
export function announceDue(work: Work, segment: Draft<SegmentState>): void {
  if (work.now < segment.announceAt || !isAudible(segment)) return
  segment.announceAt = Infinity
  for (const [key, { phase, announceAt, round, cededUntil }] of segment.holdings) {
    if (phase === 'yielding') continue
    const dueAt = round > settledRound ? Math.max(announceAt, cededUntil) : announceAt
    if (dueAt <= work.now) announce(work, segment, key, round)
    else segment.announceAt = Math.min(segment.announceAt, dueAt)
  }
}

/** Begins the announcements of everything that is ours anew. */
export function announceAnew(work: Work, segment: Draft<SegmentState>): void {
  if (!isAudible(segment)) return
  for (const [key, { phase }] of segment.holdings) {
    if (phase === 'announcing') announce(work, segment, key, 0)
  }
}

/** Lowers the support of every bid to what is heard now, and its contact to what we have: neither ever rises again. */
export function weaken(work: Work, segment: Draft<SegmentState>, contact: boolean): void {
  const live = liveCountOf(segment)
  for (const [key, holding] of segment.holdings) {
    const { bid } = holding
    if (bid.leaving || (bid.support <= live && (contact || !bid.contact))) continue
    const support = Math.min(bid.support, live)
    put(work, segment, key, { ...holding, bid: { ...bid, support, contact: bid.contact && contact } })
  }
}

/** Remembers the greatest term seen. */
export function noteTerm(work: Work, segment: Draft<SegmentState>, key: Key, term: number): void {
  if (term > (segment.terms.get(key) ?? 0)) segment.terms = writable(work, segment.terms).set(key, term)
}

function freshBid(
  work: Work,
  segment: SegmentState,
  duty: Duty,
): Pick<Bid, 'revision' | 'support' | 'contact'> {
  const revision = duty.placement?.revision ?? 0
  return { revision, support: liveCountOf(segment), contact: work.state.contact }
}

function tellOf(work: Work, segment: Draft<SegmentState>, key: Key): void {
  const { telling } = segment
  const changed = work.own.has(telling.changed) ? (telling.changed as Set<Key>) : new Set(telling.changed)
  work.own.add(changed)
  segment.telling = { ...telling, changed: changed.add(key) }
}
