import type { Duty } from './event.ts'
import { keyOf } from './key.ts'
import { liveByNode } from './liveness.ts'
import { isAnnouncedOn } from './segments.ts'
import type { SegmentState, SpeakerState } from './state.ts'
import { turnOf } from './turn.ts'
import { isAudible } from './work.ts'

/** Whether this node can ask on the interface who has the address, which would be announced there. */
export function canAsk(state: SpeakerState, name: string, duty: Duty): boolean {
  return segmentFor(state, name, duty) !== undefined
}

/** Whether it is for this node to do so: of the live candidates on the segment it is the first by rank. */
export function isFirstToAsk(state: SpeakerState, name: string, duty: Duty): boolean {
  const segment = segmentFor(state, name, duty)
  const { node } = state.config
  if (segment === undefined || !duty.candidates.some((candidate) => candidate.node === node)) return false
  return turnOf(node, duty, keyOf(duty.address), liveByNode(segment), 1) === 0
}

function segmentFor({ segments, leaving }: SpeakerState, name: string, duty: Duty): SegmentState | undefined {
  const segment = segments.get(name)
  if (leaving || segment === undefined || !isAudible(segment)) return undefined
  return isAnnouncedOn(duty, [...segments.values()], segment.segment) ? segment : undefined
}
