import type { Heartbeat } from '../wire/heartbeat.ts'
import type { HeartbeatRefusal } from './effect.ts'
import { weaken, noteTerm } from './hold.ts'
import { judgeAll, judgeEach } from './judge.ts'
import { isComplete, liveCountOf, nothingKnown, retire } from './liveness.ts'
import { silence } from './quiet.ts'
import type { SegmentState, Session } from './state.ts'
import type { Read } from './table.ts'
import { readBids } from './table.ts'
import { turnPages } from './tell.ts'
import { believableMs } from './timing.ts'
import type { Draft, Work } from './work.ts'
import { segmentOf, writable } from './work.ts'
import { postpone } from './unheld.ts'
import { loseVoice } from './voice.ts'

/** Greater than every sequence number: nothing of that session is believed again. */
const never = 2 ** 32

/** Takes in a packet of another speaker, or of ourselves if it came round. */
export function hear(work: Work, name: string, heartbeat: Heartbeat): void {
  const segment = segmentOf(work, name)
  if (segment === undefined || !segment.segment.up) return
  if (heartbeat.node === work.state.config.node) return hearOurselves(work, segment, heartbeat)
  if (segment.twin !== undefined) return
  const known = segment.sessions.get(heartbeat.nonce)
  const floor = known?.sequence ?? segment.floors.get(heartbeat.nonce) ?? -1
  if (heartbeat.sequence <= floor) return refuse(work, name, 'replayed')
  const read = readBids(heardNow(work, segment, known, heartbeat), heartbeat, work.now)
  remember(work, segment, read)
  answerToLack(work, segment, heartbeat)
  followUp(work, segment, known, read)
}

/** The session after this packet. It is live from the first packet on that carries our nonce. */
function heardNow(
  work: Work,
  segment: SegmentState,
  known: Session | undefined,
  heartbeat: Heartbeat,
): Session {
  const { node, nonce, sequence, leaving, quiet } = heartbeat
  const isEcho = heartbeat.hears.some((hearing) => hearing.nonce === segment.nonce)
  const liveSince = known?.liveSince ?? (isEcho ? work.now : undefined)
  return {
    ...(known ?? unknown),
    node,
    nonce,
    sequence,
    intervalMs: believedOf(segment, heartbeat),
    leaving,
    quiet,
    liveSince,
    firstHeardAt: known?.firstHeardAt ?? work.now,
    heardAt: work.now,
    echoedAt: isEcho ? work.now : (known ?? unknown).echoedAt,
  }
}

/** The promise, so far as those that we hear, or those that the sender hears, make it an honest one. */
function believedOf(segment: SegmentState, { intervalMs, hears }: Heartbeat): number {
  const speakers = Math.max(liveCountOf(segment), 1 + hears.length)
  return believableMs(intervalMs, speakers)
}

const unknown = { ...nothingKnown, echoedAt: -Infinity }

function remember(work: Work, segment: Draft<SegmentState>, { session, changed }: Read): void {
  segment.sessions = writable<Session, bigint>(work, segment.sessions).set(session.nonce, session)
  for (const key of changed) noteTerm(work, segment, key, session.bids.get(key)?.term ?? 0)
}

/** A peer that does not know all our bids is read the whole table, once for everyone who lacks it. */
function answerToLack(work: Work, segment: Draft<SegmentState>, { hears }: Heartbeat): void {
  const lacks = hears.some(({ nonce, complete }) => nonce === segment.nonce && !complete)
  if (lacks) turnPages(work, segment)
}

function followUp(work: Work, segment: Draft<SegmentState>, known: Session | undefined, read: Read): void {
  const { session, changed } = read
  if (session.liveSince === undefined) return
  if (known?.liveSince === undefined) return welcome(work, segment, session)
  const givenUp = changed.filter((key) => !session.bids.has(key))
  if (givenUp.length > 0) postpone(work, segment, ...givenUp)
  const isOther = known.leaving !== session.leaving || known.quiet !== session.quiet
  const isWholeAgain = isComplete(session) && !isComplete(known)
  if (isOther || isWholeAgain) judgeAll(work, segment)
  else if (changed.length > 0) judgeEach(work, segment, changed)
}

/** A peer is live: whatever ran on that node before has ended. A last word of the past does not end what is new. */
function welcome(work: Work, segment: Draft<SegmentState>, session: Session): void {
  for (const other of segment.sessions.values()) {
    const isPast = other.node === session.node && other.firstHeardAt < session.firstHeardAt
    if (isPast) retire(work, segment, other, never)
  }
  work.peersChanged = true
  loseVoice(work, segment, session.node)
  weaken(work, segment, work.state.contact)
  judgeAll(work, segment)
}

/**
 * Our own words, heard on another interface of ours: both are on one segment, and the one whose name comes
 * first speaks for it. Anything else in our name is a loop, an earlier session of ours, a node of the same name, or was
 * recorded a while ago: else whoever records on one segment could silence us on another.
 */
function hearOurselves(work: Work, segment: Draft<SegmentState>, heartbeat: Heartbeat): void {
  const name = segment.segment.interface
  const speaking = [...work.state.segments.values()].find(({ nonce }) => nonce === heartbeat.nonce)
  const speaker = speaking?.segment.interface
  if (speaker === undefined || speaker >= name) return refuse(work, name, 'own')
  if (heartbeat.sequence <= work.state.noted.before) return refuse(work, name, 'replayed')
  if (segment.twin === undefined) silence(work, segment, 'released')
  if (segment.twin?.interface !== speaker) work.twinsChanged = true
  segment.twin = { interface: speaker, heardAt: work.now }
}

function refuse(work: Work, name: string, reason: HeartbeatRefusal): void {
  work.reports.push({ kind: 'refused', interface: name, reason })
}
