import { contains } from '../ip/range.ts'
import type { Duty, Segment } from './event.ts'
import { hash64 } from './hash.ts'
import { announceAnew, drop } from './hold.ts'
import { judgeAll } from './judge.ts'
import type { Key } from './key.ts'
import { keyOf } from './key.ts'
import { loseLink, regainLink } from './quiet.ts'
import type { Interest, SegmentState } from './state.ts'
import type { Draft, Work } from './work.ts'
import { adopt, everySegment, segmentOf } from './work.ts'

/** Takes in which interfaces there are now. */
export function noteSegments(work: Work, segments: readonly Segment[]): void {
  const names = new Set(segments.map((segment) => segment.interface))
  for (const gone of everySegment(work).filter((one) => !names.has(one.segment.interface))) remove(work, gone)
  for (const segment of segments) noteSegment(work, segment)
  noteDuties(work, work.state.duties)
}

/** Takes in what is to be announced now, and drops at once what is not. */
export function noteDuties(work: Work, duties: readonly Duty[]): void {
  work.state.duties = duties
  const segments = everySegment(work)
  for (const segment of segments) {
    const before = segment.interests
    segment.interests = interestsOf(work, segments, segment.segment)
    dropUnwanted(work, segment)
    segment.terms = knownTerms(segment)
    segment.unheldSince = waitAnew(work, before, segment, onlyWanted(segment, segment.unheldSince))
    judgeAll(work, segment)
  }
}

function noteSegment(work: Work, segment: Segment): void {
  const draft = segmentOf(work, segment.interface)
  if (draft === undefined) return void adopt(work, newSegment(work, segment))
  const before = draft.segment
  if (before.up && !segment.up) loseLink(work, draft)
  draft.segment = segment
  if (!before.up && segment.up) regainLink(work, draft)
  if (before.mac !== segment.mac) announceAnew(work, draft)
}

function remove(work: Work, segment: Draft<SegmentState>): void {
  if (segment.twin !== undefined) work.twinsChanged = true
  loseLink(work, segment)
  const segments = new Map(work.state.segments)
  segments.delete(segment.segment.interface)
  work.state.segments = segments
  work.drafts.delete(segment.segment.interface)
}

/** An interface that is made again is a session of its own: what was recorded of the one before proves nothing. */
function newSegment({ state, now }: Work, segment: Segment): SegmentState {
  const { nonce, intervalMs } = state.config
  return {
    segment,
    nonce: nonce ^ hash64(`${segment.interface} ${state.sequence}`),
    interests: new Map(),
    sessions: new Map(),
    voices: new Map(),
    floors: new Map(),
    holdings: new Map(),
    digest: 0,
    terms: new Map(),
    unheldSince: new Map(),
    quietSince: now,
    twin: undefined,
    pulse: { beatAt: now, intervalMs, promisedMs: intervalMs, lateMs: 0 },
    telling: { changed: new Set(), pagedUpTo: undefined, pageAt: now, tellAt: now },
    judgeAt: Infinity,
    announceAt: Infinity,
    dueAt: now,
  }
}

/**
 * The duties of one interface: those that may be announced there, and of these, where some interface's subnet
 * holds the address, only those that are in its own.
 */
function interestsOf(work: Work, all: readonly SegmentState[], segment: Segment): ReadonlyMap<Key, Interest> {
  const { node } = work.state.config
  const interests = new Map<Key, Interest>()
  for (const duty of work.state.duties) {
    if (!isAnnouncedOn(duty, all, segment)) continue
    const isCandidate = duty.candidates.some((candidate) => candidate.node === node)
    interests.set(keyOf(duty.address), { duty, isCandidate })
  }
  return interests
}

/** Whether the address is announced on that one of all interfaces, by whichever node it is. */
export function isAnnouncedOn(duty: Duty, all: readonly SegmentState[], segment: Segment): boolean {
  const allowed = all.filter((one) => duty.interfaces?.includes(one.segment.interface) ?? true)
  const near = allowed.filter((one) => isNear(one.segment, duty))
  const chosen = near.length > 0 ? near : allowed
  return chosen.some((one) => one.segment.interface === segment.interface)
}

function isNear(segment: Segment, { address }: Duty): boolean {
  return segment.prefixes.some((prefix) => contains(prefix, address))
}

function dropUnwanted(work: Work, segment: Draft<SegmentState>): void {
  for (const key of segment.holdings.keys()) {
    const interest = segment.interests.get(key)
    if (interest === undefined || interest.duty.candidates.length === 0) drop(work, segment, key, 'released')
  }
}

function onlyWanted(segment: SegmentState, times: ReadonlyMap<Key, number>): ReadonlyMap<Key, number> {
  if ([...times.keys()].every((key) => segment.interests.has(key))) return times
  return new Map([...times].filter(([key]) => segment.interests.has(key)))
}

/** What a peer announces is known to be held, also while we have not heard of it, or not heard the latest. */
function knownTerms(segment: SegmentState): ReadonlyMap<Key, number> {
  const { interests, sessions, terms } = segment
  const isKnown = (key: Key): boolean =>
    interests.has(key) || [...sessions.values()].some(({ bids }) => bids.has(key))
  return [...terms.keys()].every(isKnown) ? terms : new Map([...terms].filter(([key]) => isKnown(key)))
}

/** Who becomes a candidate has not waited yet, however long nobody has held the address: those before it hear of it now, too. */
function waitAnew(
  { now }: Work,
  before: SegmentState['interests'],
  { interests }: SegmentState,
  since: ReadonlyMap<Key, number>,
): ReadonlyMap<Key, number> {
  const isNew = (key: Key): boolean =>
    interests.get(key)?.isCandidate === true && before.get(key)?.isCandidate !== true
  if (![...since.keys()].some(isNew)) return since
  return new Map([...since].map(([key, at]) => [key, isNew(key) ? Math.max(at, now) : at]))
}
