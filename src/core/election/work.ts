import type { Cause, Effect, HoldingChange, Phase } from './effect.ts'
import type { SegmentState, SpeakerState } from './state.ts'
import { addressOf } from './key.ts'
import type { Key } from './key.ts'

/** A shallow copy that may be changed until the step ends. */
export type Draft<Shape> = { -readonly [Field in keyof Shape]: Shape[Field] }

/** One step under way: the state to be, copied only where it is touched, and what has come of it so far. */
export interface Work {
  readonly now: number
  readonly state: Draft<SpeakerState>
  readonly drafts: Map<string, Draft<SegmentState>>
  /** Maps that this step made and may therefore change. */
  readonly own: WeakSet<object>
  readonly changed: HoldingChange[]
  readonly beats: Effect[]
  readonly announcements: Effect[]
  readonly reports: Effect[]
  peersChanged: boolean
  twinsChanged: boolean
}

/** Begins a step on a state that stays as it is. */
export function begin(state: SpeakerState, now: number): Work {
  return {
    now,
    state: { ...state, awakeAt: now },
    drafts: new Map(),
    own: new WeakSet(),
    changed: [],
    beats: [],
    announcements: [],
    reports: [],
    peersChanged: false,
    twinsChanged: false,
  }
}

/** The segment on this interface, ready to be changed. */
export function segmentOf(work: Work, name: string): Draft<SegmentState> | undefined {
  const drafted = work.drafts.get(name)
  if (drafted !== undefined) return drafted
  const segment = work.state.segments.get(name)
  return segment === undefined ? undefined : adopt(work, { ...segment })
}

/** Every segment, ready to be changed. */
export function everySegment(work: Work): readonly Draft<SegmentState>[] {
  return [...work.state.segments.keys()].map((name) => segmentOf(work, name) as Draft<SegmentState>)
}

/** Takes a new segment in. */
export function adopt(work: Work, draft: Draft<SegmentState>): Draft<SegmentState> {
  const name = draft.segment.interface
  work.drafts.set(name, draft)
  if (!work.state.segments.has(name)) work.state.segments = new Map(work.state.segments).set(name, draft)
  return draft
}

/** The map itself if this step made it, else a copy. */
export function writable<Value, Name = Key>(work: Work, map: ReadonlyMap<Name, Value>): Map<Name, Value> {
  if (work.own.has(map)) return map as Map<Name, Value>
  const copy = new Map(map)
  work.own.add(copy)
  return copy
}

/** True when this node speaks on the segment at all: the link is up and no other interface does it. */
export function isActive(segment: SegmentState): boolean {
  return segment.segment.up && segment.twin === undefined
}

/** True when holdings on the segment are answered for. */
export function isAudible(segment: SegmentState): boolean {
  return isActive(segment) && segment.quietSince === undefined
}

/** Notes that what we answer for has changed. */
export function report(work: Work, segment: SegmentState, key: Key, to: Phase, cause: Cause): void {
  work.changed.push({ address: addressOf(key), interface: segment.segment.interface, to, cause })
}

/** The state with the drafts in it, and the effects in the order in which they are to be carried out. */
export function finish(work: Work): readonly [SpeakerState, readonly Effect[]] {
  const { state } = work
  if (work.drafts.size > 0) state.segments = mergedSegments(work)
  const wasQuiet = state.quiet
  state.quiet = isQuiet(state)
  const effects: Effect[] = []
  if (work.changed.length > 0) effects.push(holdingsOf(work))
  effects.push(...work.beats, ...work.announcements, ...work.reports)
  if (work.peersChanged) effects.push(peersOf(state))
  if (work.twinsChanged) effects.push(twinsOf(state))
  if (state.quiet !== wasQuiet) effects.push({ kind: 'quiet', quiet: state.quiet })
  if (state.left) effects.push({ kind: 'left' })
  return [state, effects]
}

/** While there is no segment to listen on, it is as it was. */
function isQuiet({ segments, quiet }: SpeakerState): boolean {
  let spokenOn = 0
  for (const segment of segments.values()) {
    if (!isActive(segment)) continue
    if (segment.quietSince !== undefined) return true
    spokenOn++
  }
  return spokenOn === 0 ? quiet : false
}

function mergedSegments(work: Work): ReadonlyMap<string, SegmentState> {
  const segments = new Map(work.state.segments)
  for (const [name, draft] of work.drafts) segments.set(name, draft)
  return segments
}

function holdingsOf(work: Work): Effect {
  const answering = [...work.state.segments.values()].flatMap((segment) =>
    isAudible(segment)
      ? [...segment.holdings.values()].map(({ bid }) => ({
          address: bid.address,
          interface: segment.segment.interface,
        }))
      : [],
  )
  return { kind: 'holdings', answering, changed: work.changed }
}

function peersOf(state: SpeakerState): Effect {
  const peers = [...state.segments.values()].flatMap((segment) =>
    [...segment.sessions.values()].flatMap(({ node, liveSince }) =>
      liveSince === undefined ? [] : [{ node, interface: segment.segment.interface, since: liveSince }],
    ),
  )
  return { kind: 'peers', peers }
}

function twinsOf(state: SpeakerState): Effect {
  const twins = [...state.segments.values()].flatMap(({ segment, twin }) =>
    twin === undefined ? [] : [{ interface: segment.interface, speaks: twin.interface }],
  )
  return { kind: 'twins', twins }
}
