import { hashKey, hashText, join } from './hash.ts'
import type { Key } from './key.ts'
import { liveByNode, liveCountOf } from './liveness.ts'
import { rivalsOf } from './rivals.ts'
import type { SegmentState, Session, SpeakerState } from './state.ts'
import { isAudible } from './work.ts'

/** So many of the speakers that do not announce an address look whether its announcer is answered by the LAN. */
export const testersEach = 2

/** Who announces an address, and whether it is for this node to test that: as the first of them, or as the second. */
export interface Charge {
  readonly announcer: string
  /** Undefined where others are to test it, and where this node announces it itself. */
  readonly rank: number | undefined
}

/** The speakers that can test on one segment, this node among them. */
export interface Testers {
  readonly node: string
  readonly segment: SegmentState
  readonly live: ReadonlyMap<string, Session>
  /** With a hash of each name. */
  readonly able: readonly (readonly [node: string, hash: number])[]
}

/** Who tests on the interface; undefined while this node cannot, or is about to leave. */
export function testersOn({ config, segments, leaving }: SpeakerState, name: string): Testers | undefined {
  const segment = segments.get(name)
  if (leaving || segment === undefined || !isAudible(segment)) return undefined
  const live = liveByNode(segment)
  const others = [...live.values()].filter((session) => !session.quiet && !session.leaving)
  const names = [config.node, ...others.map(({ node }) => node)]
  const able = names.map((node) => [node, hashText(node)] as const)
  return { node: config.node, segment, live, able }
}

/** How many speakers are heard on the segment, this node included. */
export function speakersOn({ segment }: Testers): number {
  return liveCountOf(segment)
}

/**
 * Whose address it is, by what is bid for it on the segment. Undefined while nobody announces it, and while it moves:
 * then more than one may answer for it, or none.
 */
export function chargeOf({ node, segment, live, able }: Testers, key: Key): Charge | undefined {
  const rivals = rivalsOf(live, key)
  const own = segment.holdings.get(key)
  if (own !== undefined)
    return own.phase === 'announcing' && rivals.length === 0
      ? { announcer: node, rank: undefined }
      : undefined
  const [rival] = rivals
  if (rival === undefined || rivals.length > 1 || rival.bid.leaving) return undefined
  return { announcer: rival.node, rank: rankOf(node, rival.node, key, able) }
}

/** The place of this node among those that do not announce the address, by rendezvous hash. */
function rankOf(self: string, announcer: string, key: Key, able: Testers['able']): number | undefined {
  const hash = hashKey(key)
  const score = join(hash, hashText(self))
  let rank = 0
  for (const [node, nodeHash] of able) {
    if (node === self || node === announcer) continue
    if (join(hash, nodeHash) < score) rank++
    if (rank === testersEach) return undefined
  }
  return rank
}
