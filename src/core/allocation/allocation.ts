import { includes } from '../ip/address.ts'
import type { Address, Family } from '../ip/address.ts'
import type { Pool } from '../pool/pool.ts'
import { compareClaims } from './claim.ts'
import type { Claim } from './claim.ts'
import type { Decision } from './decision.ts'
import { keptBy } from './kept.ts'
import { emptyLedger, hold, holdingOf, keyOf, letGo, tellTime } from './ledger.ts'
import type { Holding, Ledger } from './ledger.ts'
import type { Quarantined, Remembered } from './memory.ts'
import type { Lost } from './moved.ts'
import { openedAt, openedBy } from './opened.ts'
import { replaceQuarantine } from './quarantine.ts'
import { memoryIn, persisted, recollect } from './recollect.ts'
import { serve, serveOpened } from './serve.ts'
import { endFirst, endsAt } from './shelf.ts'
import type { Slot } from './shelf.ts'
import { addressAt, families } from './shelves.ts'
import { upcomingOf } from './upcoming.ts'
import { emptyWaiting, wait } from './waiting.ts'
import type { Waiting } from './waiting.ts'

/*
 * The whole cluster: every claim, the pools, who holds what, and the answer to each claim as it stands.
 *
 * It begins by adopting: what stands in a status is held before anything is given away, the older Service first
 * where two have one address. Then comes what is remembered of those that are gone. Only then are the waiting ones
 * served, the oldest first. From there on it is told of one change at a time, and answers with the decisions that were
 * taken because of it. A waiting claim is decided again when something it waits for changes, and not before.
 *
 * `now` is the time on the wall, in milliseconds since the epoch: it is compared with times from before a restart.
 */

/** The state of all allocation; it changes in place, by the functions below alone. */
export interface Allocation {
  pools: readonly Pool[]
  ledger: Ledger
  waiting: Waiting
  /** What they hold is in the ledger, not here. */
  readonly claims: Map<string, Claim>
  readonly decisions: Map<string, Decision>
  /** What claims had and may not keep, until they are decided. */
  readonly lost: Map<string, readonly Lost[]>
}

/** The decisions that were taken, by claim. */
export type Decided = ReadonlyMap<string, Decision>

/** Takes up what is there: adopts, mends double assignments, then serves those that wait. */
export function begin(
  pools: readonly Pool[],
  claims: Iterable<Claim>,
  memory: Iterable<Remembered>,
  now: number,
  quarantined: readonly Quarantined[] = [],
): Allocation {
  const allocation: Allocation = {
    pools,
    ledger: emptyLedger(pools, now, quarantined),
    waiting: emptyWaiting(),
    claims: new Map([...claims].map((claim) => [claim.key, claim])),
    decisions: new Map(),
    lost: new Map(),
  }
  settle(allocation, memory)
  return allocation
}

/** Takes in other pools: what is still valid is kept, and everything else is decided anew. */
export function repool(allocation: Allocation, pools: readonly Pool[], now: number): Decided {
  const before = allocation.ledger
  allocation.pools = pools
  allocation.ledger = emptyLedger(pools, now, [...before.quarantined.values()])
  allocation.waiting = emptyWaiting()
  return settle(allocation, memoryIn(before, now), before)
}

/** Takes in a Service that is new or has changed. */
export function put(allocation: Allocation, claim: Claim, now: number): Decided {
  const decided = lapseUntil(allocation, now)
  const isNew = !allocation.claims.has(claim.key)
  const settled = settledOf(claim)
  allocation.claims.set(claim.key, settled)
  if (isNew && claim.holds.length > 0) adoptLate(allocation, claim, decided)
  serve(allocation, settled, decided)
  allocation.lost.clear()
  return decided
}

/** Takes out a Service that is gone; what it held goes to those that wait for it. */
export function remove(allocation: Allocation, key: string, now: number): Decided {
  const decided = lapseUntil(allocation, now)
  const { claims, decisions, ledger, waiting } = allocation
  const claim = claims.get(key)
  if (!claim) return decided
  const before = ledger.holdings.get(key)
  claims.delete(key)
  decisions.delete(key)
  decided.delete(key)
  wait(waiting, claim, [], false)
  letGo(ledger, key)
  serveOpened(allocation, openedBy(ledger, before, undefined), decided)
  return decided
}

/** Ends the retentions whose time is over, and serves those that wait. */
export function lapse(allocation: Allocation, now: number): Decided {
  return lapseUntil(allocation, now)
}

/** When `lapse` has something to do, in milliseconds since the epoch; Infinity when nothing is retained. */
export function dueAt({ ledger }: Allocation): number {
  let due = Infinity
  for (const shelves of ledger.shelves.values()) {
    due = Math.min(due, endsAt(shelves.IPv4), endsAt(shelves.IPv6))
  }
  return due
}

/**
 * Takes in the addresses that other devices answer for, all of them: what is not among them is free to give again. Who
 * holds one keeps it, but for those that are `withdrawn`, which nobody ever announced.
 */
export function quarantine(
  allocation: Allocation,
  entries: readonly Quarantined[],
  now: number,
  withdrawn: readonly Address[] = [],
): Decided {
  const changed = replaceQuarantine(allocation.ledger, entries)
  const decided = lapseUntil(allocation, now)
  serveOpened(allocation, openedAt(allocation.ledger, changed), decided)
  for (const address of withdrawn) withdraw(allocation, address, decided)
  return decided
}

/** The addresses that would be given next to Services that never had one, `count` at most. */
export function nextToGive(
  { ledger }: Allocation,
  pool: Pool,
  family: Family,
  count: number,
): readonly Address[] {
  return upcomingOf(ledger, pool, family, count)
}

/** How many Services are refused and wait for something in the pool. */
export function waitingFor({ waiting }: Allocation, pool: string): number {
  return waiting.counts.get(pool) ?? 0
}

/** What to persist of the pool's memory, the latest freed last: those still retained before all others, at most 1,024. */
export function memoryOf({ ledger }: Allocation, pool: string): readonly Remembered[] {
  return persisted(ledger, pool)
}

/** Takes the address from all that hold it, and decides them anew. */
function withdraw(allocation: Allocation, address: Address, decided: Map<string, Decision>): void {
  const { claims, ledger, lost } = allocation
  const holders = [...(ledger.holders.get(keyOf(address)) ?? [])]
  for (const key of holders) {
    const before = ledger.holdings.get(key) as Holding
    const addresses = before.addresses.filter((each) => !includes([address], each))
    if (addresses.length > 0) hold(ledger, { ...before, addresses })
    else letGo(ledger, key)
    lost.set(key, [{ address, pool: before.pool }])
    serve(allocation, claims.get(key) as Claim, decided)
    serveOpened(allocation, openedBy(ledger, before, ledger.holdings.get(key)), decided)
  }
  lost.clear()
}

function settle(allocation: Allocation, memory: Iterable<Remembered>, before?: Ledger): Decided {
  const oldestFirst = [...allocation.claims.values()].toSorted(compareClaims)
  for (const claim of oldestFirst) adopt(allocation, claim, before)
  const settled = oldestFirst.map(settledOf)
  for (const claim of settled) allocation.claims.set(claim.key, claim)
  recollect(allocation.ledger, memory)
  const decided = new Map<string, Decision>()
  for (const claim of settled) serve(allocation, claim, decided)
  // What was left when a waiting one was answered, others have got since: each is told why it waits now.
  for (const claim of settled) {
    if (allocation.decisions.get(claim.key)?.kind === 'refuse') serve(allocation, claim, decided)
  }
  allocation.lost.clear()
  return decided
}

/** The claim once its status is taken up: from then on the ledger says what it holds, be the status late or tampered with. */
function settledOf(claim: Claim): Claim {
  return claim.holds.length === 0 ? claim : { ...claim, holds: [] }
}

/** One that comes with a status, because somebody else has served it before. */
function adoptLate(allocation: Allocation, claim: Claim, decided: Map<string, Decision>): void {
  adopt(allocation, claim, undefined)
  const { ledger } = allocation
  serveOpened(allocation, openedBy(ledger, undefined, ledger.holdings.get(claim.key)), decided)
}

function adopt({ pools, ledger, lost }: Allocation, claim: Claim, before: Ledger | undefined): void {
  if (!claim.wantsLoadBalancer) return
  const former = before?.holdings.get(claim.key)
  const holds = before ? (former?.addresses ?? []) : claim.holds
  const { addresses, pool } = keptBy({ ...claim, holds }, pools, ledger)
  if (addresses.length > 0) hold(ledger, holdingOf(claim, addresses, pool?.name))
  const gone = holds.filter((address) => !includes(addresses, address))
  if (gone.length > 0)
    lost.set(
      claim.key,
      gone.map((address) => ({ address, pool: former?.pool })),
    )
}

function lapseUntil(allocation: Allocation, now: number): Map<string, Decision> {
  const decided = new Map<string, Decision>()
  tellTime(allocation.ledger, now)
  if (dueAt(allocation) <= now)
    serveOpened(allocation, openedAt(allocation.ledger, endRetentions(allocation.ledger)), decided)
  return decided
}

/** The addresses that are not retained any more. */
function endRetentions({ shelves, now }: Ledger): readonly Address[] {
  const ended: Address[] = []
  for (const each of shelves.values()) {
    for (const family of families) {
      while (endsAt(each[family]) <= now) {
        ended.push(addressAt(each[family], family, endFirst(each[family]) as Slot))
      }
    }
  }
  return ended
}
