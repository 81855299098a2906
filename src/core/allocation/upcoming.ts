import type { Address, Family } from '../ip/address.ts'
import type { Pool } from '../pool/pool.ts'
import { shelfOf, shelvesOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { mostQuarantined, mostUpcoming } from './memory.ts'
import { isTouched } from './shelf.ts'
import type { Shelf, Slot } from './shelf.ts'
import { addressAt, families, foreignCount } from './shelves.ts'

/**
 * The addresses of the family that Services which never had one would get next, in that order, `count` at most. Nothing
 * changes by that. None of a pool that gives nothing out now, whose addresses nobody announces, or
 * of which others have as many as are looked after.
 */
export function upcomingOf(ledger: Ledger, pool: Pool, family: Family, count: number): readonly Address[] {
  const { state, disabled, isLeaving, announce, name } = pool
  if (!state.ready || disabled || isLeaving || !announce.enabled) return []
  const shelf = shelfOf(ledger, name, family)
  // Were all of these foreign, too, they would still stand in the status of the pool.
  if (foreignCount(shelvesOf(ledger, name)) > mostQuarantined - families.length * mostUpcoming) return []
  const found = new Set<Slot>()
  for (const position of positionsInTurn(shelf)) {
    if (found.size >= count) break
    found.add(position)
  }
  return [...found].map((position) => addressAt(shelf, family, position))
}

/** As `anyFree` gives them: those that were forgotten, those that were never held, the longest freed. */
function* positionsInTurn(shelf: Shelf): Iterable<Slot> {
  for (const position of shelf.returned.inOrder()) if (!isTouched(shelf, position)) yield position
  for (let position = shelf.frontier; position < shelf.line.total; position++) {
    if (!isTouched(shelf, position)) yield position
  }
  yield* shelf.freed.keys()
}
