import type { Address, Family } from '../ip/address.ts'
import { positionOf, valueAt } from '../pool/line.ts'
import { lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import { mostPersisted, mostQuarantined } from './memory.ts'
import type { Quarantined, Remembered } from './memory.ts'
import { emptyShelf, endFirst, endsAt, quarantine, slotOf } from './shelf.ts'
import type { Freed, Shelf, Slot } from './shelf.ts'

/** The addresses of one pool: what can be given out, and what is held. */
export interface Shelves {
  readonly pool: Pool
  readonly IPv4: Shelf
  readonly IPv6: Shelf
  /** How many addresses are held from this pool and not from another one that lists them, too; excluded ones included. */
  readonly heldFrom: Record<Family, number>
  /** How many claims of each namespace hold each address that the pool lists; only where it has a quota. */
  readonly tenants: Map<string, Map<bigint, number>>
}

export const families = ['IPv4', 'IPv6'] as const

/** The shelves of a pool of which nobody holds anything. */
export function emptyShelves(pool: Pool, quarantined: Iterable<Quarantined>): Shelves {
  const shelves = {
    pool,
    IPv4: emptyShelf(pool.lines.IPv4, pool.retainMs),
    IPv6: emptyShelf(pool.lines.IPv6, pool.retainMs),
    heldFrom: { IPv4: 0, IPv6: 0 },
    tenants: new Map<string, Map<bigint, number>>(),
  }
  for (const { address } of quarantined) {
    const position = positionIn(shelves, address)
    if (position !== undefined) quarantine(shelves[address.family], position)
  }
  return shelves
}

/** Where the address stands on the pool's line; undefined when the pool never gives it out. */
export function positionIn(shelves: Shelves, { family, value }: Address): Slot | undefined {
  const position = positionOf(shelves[family].line, value)
  return position === undefined ? undefined : slotOf(position)
}

/** Whether the pool lists the address, as one that it gives out or one that it does not. */
export function hasListed(shelves: Shelves, address: Address): boolean {
  return positionIn(shelves, address) !== undefined || lists(shelves.pool, address)
}

/** Counts one claim more, or one less, of the namespace with the address; nobody asks while there is no quota. */
export function countTenant({ pool, tenants }: Shelves, namespace: string, key: bigint, by: 1 | -1): void {
  if (pool.quota === undefined) return
  const counts = tenants.get(namespace) ?? new Map<bigint, number>()
  const count = (counts.get(key) ?? 0) + by
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
  if (counts.size > 0) tenants.set(namespace, counts)
  else tenants.delete(namespace)
}

/** Keeps no more addresses for those that had them than the pool's status has room for. */
export function limitRetained(shelves: Shelves): void {
  if (shelves.IPv4.retained.size + shelves.IPv6.retained.size > mostPersisted) endFirst(endingFirst(shelves))
}

/** The shelf of which a retention ends next. */
export function endingFirst({ IPv4, IPv6 }: Shelves): Shelf {
  return endsAt(IPv4) <= endsAt(IPv6) ? IPv4 : IPv6
}

/** What is kept for those that had it. */
export function* retainedOn(shelf: Shelf, family: Family): Iterable<Remembered> {
  for (const [position, freed] of shelf.retained)
    yield { address: addressAt(shelf, family, position), ...freed }
}

/**
 * What else is remembered: what each Service had last that others had or have since then, and who had what anyone may
 * have now.
 */
export function* othersOn(shelf: Shelf, family: Family): Iterable<Remembered> {
  for (const [service, { position, freedAt }] of shelf.lastOf) {
    if (freedOn(shelf, position)?.service !== service)
      yield { address: addressAt(shelf, family, position), service, freedAt }
  }
  for (const map of [shelf.freed, shelf.quarantined]) {
    for (const [position, freed] of map) {
      if (freed) yield { address: addressAt(shelf, family, position), ...freed }
    }
  }
}

/** The address at a position of the shelf. */
export function addressAt({ line }: Shelf, family: Family, position: Slot): Address {
  return { family, value: valueAt(line, BigInt(position)) }
}

function freedOn({ freed, retained, quarantined }: Shelf, position: Slot): Freed | undefined {
  return retained.get(position) ?? freed.get(position) ?? quarantined.get(position)
}

/** Whether others have so many addresses of the pool that the next one is likely theirs, too. */
export function isMostlyForeign(shelves: Shelves): boolean {
  return foreignCount(shelves) >= mostQuarantined
}

/** How many addresses of the pool others have, in both families. */
export function foreignCount({ IPv4, IPv6 }: Shelves): number {
  return IPv4.quarantined.size + IPv6.quarantined.size
}
