import type { Line } from '../pool/line.ts'
import { LeastFirst } from './least-first.ts'

/*
 * Where the next address of one family of a pool comes from, without ever walking the pool.
 *
 *     0 ........ frontier .................. total
 *     touched    | never given out (but for a few that were asked for by address)
 *
 * Below the frontier every position is held, freed (and remembered), or returned (freed so long ago that it was
 * forgotten; as good as never held). The frontier only moves up, past a position that is not free, so all its
 * steps together are as many as addresses were ever held; a returned position costs O(log n).
 */

/** The addresses of one line: who had what, and what is free. Positions are those of the line. */
export interface Shelf {
  readonly line: Line
  readonly held: Set<bigint>
  /** Values of addresses that are held though they are excluded: on no line, but in use. */
  readonly aside: Set<bigint>
  /** Freed and remembered positions with who had them, the longest freed first. */
  readonly freed: Map<bigint, string>
  /** The position that each claim had last. */
  readonly lastOf: Map<string, bigint>
  readonly returned: LeastFirst
  frontier: bigint
}

/** How many freed addresses are remembered of each family of a pool. */
export const memoryLimit = 4_096

/** A shelf that nobody took from yet. */
export function emptyShelf(line: Line): Shelf {
  return {
    line,
    held: new Set(),
    aside: new Set(),
    freed: new Map(),
    lastOf: new Map(),
    returned: new LeastFirst(),
    frontier: 0n,
  }
}

/** Notes that the position is held. */
export function take(shelf: Shelf, position: bigint): void {
  shelf.held.add(position)
  shelf.freed.delete(position)
}

/** Notes that the position is free again, and remembers who had it. */
export function putBack(shelf: Shelf, position: bigint, claim: string): void {
  shelf.held.delete(position)
  shelf.freed.set(position, claim)
  remember(shelf, position, claim)
  if (shelf.freed.size > memoryLimit) forgetLongestFreed(shelf)
}

/** Remembers that the claim had the position, though others may still have it. */
export function remember(shelf: Shelf, position: bigint, claim: string): void {
  shelf.lastOf.delete(claim)
  shelf.lastOf.set(claim, position)
  if (shelf.lastOf.size > memoryLimit) shelf.lastOf.delete(firstKey(shelf.lastOf) as string)
}

/** The position for the claim: its own of before, else the first that was never held, else the longest freed. */
export function nextFree(shelf: Shelf, claim: string): bigint | undefined {
  const own = shelf.lastOf.get(claim)
  if (own !== undefined && !shelf.held.has(own)) return own
  return returnedPosition(shelf) ?? frontierPosition(shelf) ?? firstKey(shelf.freed)
}

function returnedPosition({ returned, held, freed }: Shelf): bigint | undefined {
  while (returned.least !== undefined) {
    if (!held.has(returned.least) && !freed.has(returned.least)) return returned.least
    returned.removeLeast()
  }
  return undefined
}

function frontierPosition(shelf: Shelf): bigint | undefined {
  while (shelf.held.has(shelf.frontier) || shelf.freed.has(shelf.frontier)) shelf.frontier++
  return shelf.frontier < shelf.line.total ? shelf.frontier : undefined
}

function forgetLongestFreed(shelf: Shelf): void {
  const position = firstKey(shelf.freed) as bigint
  shelf.freed.delete(position)
  if (position < shelf.frontier) shelf.returned.add(position)
}

function firstKey<K>(map: ReadonlyMap<K, unknown>): K | undefined {
  const next = map.keys().next()
  return next.done ? undefined : next.value
}
