import { isObject, type Json } from '../object.ts'

/** What tells an item apart: a field of it where items have a key, all of it where they have none. */
export function identityOf(item: Json, key: string | undefined): string {
  return JSON.stringify(key !== undefined && isObject(item) ? item[key] : item) ?? 'null'
}

/**
 * Puts a merged list into order. Items that the patch knows come as it names them; the others keep the order in which
 * the server has them, and stand before a known one only where they did so before.
 */
export function ordered(
  merged: readonly Json[],
  wanted: readonly Json[],
  server: readonly Json[],
  key: string | undefined,
): Json[] {
  const places = (list: readonly Json[]): ReadonlyMap<string, number> =>
    new Map(list.map((item, place) => [identityOf(item, key), place]))
  const [wish, before] = [places(wanted), places(server)]
  const placeIn = (order: ReadonlyMap<string, number>, item: Json): number =>
    order.get(identityOf(item, key)) ?? -1
  const sorted = (items: readonly Json[], order: ReadonlyMap<string, number>): Json[] =>
    items.toSorted((left, right) => placeIn(order, left) - placeIn(order, right))
  const known = sorted(
    merged.filter((item) => placeIn(wish, item) >= 0),
    wish,
  )
  const others = sorted(
    merged.filter((item) => placeIn(wish, item) < 0),
    before,
  )
  return interleaved(others, known, (item) => placeIn(before, item))
}

function interleaved(others: Json[], known: Json[], placeOf: (item: Json) => number): Json[] {
  const result: Json[] = []
  while (others.length > 0 || known.length > 0) {
    const [left, right] = [others[0], known[0]]
    const stoodBefore =
      left !== undefined &&
      (right === undefined || (placeOf(left) >= 0 && placeOf(right) >= 0 && placeOf(left) < placeOf(right)))
    const next = stoodBefore ? others.shift() : known.shift()
    result.push(next ?? null)
  }
  return result
}
