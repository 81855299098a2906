import type { Address, Family } from '../ip/address.ts'
import { positionOf, valueAt } from '../pool/line.ts'
import { listing, lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import { usageOf } from '../pool/usage.ts'
import type { Usage } from '../pool/usage.ts'
import type { Claim, Sharing } from './claim.ts'
import { emptyShelf, putBack, remember, take } from './shelf.ts'
import type { Shelf } from './shelf.ts'
import { noteFreed } from './unlisted.ts'
import type { Freed, Unlisted } from './unlisted.ts'

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

/** Who holds what. It is the one thing in core/allocation that changes in place, by `hold` and `letGo` alone. */
export interface Ledger {
  readonly holdings: Map<string, Holding>
  readonly holders: Map<bigint, Set<string>>
  readonly sharers: Map<string, Set<string>>
  readonly tenants: Map<string, Set<string>>
  readonly shelves: ReadonlyMap<string, Shelves>
  /** Freed addresses that no pool can give out now. */
  readonly unlisted: Unlisted
}

type Shelves = Readonly<Record<Family, Shelf>> & { readonly pool: Pool }

/** A ledger in which nobody holds anything. */
export function emptyLedger(pools: readonly Pool[]): Ledger {
  const shelvesOf = (pool: Pool): Shelves => {
    return { pool, IPv4: emptyShelf(pool.lines.IPv4), IPv6: emptyShelf(pool.lines.IPv6) }
  }
  const shelves = new Map(pools.map((pool) => [pool.name, shelvesOf(pool)]))
  return {
    holdings: new Map(),
    holders: new Map(),
    sharers: new Map(),
    tenants: new Map(),
    shelves,
    unlisted: new Map(),
  }
}

/**
 * Remembers who had what by a former ledger and has it no more, by address: whichever pool lists it gives it back, be
 * it now or by a later ledger. Call it when everything that is still held is noted.
 */
export function inheritMemory(ledger: Ledger, from: Ledger): void {
  for (const { address, claim } of freedBefore(from)) {
    if (!ledger.holders.get(keyOf(address))?.has(claim)) returnToShelves(ledger, address, claim)
  }
}

/** Notes what a claim holds from now on; what it held before and holds no more is free. */
export function hold(ledger: Ledger, holding: Holding): void {
  const before = ledger.holdings.get(holding.claim)
  if (before) strike(ledger, before, holding.addresses)
  ledger.holdings.set(holding.claim, holding)
  for (const address of holding.addresses) {
    addTo(ledger.holders, keyOf(address), holding.claim)
    onShelves(ledger, address, take, (shelf) => shelf.aside.add(address.value))
  }
  addTo(ledger.tenants, holding.namespace, holding.claim)
  if (holding.sharing.key !== undefined) addTo(ledger.sharers, holding.sharing.key, holding.claim)
}

/** Notes that the claim holds nothing any more. */
export function letGo(ledger: Ledger, claim: string): void {
  const before = ledger.holdings.get(claim)
  if (before) strike(ledger, before, [])
}

/** The other claims that hold the address. */
export function othersWith(ledger: Ledger, address: Address, claim: string): readonly Holding[] {
  const holders = [...(ledger.holders.get(keyOf(address)) ?? [])].filter((holder) => holder !== claim)
  return holders.map((holder) => ledger.holdings.get(holder) as Holding)
}

/** The addresses that claims with this sharing key hold, in no particular order. */
export function sharedBy(ledger: Ledger, sharingKey: string): readonly Address[] {
  return [...(ledger.sharers.get(sharingKey) ?? [])].flatMap((claim) => addressesOf(ledger, claim))
}

/** The different addresses of a pool that a namespace holds, those of one claim left aside. */
export function heldInNamespace(
  ledger: Ledger,
  namespace: string,
  pool: Pool,
  except: string,
): ReadonlySet<bigint> {
  const claims = [...(ledger.tenants.get(namespace) ?? [])].filter((claim) => claim !== except)
  const addresses = claims.flatMap((claim) => addressesOf(ledger, claim))
  return new Set(addresses.filter((address) => lists(pool, address)).map(keyOf))
}

/** The shelf of one family of a pool that the ledger was made for. */
export function shelfOf(ledger: Ledger, pool: string, family: Family): Shelf {
  const shelves = ledger.shelves.get(pool)
  if (!shelves) throw new Error(`the ledger has no pool ${pool}`)
  return shelves[family]
}

/** How the addresses of one family of a pool are used. One that is not Ready gives out nothing. */
export function poolUsage(ledger: Ledger, pool: Pool, family: Family): Usage {
  const { line, held, aside } = shelfOf(ledger, pool.name, family)
  if (!pool.state.ready) return { ...usageOf(line, heldFrom(ledger, pool, family), 0), available: 0 }
  return usageOf(line, held.size + aside.size, held.size)
}

/** How many addresses are held from the pool; those that are held from an older pool that lists them too are not. */
function heldFrom({ holdings, shelves }: Ledger, pool: Pool, family: Family): number {
  const pools = [...shelves.values()].map((each) => each.pool)
  const held = [...holdings.values()].flatMap(({ addresses }) => addresses)
  const mine = held.filter((each) => each.family === family && listing(each, pools)?.name === pool.name)
  return new Set(mine.map(keyOf)).size
}

/** One number for an address of either family. */
export function keyOf(address: Address): bigint {
  return address.family === 'IPv4' ? address.value : address.value | (1n << 128n)
}

function addressesOf(ledger: Ledger, claim: string): readonly Address[] {
  return (ledger.holdings.get(claim) as Holding).addresses
}

/** Removes the claim from everything but the addresses it keeps. */
function strike(ledger: Ledger, holding: Holding, kept: readonly Address[]): void {
  const keys = new Set(kept.map(keyOf))
  ledger.holdings.delete(holding.claim)
  removeFrom(ledger.tenants, holding.namespace, holding.claim)
  if (holding.sharing.key !== undefined) removeFrom(ledger.sharers, holding.sharing.key, holding.claim)
  for (const address of holding.addresses) {
    if (keys.has(keyOf(address))) continue
    removeFrom(ledger.holders, keyOf(address), holding.claim)
    returnToShelves(ledger, address, holding.claim)
  }
}

/** All that was freed, and all that was held until now; the longest freed first as far as that is known. */
function* freedBefore({ unlisted, shelves, holdings }: Ledger): Iterable<Freed> {
  yield* unlisted.values()
  for (const { IPv4, IPv6 } of shelves.values()) {
    yield* freedOn(IPv4, 'IPv4')
    yield* freedOn(IPv6, 'IPv6')
  }
  for (const { claim, addresses } of holdings.values()) {
    for (const address of addresses) yield { address, claim }
  }
}

function* freedOn({ line, freed }: Shelf, family: Family): Iterable<Freed> {
  for (const [position, claim] of freed) yield { address: { family, value: valueAt(line, position) }, claim }
}

function returnToShelves(ledger: Ledger, address: Address, claim: string): void {
  const isShared = ledger.holders.has(keyOf(address))
  const note = isShared ? remember : putBack
  let isListed = false
  const onLine = (shelf: Shelf, position: bigint): void => {
    isListed = true
    note(shelf, position, claim)
  }
  onShelves(ledger, address, onLine, (shelf) => isShared || shelf.aside.delete(address.value))
  if (!isListed) noteFreed(ledger.unlisted, { address, claim })
}

/** Does one thing where the address can be given out, the other where it is only listed. */
function onShelves(
  ledger: Ledger,
  address: Address,
  onLine: (shelf: Shelf, position: bigint) => void,
  aside: (shelf: Shelf) => void,
): void {
  for (const { pool, [address.family]: shelf } of ledger.shelves.values()) {
    const position = positionOf(shelf.line, address.value)
    if (position !== undefined) onLine(shelf, position)
    else if (lists(pool, address)) aside(shelf)
  }
}

function addTo<K>(index: Map<K, Set<string>>, key: K, claim: string): void {
  const claims = index.get(key)
  if (claims) claims.add(claim)
  else index.set(key, new Set([claim]))
}

function removeFrom<K>(index: Map<K, Set<string>>, key: K, claim: string): void {
  const claims = index.get(key) as Set<string>
  claims.delete(claim)
  if (claims.size === 0) index.delete(key)
}
