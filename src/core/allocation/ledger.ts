import type { Address, Family } from '../ip/address.ts'
import { positionOf } from '../pool/line.ts'
import { lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import { usageOf } from '../pool/usage.ts'
import type { Usage } from '../pool/usage.ts'
import type { Claim, Sharing } from './claim.ts'
import { emptyShelf, inherit, putBack, remember, take } from './shelf.ts'
import type { Shelf } from './shelf.ts'

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
}

type Shelves = Readonly<Record<Family, Shelf>> & { readonly pool: Pool }

/** A ledger in which nobody holds anything. */
export function emptyLedger(pools: readonly Pool[]): Ledger {
  const shelvesOf = (pool: Pool): Shelves => {
    return { pool, IPv4: emptyShelf(pool.lines.IPv4), IPv6: emptyShelf(pool.lines.IPv6) }
  }
  const shelves = new Map(pools.map((pool) => [pool.name, shelvesOf(pool)]))
  return { holdings: new Map(), holders: new Map(), sharers: new Map(), tenants: new Map(), shelves }
}

/** Remembers in the pools of one ledger what was freed in the pools of the same names in another. */
export function inheritMemory(ledger: Ledger, from: Ledger): void {
  for (const [name, shelves] of ledger.shelves) {
    const former = from.shelves.get(name)
    if (!former) continue
    inherit(shelves.IPv4, former.IPv4)
    inherit(shelves.IPv6, former.IPv6)
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

/** How the addresses of one family of a pool are used. */
export function poolUsage(ledger: Ledger, pool: Pool, family: Family): Usage {
  const shelf = shelfOf(ledger, pool.name, family)
  return usageOf(shelf.line, shelf.held.size + shelf.aside.size, shelf.held.size)
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

function returnToShelves(ledger: Ledger, address: Address, claim: string): void {
  const isShared = ledger.holders.has(keyOf(address))
  const note = isShared ? remember : putBack
  onShelves(
    ledger,
    address,
    (shelf, position) => note(shelf, position, claim),
    (shelf) => isShared || shelf.aside.delete(address.value),
  )
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
