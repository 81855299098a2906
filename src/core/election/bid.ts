import type { Bid } from '../wire/heartbeat.ts'
import { hashKey, hashText, join } from './hash.ts'
import { keyOf } from './key.ts'

/** A bid and the node that made it. */
export interface Rival {
  readonly node: string
  readonly bid: Bid
}

/**
 * True when `a` wins over `b`: the newer placement, then the wider support, then unbroken contact with the
 * API server, then the older bid, last a hash. A leaving bid loses to every other.
 */
export function isGreater(a: Rival, b: Rival): boolean {
  if (a.bid.leaving !== b.bid.leaving) return b.bid.leaving
  const order =
    a.bid.revision - b.bid.revision ||
    a.bid.support - b.bid.support ||
    Number(a.bid.contact) - Number(b.bid.contact) ||
    b.bid.term - a.bid.term
  return order === 0 ? comesBefore(hashKey(keyOf(a.bid.address)), a.node, b.node) : order > 0
}

/** Rendezvous: which of two nodes comes first for the address with this hash. */
export function comesBefore(keyHash: number, a: string, b: string): boolean {
  const scoreA = join(keyHash, hashText(a))
  const scoreB = join(keyHash, hashText(b))
  return scoreA === scoreB ? a < b : scoreA < scoreB
}

/** 32 bits of one bid. The digest of a table is the exclusive or of its bids, so it is kept, not recomputed. */
export function digestOf(bid: Bid): number {
  const flags = (bid.leaving ? 1 : 0) | (bid.contact ? 2 : 0) | (bid.yielding ? 4 : 0)
  const facts = join(join(bid.revision, bid.support), join(bid.term, flags))
  return join(hashKey(keyOf(bid.address)), facts)
}
