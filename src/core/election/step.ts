import { noteClaim } from './claim.ts'
import type { Effect } from './effect.ts'
import type { SpeakerConfig, SpeakerEvent } from './event.ts'
import { noteEstranged } from './estranged.ts'
import { hear } from './hear.ts'
import { announceDue, weaken } from './hold.ts'
import { judgeAll, judgeDue } from './judge.ts'
import { expire } from './liveness.ts'
import { endSilence, loseTwin, notePause, silenceEndsAt } from './quiet.ts'
import { noteDuties, noteSegments } from './segments.ts'
import type { SegmentState, SpeakerState } from './state.ts'
import { beat, hasNews } from './tell.ts'
import { deadAt, twinMs } from './timing.ts'
import { askVoices, hearAnswer, suspect, voicesDueAt } from './voice.ts'
import type { Draft, Work } from './work.ts'
import { begin, everySegment, finish, isActive, isAudible } from './work.ts'

/** A speaker that has heard nothing yet. */
export function start(config: SpeakerConfig, now: number): SpeakerState {
  return {
    config,
    awakeAt: now,
    contact: false,
    leaving: false,
    left: false,
    quiet: true,
    sequence: 0,
    noted: { at: now, sequence: 0, before: 0 },
    duties: [],
    nodeOfMac: new Map(),
    strangers: new Set(),
    estranged: [],
    estrangedAt: now,
    segments: new Map(),
  }
}

/**
 * Takes one event in; answers the new state and what is to be done, in that order. `now` is monotonic
 * milliseconds, of the moment at which the event is taken in and not of when its frame arrived.
 */
export function step(
  state: SpeakerState,
  event: SpeakerEvent,
  now: number,
): readonly [SpeakerState, readonly Effect[]] {
  if (state.left) return [state, []]
  const work = begin(state, now)
  notePause(work, now - state.awakeAt)
  takeIn(work, event)
  for (const segment of work.drafts.values()) settle(work, segment)
  work.state.left = work.state.leaving && everySegment(work).every(({ holdings }) => holdings.size === 0)
  return finish(work)
}

/** The next moment at which a tick has work; Infinity when only another event can bring some. */
export function dueAt(state: SpeakerState): number {
  let due = Infinity
  for (const segment of state.segments.values()) due = Math.min(due, segment.dueAt)
  return state.left ? Infinity : due
}

function takeIn(work: Work, event: SpeakerEvent): void {
  if ('interface' in event) return hearOthers(work, event)
  switch (event.kind) {
    case 'duties':
      return noteDuties(work, event.duties)
    case 'contact':
      return noteContact(work, event.contact)
    case 'segments':
      return noteSegments(work, event.segments)
    case 'speakers':
    case 'strangers':
      return noteOthers(work, event)
    case 'leave':
      return leave(work)
    case 'tick':
      everySegment(work).forEach((segment) => tick(work, segment))
      return noteEstranged(work)
  }
}

type Heard = Extract<SpeakerEvent, { kind: 'heartbeat' | 'claim' | 'answer' }>

function hearOthers(work: Work, event: Heard): void {
  if (event.kind === 'heartbeat') return hear(work, event.interface, event.heartbeat)
  const { interface: name, address, mac } = event
  if (event.kind === 'claim') noteClaim(work, name, address, mac)
  else hearAnswer(work, name, address, mac)
}

function noteOthers(work: Work, event: Extract<SpeakerEvent, { kind: 'speakers' | 'strangers' }>): void {
  if (event.kind === 'speakers') work.state.nodeOfMac = event.macs
  else work.state.strangers = event.macs
}

function tick(work: Work, segment: Draft<SegmentState>): void {
  loseTwin(work, segment)
  const died = expire(work, segment)
  if (died.length > 0) {
    weaken(work, segment, work.state.contact)
    judgeAll(work, segment)
    for (const session of died) suspect(work, segment, session)
  }
  endSilence(work, segment)
  judgeDue(work, segment)
  if (isAudible(segment)) askVoices(work, segment)
  announceDue(work, segment)
}

function noteContact(work: Work, contact: boolean): void {
  work.state.contact = contact
  if (!contact) for (const segment of everySegment(work)) weaken(work, segment, contact)
}

/** Every bid becomes a leaving one, and everyone is told at once. */
function leave(work: Work): void {
  work.state.leaving = true
  for (const segment of everySegment(work)) {
    judgeAll(work, segment)
    segment.pulse = { ...segment.pulse, beatAt: work.now }
  }
}

/** Says what has to be said, and notes when there is more to do. */
function settle(work: Work, segment: Draft<SegmentState>): void {
  beat(work, segment)
  segment.dueAt = Math.min(livelyDueAt(segment, work.state.config.missed), twinDueAt(segment))
}

function livelyDueAt(segment: SegmentState, missed: number): number {
  if (!isActive(segment)) return Infinity
  let due = Math.min(segment.pulse.beatAt, hasNews(segment) ? segment.telling.tellAt : Infinity)
  if (isAudible(segment)) due = Math.min(due, segment.judgeAt, segment.announceAt, voicesDueAt(segment))
  else due = Math.min(due, silenceEndsAt(segment, missed))
  for (const session of segment.sessions.values()) {
    if (session.liveSince !== undefined) due = Math.min(due, deadAt(session, missed))
  }
  return due
}

function twinDueAt({ twin }: SegmentState): number {
  return twin === undefined ? Infinity : twin.heardAt + twinMs
}
