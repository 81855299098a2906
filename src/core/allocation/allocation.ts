import { lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import { compareClaims } from './claim.ts'
import type { Claim, Sharing } from './claim.ts'
import { decide } from './decide.ts'
import { heldAfter } from './decision.ts'
import type { Decision } from './decision.ts'
import { includes, keptBy } from './kept.ts'
import { emptyLedger, hold, holdingOf, inheritMemory, letGo } from './ledger.ts'
import type { Holding, Ledger } from './ledger.ts'

/*
 * The whole cluster: every claim, the pools, who holds what, and the answer to each claim as it stands.
 *
 * It begins by adopting: what stands in a status is held before anything is given away, the older Service first
 * where two have one address. Only then are the waiting ones served, the oldest first. From there on it is told
 * of one change at a time, and answers with the decisions that were taken because of it. A waiting claim is
 * decided again when something it waits for changes, and not before.
 */

/** The state of all allocation; it changes in place, by the functions below alone. */
export interface Allocation {
  pools: readonly Pool[]
  ledger: Ledger
  readonly claims: Map<string, Claim>
  readonly decisions: Map<string, Decision>
}

/** The decisions that were taken, by claim. */
export type Decided = ReadonlyMap<string, Decision>

/** Takes up what is there: adopts, mends double assignments, then serves those that wait. */
export function begin(pools: readonly Pool[], claims: Iterable<Claim>): Allocation {
  const byKey = new Map([...claims].map((claim) => [claim.key, claim]))
  const allocation = {
    pools,
    ledger: emptyLedger(pools),
    claims: byKey,
    decisions: new Map<string, Decision>(),
  }
  settle(allocation)
  return allocation
}

/** Takes in other pools: what is still valid is kept, and everything else is decided anew. */
export function repool(allocation: Allocation, pools: readonly Pool[]): Decided {
  const before = allocation.ledger
  allocation.pools = pools
  allocation.ledger = emptyLedger(pools)
  return settle(allocation, before)
}

/** Takes in a Service that is new or has changed. */
export function put(allocation: Allocation, claim: Claim): Decided {
  allocation.claims.set(claim.key, claim)
  const decided = new Map<string, Decision>()
  serve(allocation, [claim], decided)
  return decided
}

/** Takes out a Service that is gone; what it held goes to those that wait for it. */
export function remove(allocation: Allocation, key: string): Decided {
  const before = allocation.ledger.holdings.get(key)
  allocation.claims.delete(key)
  allocation.decisions.delete(key)
  letGo(allocation.ledger, key)
  const decided = new Map<string, Decision>()
  serve(allocation, waitingFor(allocation, before, undefined), decided)
  return decided
}

function settle(allocation: Allocation, before?: Ledger): Decided {
  const oldestFirst = [...allocation.claims.values()].toSorted(compareClaims)
  for (const claim of oldestFirst) adopt(allocation, claim, before)
  if (before) inheritMemory(allocation.ledger, before)
  const decided = new Map<string, Decision>()
  serve(allocation, oldestFirst, decided)
  return decided
}

function adopt({ pools, ledger }: Allocation, claim: Claim, before: Ledger | undefined): void {
  if (!claim.wantsLoadBalancer) return
  const holds = before ? (before.holdings.get(claim.key)?.addresses ?? []) : claim.holds
  const { addresses, pool } = keptBy({ ...claim, holds }, pools, ledger)
  if (addresses.length > 0) hold(ledger, holdingOf(claim, addresses, pool?.name))
}

/** Decides these claims, and then those that waited for what they gave up, until nothing changes any more. */
function serve(allocation: Allocation, claims: readonly Claim[], decided: Map<string, Decision>): void {
  const next = [...claims]
  for (let claim = next.shift(); claim; claim = next.shift()) {
    const before = allocation.ledger.holdings.get(claim.key)
    decideOne(allocation, claim, decided)
    next.push(...waitingFor(allocation, before, allocation.ledger.holdings.get(claim.key)))
  }
}

function decideOne(allocation: Allocation, claim: Claim, decided: Map<string, Decision>): void {
  const { pools, ledger, decisions } = allocation
  const decision = decide(claim, pools, ledger)
  record(ledger, claim, decision)
  decisions.set(claim.key, decision)
  decided.set(claim.key, decision)
}

function record(ledger: Ledger, claim: Claim, decision: Decision): void {
  const addresses = heldAfter(decision)
  if (decision.kind === 'release' || addresses.length === 0) letGo(ledger, claim.key)
  else hold(ledger, holdingOf(claim, addresses, decision.pool))
}

/** The waiting claims whose answer can change when a holding does, the oldest first. */
function waitingFor(
  allocation: Allocation,
  before: Holding | undefined,
  after: Holding | undefined,
): readonly Claim[] {
  if (!opens(before, after)) return []
  const addresses = [...(before?.addresses ?? []), ...(after?.addresses ?? [])]
  const touched = allocation.pools.filter((pool) => addresses.some((address) => lists(pool, address)))
  const names = new Set(touched.map(({ name }) => name))
  const waiting = [...allocation.claims.values()].filter((claim) =>
    poolsWaitedFor(allocation, claim).some((pool) => names.has(pool)),
  )
  return waiting.toSorted(compareClaims)
}

/** A claim waits when it was refused, and also when it has one family and its pool has addresses of the other. */
function poolsWaitedFor({ decisions, pools }: Allocation, claim: Claim): readonly string[] {
  const decision = decisions.get(claim.key)
  if (!decision || decision.kind === 'release') return []
  if (decision.kind === 'refuse') return decision.waitsFor
  const missing = claim.families.filter((family) => decision.addresses.every((has) => has.family !== family))
  const pool = missing.length > 0 && pools.find(({ name }) => name === decision.pool)
  return pool && missing.some((family) => pool.lines[family].total > 0n) ? [pool.name] : []
}

/** Whether others may have something that they could not have before: an address is free, or can be shared. */
function opens(before: Holding | undefined, after: Holding | undefined): boolean {
  if (!after) return before !== undefined
  if (!before) return after.sharing.key !== undefined
  return (
    before.addresses.some((address) => !includes(after.addresses, address)) ||
    !isSame(before.sharing, after.sharing)
  )
}

function isSame(a: Sharing, b: Sharing): boolean {
  return a.key === b.key && a.backend === b.backend && a.ports.join() === b.ports.join()
}
