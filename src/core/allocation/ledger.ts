import type { Address, Family } from '../ip/address.ts'
import { includes } from '../ip/address.ts'
import { lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim, Sharing } from './claim.ts'
import type { Quarantined, Remembered } from './memory.ts'
import { clockSetBack, putBack, remember, take } from './shelf.ts'
import type { Shelf } from './shelf.ts'
import { countTenant, emptyShelves, families, hasListed, limitRetained, positionIn } from './shelves.ts'
import type { Shelves } from './shelves.ts'
import { noteFreed } from './unlisted.ts'
import type { Unlisted } from './unlisted.ts'

/** What one claim holds. */
export interface Holding {
  readonly claim: string
  readonly namespace: string
  readonly addresses: readonly Address[]
  /** Undefined for addresses that are kept though no pool that can be read lists them. */
  readonly pool: string | undefined
  readonly sharing: Sharing
}

/** What the claim holds when it holds these addresses. */
export function holdingOf(
  { key, namespace, sharing }: Claim,
  addresses: readonly Address[],
  pool: string | undefined,
): Holding {
  return { claim: key, namespace, addresses, pool, sharing }
}

/** Who holds what. It changes in place, by `hold`, `letGo` and what ends retentions and quarantines. */
export interface Ledger {
  readonly holdings: Map<string, Holding>
  readonly holders: Map<bigint, Set<string>>
  readonly sharers: Map<string, Set<string>>
  readonly shelves: ReadonlyMap<string, Shelves>
  /** Freed addresses that no pool can give out now. */
  readonly unlisted: Unlisted
  readonly quarantined: Map<bigint, Quarantined>
  /** Milliseconds since the epoch, as they were told last. */
  now: number
}

/** A ledger in which nobody holds anything. */
export function emptyLedger(
  pools: readonly Pool[],
  now: number,
  quarantined: readonly Quarantined[],
): Ledger {
  return {
    holdings: new Map(),
    holders: new Map(),
    sharers: new Map(),
    shelves: new Map(pools.map((pool) => [pool.name, emptyShelves(pool, quarantined)])),
    unlisted: new Map(),
    quarantined: new Map(quarantined.map((entry) => [keyOf(entry.address), entry])),
    now,
  }
}

/** Takes in what time it is. Nothing was freed later than now: after a clock was set back, it was freed now. */
export function tellTime(ledger: Ledger, now: number): void {
  if (now < ledger.now) {
    for (const shelves of ledger.shelves.values()) {
      for (const family of families) clockSetBack(shelves[family], now)
    }
  }
  ledger.now = now
}

/** Notes what a claim holds from now on; what it held before and holds no more is free. */
export function hold(ledger: Ledger, holding: Holding): void {
  const { claim, addresses, sharing } = holding
  const before = ledger.holdings.get(claim)
  if (before) strike(ledger, before, addresses)
  ledger.holdings.set(claim, holding)
  if (sharing.key !== undefined) addTo(ledger.sharers, sharing.key, claim)
  for (const address of addresses) {
    if (!before || !includes(before.addresses, address)) occupy(ledger, holding, address)
  }
}

/** Notes that the claim holds nothing any more. */
export function letGo(ledger: Ledger, claim: string): void {
  const before = ledger.holdings.get(claim)
  if (before) strike(ledger, before, [])
}

/** The other claims that hold the address. */
export function othersWith(ledger: Ledger, address: Address, claim: string): readonly Holding[] {
  const holders = ledger.holders.get(keyOf(address))
  if (!holders) return []
  const others = [...holders].filter((holder) => holder !== claim)
  return others.map((holder) => ledger.holdings.get(holder) as Holding)
}

/** The addresses that claims with this sharing key hold, in no particular order. */
export function sharedBy(ledger: Ledger, sharingKey: string): readonly Address[] {
  const claims = [...(ledger.sharers.get(sharingKey) ?? [])]
  return claims.flatMap((claim) => (ledger.holdings.get(claim) as Holding).addresses)
}

/** The shelves of a pool that the ledger was made for. */
export function shelvesOf(ledger: Ledger, pool: string): Shelves {
  const shelves = ledger.shelves.get(pool)
  if (!shelves) throw new Error(`the ledger has no pool ${pool}`)
  return shelves
}

/** The shelf of one family of a pool that the ledger was made for. */
export function shelfOf(ledger: Ledger, pool: string, family: Family): Shelf {
  return shelvesOf(ledger, pool)[family]
}

/** The pools that list the address. */
export function listersOf({ shelves }: Ledger, address: Address): readonly Shelves[] {
  return [...shelves.values()].filter((each) => hasListed(each, address))
}

/** One number for an address of either family. */
export function keyOf(address: Address): bigint {
  return address.family === 'IPv4' ? address.value : address.value | (1n << 128n)
}

/** Remembers who had an address that is free now, or that others have. */
export function recall(ledger: Ledger, { address, service, freedAt }: Remembered): void {
  const freed = { service, freedAt: Math.min(freedAt, ledger.now) }
  const isHeld = ledger.holders.has(keyOf(address))
  let isListed = false
  for (const shelves of ledger.shelves.values()) {
    const position = positionIn(shelves, address)
    if (position === undefined) continue
    isListed = true
    if (isHeld) remember(shelves[address.family], position, freed)
    else putBack(shelves[address.family], position, freed, ledger.now)
    limitRetained(shelves)
  }
  if (!isListed) noteFreed(ledger.unlisted, { address, ...freed })
}

function occupy(ledger: Ledger, { claim, namespace }: Holding, address: Address): void {
  const key = keyOf(address)
  const isNew = addTo(ledger.holders, key, claim)
  let owner: Shelves | undefined
  for (const shelves of ledger.shelves.values()) {
    const position = positionIn(shelves, address)
    if (position === undefined && !lists(shelves.pool, address)) continue
    if (position !== undefined && isNew) take(shelves[address.family], position)
    countTenant(shelves, namespace, key, 1)
    owner = ownerOf(owner, shelves)
  }
  if (isNew && owner) owner.heldFrom[address.family]++
}

/** Removes the claim from everything but the addresses that it keeps. */
function strike(
  ledger: Ledger,
  { claim, namespace, addresses, sharing }: Holding,
  kept: readonly Address[],
): void {
  ledger.holdings.delete(claim)
  if (sharing.key !== undefined) removeFrom(ledger.sharers, sharing.key, claim)
  for (const address of addresses) {
    if (includes(kept, address)) continue
    const key = keyOf(address)
    const isFree = removeFrom(ledger.holders, key, claim)
    let owner: Shelves | undefined
    for (const shelves of listersOf(ledger, address)) {
      countTenant(shelves, namespace, key, -1)
      owner = ownerOf(owner, shelves)
    }
    if (isFree && owner) owner.heldFrom[address.family]--
    recall(ledger, { address, service: claim, freedAt: ledger.now })
  }
}

/** Of two pools that list an address, the one that it is held from: as `listing` in core/pool answers. */
function ownerOf(one: Shelves | undefined, other: Shelves): Shelves {
  return one && (one.pool.state.ready || !other.pool.state.ready) ? one : other
}

/** True when it is the first. */
function addTo<K>(index: Map<K, Set<string>>, key: K, claim: string): boolean {
  const claims = index.get(key)
  if (claims) claims.add(claim)
  else index.set(key, new Set([claim]))
  return claims === undefined
}

/** True when it was the last. */
function removeFrom<K>(index: Map<K, Set<string>>, key: K, claim: string): boolean {
  const claims = index.get(key) as Set<string>
  claims.delete(claim)
  if (claims.size === 0) index.delete(key)
  return claims.size === 0
}
