import { comesBefore } from './bid.ts'
import type { Candidate } from './candidates.ts'
import type { Duty } from './event.ts'
import { hashKey } from './hash.ts'
import type { Key } from './key.ts'
import type { Session } from './state.ts'

/**
 * How many live candidates come before this node when nobody holds the address: 0 is the one that should.
 * First the node that the placement names, then the others by rendezvous hash, those of last resort behind.
 */
export function turnOf(self: string, duty: Duty, key: Key, live: ReadonlyMap<string, Session>): number {
  const ours = duty.candidates.find(({ node }) => node === self) as Candidate
  const hash = hashKey(key)
  let turn = 0
  for (const candidate of duty.candidates) {
    if (isAble(candidate.node, key, live) && precedes(candidate, ours, duty, hash)) turn++
  }
  return turn
}

function isAble(node: string, key: Key, live: ReadonlyMap<string, Session>): boolean {
  const session = live.get(node)
  return session !== undefined && !session.leaving && session.bids.get(key)?.leaving !== true
}

function precedes(a: Candidate, b: Candidate, duty: Duty, hash: number): boolean {
  const placed = duty.placement?.node
  if (a.node === placed || b.node === placed) return a.node === placed
  return a.lastResort === b.lastResort ? comesBefore(hash, a.node, b.node) : b.lastResort
}
