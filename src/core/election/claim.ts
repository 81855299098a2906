import type { Address } from '../ip/address.ts'
import { claimantOf, isMoreUrgent } from './claimant.ts'
import { drop, put } from './hold.ts'
import { judgeEach } from './judge.ts'
import { keyOf } from './key.ts'
import type { Holding, SegmentState } from './state.ts'
import { heardAgainMs } from './timing.ts'
import { noteVoice } from './voice.ts'
import type { Work } from './work.ts'
import { segmentOf } from './work.ts'

/**
 * Somebody else spoke for an address on the wire. While we yield it that is what we waited for, the second time at
 * least. While we announce it, it is noted, and judged a beat later: a successor's claim may come before its bid.
 */
export function noteClaim(work: Work, name: string, address: Address, mac: bigint): void {
  const ours = [...work.state.segments.values()].some(({ segment }) => segment.mac === mac)
  const segment = ours ? undefined : segmentOf(work, name)
  const key = keyOf(address)
  if (segment === undefined || segment.quietSince !== undefined) return
  noteVoice(work, segment, key, mac)
  const holding = segment.holdings.get(key)
  if (holding === undefined) return
  if (isSucceeded(holding, work.now)) return drop(work, segment, key, 'handedOver')
  if (addsNothing(work, segment, holding, mac)) return
  put(work, segment, key, { ...holding, claim: { mac, at: work.now } })
  judgeEach(work, segment, [key])
}

function isSucceeded({ phase, hasSuccessor, claim }: Holding, now: number): boolean {
  return phase === 'yielding' && hasSuccessor && claim !== undefined && now - claim.at >= heardAgainMs
}

/** The first of several counts until it is judged: who claims over and over is answered all the same, and costs nothing. */
function addsNothing(work: Work, segment: SegmentState, holding: Holding, mac: bigint): boolean {
  const { phase, hasSuccessor, claim } = holding
  if (claim === undefined) return false
  if (phase !== 'announcing') return hasSuccessor
  return !isMoreUrgent(claimantOf(work, segment, mac), claimantOf(work, segment, claim.mac))
}
