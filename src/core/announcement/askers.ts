import type { Key } from '../election/key.ts'

/*
 * Who asks for an address that is held back is answered the moment it is not any more. What is remembered is the answer
 * itself, as it would have been sent at once. Who asks is anybody on the LAN, so there is a bound for each address and
 * one for all of them: who comes too late for that hears the announcement to the whole LAN all the same.
 */

/** As many who ask are remembered, for one address and for all of an interface. */
export const mostAskers = { each: 32, all: 1_024 } as const
/** A Linux neighbour gives up after three questions a second apart: an answer that is later is none. */
const askedWithinMs = 3_000
const sweepsApartMs = 1_000

interface Kept {
  readonly answer: Uint8Array
  readonly at: number
}

/** The answers that are owed on one interface. They change in place, by the functions below alone. */
export interface Askers {
  readonly byAddress: Map<Key, Map<string, Kept>>
  count: number
  /** When those that are too late were last looked for: a flood must not make each frame dear. */
  sweptAt: number
}

/** Nobody has asked yet. */
export function noAskers(): Askers {
  return { byAddress: new Map(), count: 0, sweptAt: -Infinity }
}

/** Remembers a copy of the answer to a question for the address; who asks again is remembered once. */
export function remember(askers: Askers, key: Key, answer: Uint8Array, now: number): void {
  const kept = askers.byAddress.get(key) ?? new Map<string, Kept>()
  const who = String.fromCharCode(...answer)
  if (!kept.has(who) && isFull(askers, kept)) forgetStale(askers, now)
  if (!kept.has(who) && isFull(askers, kept)) return
  askers.count += kept.has(who) ? 0 : 1
  kept.set(who, { answer: answer.slice(), at: now })
  askers.byAddress.set(key, kept)
}

/** The answers that are owed for the addresses that are answered for now, and still wanted; they are owed no more. */
export function takeAnswers(
  askers: Askers,
  isAnswered: (key: Key) => boolean,
  now: number,
): readonly Uint8Array[] {
  const owed: Uint8Array[] = []
  for (const [key, kept] of askers.byAddress) {
    if (!isAnswered(key)) continue
    askers.byAddress.delete(key)
    askers.count -= kept.size
    for (const { answer, at } of kept.values()) if (now - at < askedWithinMs) owed.push(answer)
  }
  return owed
}

function isFull({ count }: Askers, kept: ReadonlyMap<string, Kept>): boolean {
  return count >= mostAskers.all || kept.size >= mostAskers.each
}

function forgetStale(askers: Askers, now: number): void {
  if (now - askers.sweptAt < sweepsApartMs) return
  askers.sweptAt = now
  for (const [key, kept] of askers.byAddress) {
    for (const [who, { at }] of kept) {
      if (now - at < askedWithinMs) continue
      kept.delete(who)
      askers.count--
    }
    if (kept.size === 0) askers.byAddress.delete(key)
  }
}
