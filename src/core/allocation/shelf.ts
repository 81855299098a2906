import type { Line } from '../pool/line.ts'
import { LeastFirst } from './least-first.ts'

/*
 * Where the next address of one family of a pool comes from, without ever walking the pool.
 *
 *     0 ........ frontier .................. total
 *     touched    | never given out (but for a few that were asked for by address)
 *
 * A position is touched while it is held, quarantined, or freed and remembered: retained for the one that had it, or
 * free to anyone, though last of all. Below the frontier every position is touched or returned (freed so long ago that
 * it was forgotten; as good as never held). The frontier moves when positions are touched, never when one is looked
 * for, and only up: all its steps together are as many as addresses were ever touched. A returned position costs
 * O(log n).
 */

/** A position of the line, as a number where it is one that numbers can tell from the next: these are looked up faster. */
export type Slot = number | bigint

/** Who had a position, and when it was freed. */
export interface Freed {
  readonly service: string
  readonly freedAt: number
}

/** The addresses of one line: who had what, and what is free. Positions are those of the line. */
export interface Shelf {
  readonly line: Line
  readonly retainMs: number
  readonly held: Set<Slot>
  /** Positions that are kept for the one that had them, the longest freed first. */
  readonly retained: Map<Slot, Freed>
  /** Positions that anyone may have, the longest freed first, all freed before those that are retained. */
  readonly freed: Map<Slot, Freed>
  /** Positions that nobody new gets, held or not, with who had them before. */
  readonly quarantined: Map<Slot, Freed | undefined>
  /** The position that each Service had last and when it gave it up, the longest ago first. */
  readonly lastOf: Map<string, { readonly position: Slot; readonly freedAt: number }>
  readonly returned: LeastFirst
  frontier: number
}

/** How many freed addresses are remembered of each family of a pool. */
export const memoryLimit = 4_096

/** The one way to write a position. */
export function slotOf(position: bigint): Slot {
  return position <= Number.MAX_SAFE_INTEGER ? Number(position) : position
}

/** A shelf that nobody took from yet. */
export function emptyShelf(line: Line, retainMs = 0): Shelf {
  return {
    line,
    retainMs,
    held: new Set(),
    retained: new Map(),
    freed: new Map(),
    quarantined: new Map(),
    lastOf: new Map(),
    returned: new LeastFirst(),
    frontier: 0,
  }
}

/** Notes that the position is held. */
export function take(shelf: Shelf, position: Slot): void {
  shelf.held.add(position)
  forget(shelf, position)
  advance(shelf)
}

/** Notes that the position is free since `freedAt`, which no other is later than, and remembers who had it. */
export function putBack(shelf: Shelf, position: Slot, freed: Freed, now: number): void {
  shelf.held.delete(position)
  forget(shelf, position)
  shelve(shelf, position, freed, now)
  remember(shelf, position, freed)
  advance(shelf)
  if (shelf.freed.size > memoryLimit) returnLongestFreed(shelf)
}

/** Remembers that the Service had the position, though others may still have it. */
export function remember({ lastOf }: Shelf, position: Slot, { service, freedAt }: Freed): void {
  lastOf.delete(service)
  lastOf.set(service, { position, freedAt })
  if (lastOf.size > memoryLimit) lastOf.delete(firstKey(lastOf) as string)
}

/** The position for the Service: its own of before, else one that anyone could have. */
export function nextFree(shelf: Shelf, service: string): Slot | undefined {
  const own = shelf.lastOf.get(service)?.position
  return own !== undefined && isFreeTo(shelf, own, service) ? own : anyFree(shelf)
}

/** The first position that was never held or is forgotten, else the longest freed. */
export function anyFree(shelf: Shelf): Slot | undefined {
  return returnedPosition(shelf) ?? frontierPosition(shelf) ?? firstKey(shelf.freed)
}

/** When the first retained position can be had by anyone; Infinity when none is retained. */
export function endsAt({ retained, retainMs }: Shelf): number {
  if (retained.size === 0) return Infinity
  const [first] = retained.values()
  return (first as Freed).freedAt + retainMs
}

/** Ends the retention that would end first; the position, which anyone may have now. */
export function endFirst({ retained, freed }: Shelf): Slot | undefined {
  const position = firstKey(retained)
  if (position === undefined) return undefined
  freed.set(position, retained.get(position) as Freed)
  retained.delete(position)
  return position
}

/** Notes that another device answers for the position. */
export function quarantine(shelf: Shelf, position: Slot): void {
  const had = shelf.retained.get(position) ?? shelf.freed.get(position)
  forget(shelf, position)
  shelf.quarantined.set(position, had)
  advance(shelf)
}

/** Notes that no other device answers for the position any more. */
export function release(shelf: Shelf, position: Slot, now: number): void {
  const had = shelf.quarantined.get(position)
  shelf.quarantined.delete(position)
  if (!had) return giveBack(shelf, position)
  shelve(shelf, position, had, now)
  for (const map of [shelf.retained, shelf.freed]) sortByTime(map)
}

/** The clock was set back: what was freed in the future is as if it were freed now. */
export function clockSetBack({ retained, freed, quarantined }: Shelf, now: number): void {
  for (const map of [retained, freed, quarantined]) {
    for (const [position, had] of map) {
      if (had && had.freedAt > now) map.set(position, { ...had, freedAt: now })
    }
  }
}

/** How many positions are quarantined and free but for that. */
export function quarantinedCount({ quarantined, held }: Shelf): number {
  let count = 0
  for (const position of quarantined.keys()) if (!held.has(position)) count++
  return count
}

function isFreeTo({ held, quarantined, retained }: Shelf, position: Slot, service: string): boolean {
  if (held.has(position) || quarantined.has(position)) return false
  const keptFor = retained.get(position)?.service
  return keptFor === undefined || keptFor === service
}

function shelve(shelf: Shelf, position: Slot, freed: Freed, now: number): void {
  if (shelf.quarantined.has(position)) shelf.quarantined.set(position, freed)
  else if (freed.freedAt + shelf.retainMs > now) shelf.retained.set(position, freed)
  else shelf.freed.set(position, freed)
}

function forget({ retained, freed, quarantined }: Shelf, position: Slot): void {
  retained.delete(position)
  freed.delete(position)
  if (quarantined.has(position)) quarantined.set(position, undefined)
}

/** Whether the position is held, remembered or quarantined. */
export function isTouched({ held, retained, freed, quarantined }: Shelf, position: Slot): boolean {
  return held.has(position) || freed.has(position) || retained.has(position) || quarantined.has(position)
}

function advance(shelf: Shelf): void {
  while (isTouched(shelf, shelf.frontier)) shelf.frontier++
}

function returnedPosition(shelf: Shelf): Slot | undefined {
  const { returned } = shelf
  for (let least = returned.least; least !== undefined; least = returned.least) {
    if (!isTouched(shelf, least)) return least
    returned.removeLeast()
  }
  return undefined
}

function frontierPosition({ frontier, line }: Shelf): Slot | undefined {
  return frontier < line.total ? frontier : undefined
}

function returnLongestFreed(shelf: Shelf): void {
  const position = firstKey(shelf.freed) as Slot
  shelf.freed.delete(position)
  giveBack(shelf, position)
}

/** Notes that the position is as if it had never been held. */
function giveBack({ returned, frontier }: Shelf, position: Slot): void {
  if (position < frontier) returned.add(position)
}

function sortByTime(map: Map<Slot, Freed>): void {
  const entries = [...map].toSorted(([, a], [, b]) => a.freedAt - b.freedAt)
  map.clear()
  for (const [position, freed] of entries) map.set(position, freed)
}

function firstKey<K>(map: ReadonlyMap<K, unknown>): K | undefined {
  const next = map.keys().next()
  return next.done ? undefined : next.value
}
