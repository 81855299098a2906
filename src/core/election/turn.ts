import type { Candidate } from './candidates.ts'
import type { Duty } from './event.ts'
import { hashKey, hashText, join } from './hash.ts'
import type { Key } from './key.ts'
import type { Session } from './state.ts'

/**
 * How many live candidates come before this node when nobody holds the address, counted up to `most`: 0 is
 * the one that should. First the node that the placement names, then the others, the preferred ones before the rest and
 * among equals by rendezvous hash; those of last resort behind.
 */
export function turnOf(
  self: string,
  duty: Duty,
  key: Key,
  live: ReadonlyMap<string, Session>,
  most: number,
): number {
  if (duty.placement?.node === self) return 0
  const own = ownOf(self, duty)
  const score = scoreOf(self, key)
  let turn = 0
  for (const candidate of duty.candidates) {
    if (!isAble(candidate.node, key, live)) continue
    if (precedes(candidate, duty, key, own, score)) turn++
    if (turn === most) break
  }
  return turn
}

/** Whether of these two the other node should have the address. */
export function precedesUs(node: string, self: string, duty: Duty, key: Key): boolean {
  if (duty.placement?.node === self) return false
  const other = duty.candidates.find((each) => each.node === node)
  return other !== undefined && precedes(other, duty, key, ownOf(self, duty), scoreOf(self, key))
}

function ownOf(self: string, { candidates }: Duty): Candidate {
  return candidates.find(({ node }) => node === self) ?? { node: self, lastResort: false }
}

function isAble(node: string, key: Key, live: ReadonlyMap<string, Session>): boolean {
  const session = live.get(node)
  return session !== undefined && !session.leaving && session.bids.get(key)?.leaving !== true
}

function precedes(other: Candidate, duty: Duty, key: Key, own: Candidate, score: number): boolean {
  if (other.node === duty.placement?.node) return true
  if (other.lastResort !== own.lastResort) return own.lastResort
  const [preference, ownPreference] = [other.preference ?? 0, own.preference ?? 0]
  if (preference !== ownPreference) return preference > ownPreference
  return scoreOf(other.node, key) < score
}

function scoreOf(node: string, key: Key): number {
  return join(hashKey(key), hashText(node))
}
