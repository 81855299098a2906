// Who holds an address.
//
// The placement says who should announce an address, bids settle who does. Views differ: a watch lags, an API
// connection hangs, a segment splits. So no speaker concludes from what it reads in the API alone that an
// address is its own, or that it is not. It says what it announces, a bid, in its heartbeats, and hears what
// the others on the same segment say; between two that hear each other the greater bid stands (bid.ts):
//
//     a newer placement      a planned move is a placement with a greater revision
//     wider support          the fewest speakers heard since bidding: who was cut off loses to who was not
//     unbroken contact       with the API server, all that time
//     the older bid          so nothing moves back by itself
//
// Support and contact of a bid only ever fall, so an old bid cannot grow a better case than it had: what was
// lost in a split stays lost after it heals. Only a newer placement of the same node makes a bid new.
//
// One address, as one speaker sees it on one segment:
//
//                     nobody holds it, and it is our turn;
//                     or the placement names us anew
//        (nothing) ---------------------------------------> announcing
//            ^                                               |      ^
//            |  the successor is heard on the wire, and      |      | nobody holds it, and it is our turn
//            |  heard again, or the bound passes             v      |
//            +------------------------------------------- yielding -+
//                                                            ^
//        a greater bid is heard; we are leaving; we are no candidate any more
//
// Yielding still answers: a move is make-before-break. It does so until the successor is heard a second time, for one that has
// spoken once may be held up before it answers anybody (it may have a thousand addresses to speak for); only what this node
// may not announce any more is left at the first word. The bid of who yields is marked as leaving, which makes
// it the smallest of all, so others act as if nobody held the address; and whoever sees a lesser or a leaving
// bid beside its own knows that somebody else's word is still in the neighbours' tables, and speaks anew.
//
// Our turn (unheld.ts). The first in line is the node that the placement names, if it is live, and else the first by
// rendezvous hash; it bids the moment it finds that nobody holds the address, so a failover costs one dead
// interval and nothing more. Each of the others waits one more dead interval for every live candidate before
// it, so an address is never left to somebody who, by its own lights, need not take it. Three things make
// everyone wait a little longer:
//
//     never held       only the node that the placement names takes such an address at once, the others give
//                      it a second: it may not have heard of it yet, or may just be starting, and we may hear
//                      of the Service before its placement
//     given up         a live peer stopped announcing it, or yields it to a successor: somebody whom we may
//                      not hear yet made it do so, and gets a dead interval to be heard
//     a gap            a live peer's table of bids is not all here, so the address may well be held: we wait
//                      for the rest of it, a dead interval at most
//
// Liveness is by echo (hear.ts): a peer is live while its packets carry the nonce of our session here. That
// a link works one way only is the same as that it does not work; and a recorded packet proves nothing.
//
// A peer whose heartbeats do not come may be heard on the wire all the same: then that settles it (voice.ts).
//
// Silence. After a start, a pause longer than we promised, or a link that was down, others may long have
// taken over, so we are quiet for a dead interval: we answer for nothing, our bids count for nothing, and any
// bid that is heard for an address of ours ends ours. What is left then is resumed.

import { benchOf, isEligible, judgeAt, namesUsSince } from './bench.ts'
import type { Bench, Case } from './bench.ts'
import type { Rival } from './bid.ts'
import { isGreater } from './bid.ts'
import { claimantOf, wasApart } from './claimant.ts'
import { announce, drop, put, renew, settledRound, take, wait, yieldTo } from './hold.ts'
import type { Key } from './key.ts'
import { isOverruled } from './overruled.ts'
import { rivalsByKey, rivalsOf, strongestOf } from './rivals.ts'
import type { Holding, SegmentState } from './state.ts'
import { cedeMs, claimMemoryMs, defendMs, handOverMs, restateMs, successionMs } from './timing.ts'
import { forgetUnheld, judgeUnheld, postpone } from './unheld.ts'
import type { Draft, Work } from './work.ts'
import { isAudible } from './work.ts'

/** Judges every address: when the live speakers, the duties or the silence have changed. */
export function judgeAll(work: Work, segment: Draft<SegmentState>): void {
  const bench = benchOf(work, segment)
  const rivals = rivalsByKey(bench.live)
  segment.judgeAt = Infinity
  for (const key of segment.interests.keys()) judge(bench, key, rivals.get(key) ?? [])
}

/** Judges these addresses: their bids have changed. */
export function judgeEach(work: Work, segment: Draft<SegmentState>, keys: Iterable<Key>): void {
  const bench = benchOf(work, segment)
  for (const key of keys) judge(bench, key, rivalsOf(bench.live, key))
}

/** Judges what waits for a moment that has come. */
export function judgeDue(work: Work, segment: Draft<SegmentState>): void {
  if (work.now < segment.judgeAt || !isAudible(segment)) return
  segment.judgeAt = Infinity
  const waiting = new Set(segment.unheldSince.keys())
  for (const key of segment.holdings.keys()) waiting.add(key)
  judgeEach(work, segment, waiting)
}

function judge(bench: Bench, key: Key, rivals: readonly Rival[]): void {
  const { segment } = bench
  const interest = segment.interests.get(key)
  if (interest === undefined) return
  const holding = segment.holdings.get(key)
  const strongest = strongestOf(rivals)
  const one: Case = { key, interest, holding, rivals, strongest }
  if (strongest !== undefined || holding?.phase === 'announcing') forgetUnheld(bench, key)
  else if (rivals.some(({ bid }) => bid.yielding)) postpone(bench.work, segment, key)
  if (!isAudible(segment)) return judgeSilenced(bench, one)
  if (holding?.phase === 'announcing') return judgeAnnouncing(bench, one, holding)
  if (strongest !== undefined) judgeHeld(bench, one, strongest)
  else judgeUnheld(bench, one)
}

function judgeSilenced({ work, segment }: Bench, { key, interest, holding, strongest }: Case): void {
  if (holding === undefined) return
  if (strongest !== undefined || !isEligible(work, interest)) drop(work, segment, key, 'silenced')
}

function judgeAnnouncing(bench: Bench, one: Case, held: Holding): void {
  const { work, segment } = bench
  const { key, interest, strongest } = one
  if (!isEligible(work, interest)) return withdraw(bench, one, held)
  if (isOverruled(work, segment, key, interest)) return drop(work, segment, key, 'overruled')
  if (namesUsSince(work, interest, held.bid.revision)) renew(work, segment, interest.duty, held, key)
  const holding = segment.holdings.get(key) as Holding
  const ours: Rival = { node: work.state.config.node, bid: holding.bid }
  if (strongest !== undefined && isGreater(strongest, ours)) return concede(bench, one, holding)
  if (one.rivals.length > 0 && holding.round > settledRound) announce(work, segment, key, 0)
  if (holding.claim !== undefined) judgeClaim(bench, one, holding, holding.claim)
}

/** Not ours to announce any more: answered until somebody else does, where there is somebody else. */
function withdraw(bench: Bench, one: Case, holding: Holding): void {
  const { work, segment } = bench
  const cause = work.state.leaving ? 'leaving' : 'ineligible'
  const others = one.interest.duty.candidates.some(({ node }) => node !== work.state.config.node)
  if (!others) return drop(work, segment, one.key, cause)
  giveWay(bench, one, holding, cause)
}

/** Gives way, but not to what may be an old word: not while the latest of it is on its way. */
function concede(bench: Bench, one: Case, holding: Holding): void {
  if (bench.completeAt > bench.work.now) judgeAt(bench.segment, bench.completeAt)
  else giveWay(bench, one, holding, 'outbid')
}

function giveWay(
  bench: Bench,
  one: Case,
  holding: Holding,
  cause: 'outbid' | 'leaving' | 'ineligible',
): void {
  const { work, segment } = bench
  const hasSuccessor = one.strongest !== undefined
  if (hasSuccessor && cause === 'ineligible' && wasClaimed(work, holding))
    return drop(work, segment, one.key, 'handedOver')
  const yieldBy = work.now + (hasSuccessor ? handOverMs : successionMs)
  yieldTo(work, segment, one.key, holding, { cause, hasSuccessor, yieldBy })
  judgeAt(segment, yieldBy)
}

/** A peer holds it. */
function judgeHeld(bench: Bench, one: Case, strongest: Rival): void {
  const { work, segment } = bench
  const { key, interest, holding } = one
  const isNewer = namesUsSince(work, interest, strongest.bid.revision)
  if (isNewer && isEligible(work, interest)) take(work, segment, interest.duty, key, 'placed')
  else if (holding !== undefined) awaitSuccessor(bench, key, holding)
}

function awaitSuccessor({ work, segment }: Bench, key: Key, holding: Holding): void {
  const isHeard = wasClaimed(work, holding)
  if (isHeard && holding.cause === 'ineligible') return drop(work, segment, key, 'handedOver')
  const yieldBy = holding.hasSuccessor ? holding.yieldBy : Math.min(holding.yieldBy, work.now + handOverMs)
  if (yieldBy <= work.now) return drop(work, segment, key, isHeard ? 'handedOver' : 'expired')
  wait(work, segment, key, { ...holding, hasSuccessor: true, yieldBy })
  judgeAt(segment, yieldBy)
}

/** A foreign claim that no bid has explained: a hand-over's echo, or somebody else's address. */
function judgeClaim(bench: Bench, one: Case, holding: Holding, claim: NonNullable<Holding['claim']>): void {
  const { work, segment } = bench
  const { key } = one
  const isForeign = one.rivals.length === 0
  const apartMs = isForeign ? defendedEveryMs(bench, claim) : restateMs
  // A peer that was away speaks before its bids are all here; what is foreign is known only then.
  const knownAt = isForeign ? bench.completeAt : -Infinity
  const settledAt = Math.max(claim.at + work.state.config.intervalMs, holding.defendedAt + apartMs, knownAt)
  if (settledAt > work.now) return judgeAt(segment, settledAt)
  const defendedAt = isForeign ? work.now : holding.defendedAt
  const isCeded = isForeign && claimantOf(work, segment, claim.mac) === 'otherCluster'
  const cededUntil = isCeded ? work.now + cedeMs : holding.cededUntil
  const noted = { claim: undefined, defendedAt, cededUntil }
  put(work, segment, key, { ...(segment.holdings.get(key) as Holding), ...noted })
  // One announcement answers a foreign claim: were it repeated, two that defend would never come to rest.
  if (!isCeded) announce(work, segment, key, isForeign ? holding.round : 0)
  if (!isForeign) return
  const { address } = holding.bid
  work.reports.push({ kind: 'conflict', interface: segment.segment.interface, address, mac: claim.mac })
}

/** A node that took the address for a moment, until it noticed us, is still in the neighbours' tables: it is answered soon. */
function defendedEveryMs({ work, segment }: Bench, claim: NonNullable<Holding['claim']>): number {
  return wasApart(work, segment, claim) ? restateMs : defendMs
}

function wasClaimed(work: Work, { claim }: Holding): boolean {
  return claim !== undefined && work.now - claim.at <= claimMemoryMs
}
