import type { Address } from '../ip/address.ts'
import { keyOf } from './key.ts'
import { liveByNode } from './liveness.ts'
import { rivalsOf } from './rivals.ts'
import type { SpeakerState } from './state.ts'
import { isAudible } from './work.ts'

/**
 * True while this node announces the address on the interface and no live peer bids for it, not even to leave: whoever
 * else answers for it then is no speaker in the middle of a hand-over.
 */
export function isUndisputed({ segments }: SpeakerState, name: string, address: Address): boolean {
  const segment = segments.get(name)
  const key = keyOf(address)
  if (segment === undefined || !isAudible(segment)) return false
  if (segment.holdings.get(key)?.phase !== 'announcing') return false
  return rivalsOf(liveByNode(segment), key).length === 0
}
