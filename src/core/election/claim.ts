import type { Address } from '../ip/address.ts'
import { drop, put } from './hold.ts'
import { judgeEach } from './judge.ts'
import { keyOf } from './key.ts'
import { noteVoice } from './voice.ts'
import type { Work } from './work.ts'
import { segmentOf } from './work.ts'

/**
 * Somebody else spoke for an address on the wire. While we yield it that is what we waited for. While we
 * announce it, it is noted, and judged a beat later: a successor's claim may come before its bid.
 */
export function noteClaim(work: Work, name: string, address: Address, mac: bigint): void {
  const ours = [...work.state.segments.values()].some(({ segment }) => segment.mac === mac)
  const segment = ours ? undefined : segmentOf(work, name)
  const key = keyOf(address)
  if (segment === undefined || segment.quietSince !== undefined) return
  noteVoice(work, segment, key, mac)
  const holding = segment.holdings.get(key)
  if (holding === undefined) return
  if (holding.phase === 'yielding' && holding.hasSuccessor) return drop(work, segment, key, 'handedOver')
  // The first of several counts: who claims over and over is answered all the same.
  const at = holding.phase === 'announcing' && holding.claim !== undefined ? holding.claim.at : work.now
  put(work, segment, key, { ...holding, claim: { mac, at } })
  judgeEach(work, segment, [key])
}
