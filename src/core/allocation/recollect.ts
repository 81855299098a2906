import { keyOf, recall, shelvesOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { compareFreed, mostPersisted } from './memory.ts'
import type { Remembered } from './memory.ts'
import { families, hasListed, othersOn, retainedOn } from './shelves.ts'

/**
 * Takes up what is remembered of before: whichever pool lists an address gives it back. Call it when everything that is
 * still held is noted.
 */
export function recollect(ledger: Ledger, memory: Iterable<Remembered>): void {
  for (const each of [...memory].toSorted(compareFreed)) {
    if (!ledger.holders.get(keyOf(each.address))?.has(each.service)) recall(ledger, each)
  }
}

/** All that a former ledger remembers, and all that was held by it, as freed now. */
export function* memoryIn({ unlisted, shelves, holdings }: Ledger, now: number): Iterable<Remembered> {
  yield* unlisted.values()
  for (const each of shelves.values()) {
    for (const family of families) {
      yield* othersOn(each[family], family)
      yield* retainedOn(each[family], family)
    }
  }
  for (const { claim, addresses } of holdings.values()) {
    for (const address of addresses) yield { address, service: claim, freedAt: now }
  }
}

/** What to persist of the memory of a pool, the latest freed last: what is retained before all else, then the latest. */
export function persisted(ledger: Ledger, pool: string): readonly Remembered[] {
  const shelves = shelvesOf(ledger, pool)
  const kept = families.flatMap((family) => [...retainedOn(shelves[family], family)])
  const excluded = [...ledger.unlisted.values()].filter(({ address }) => hasListed(shelves, address))
  const others = [...excluded, ...families.flatMap((family) => [...othersOn(shelves[family], family)])]
  const free = others.filter(({ address, service }) => !ledger.holders.get(keyOf(address))?.has(service))
  const over = Math.max(0, free.length + kept.length - mostPersisted)
  const latest = free.toSorted(compareFreed).slice(over)
  return [...latest, ...kept].toSorted(compareFreed)
}
