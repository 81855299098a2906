import type { Holding, SegmentState } from './state.ts'
import { apartMemoryMs, deadAt } from './timing.ts'
import type { Work } from './work.ts'

/** Who claims an address of ours and no bid explains it: another node, another cluster that speaks for both, or any device. */
export type Claimant = 'node' | 'device' | 'otherCluster'

/** Whose claim is answered first. */
const urgency: readonly Claimant[] = ['node', 'device', 'otherCluster']

export function claimantOf(
  { state }: Work,
  { segment }: Pick<SegmentState, 'segment'>,
  mac: bigint,
): Claimant {
  if (state.nodeOfMac.has(mac)) return 'node'
  // Of two clusters that announce one address only one says so again and again: the one whose MAC is the lesser.
  return state.strangers.has(mac) && mac < segment.mac ? 'otherCluster' : 'device'
}

/** Whether the one is answered sooner than the other. */
export function isMoreUrgent(one: Claimant, other: Claimant): boolean {
  return urgency.indexOf(one) < urgency.indexOf(other)
}

/**
 * Whether it came from a node that was lost, or heard again, just before: while the two of us did not hear each other, it
 * may have taken us for dead as we did it.
 */
export function wasApart(
  { state }: Work,
  { sessions }: Pick<SegmentState, 'sessions'>,
  { mac, at }: NonNullable<Holding['claim']>,
): boolean {
  const node = state.nodeOfMac.get(mac)
  return [...sessions.values()].some((session) => {
    const { liveSince = deadAt(session, state.config.missed) } = session
    return session.node === node && liveSince + apartMemoryMs > at
  })
}
