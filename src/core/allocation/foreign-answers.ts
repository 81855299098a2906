// Which addresses are quarantined.
//
// Speakers say which addresses another device answers for (core/announcement/lookout.ts). Any word of that counts at
// once. That a speaker says so no more counts only a while later: the next one by rank may have taken its place and asks
// for itself first. While no speaker is there to ask, nothing that is quarantined is given out.

import { formatAddress } from '../ip/address.ts'
import type { Quarantined } from './memory.ts'

/** Nobody has said of a quarantined address that it is answered for so long: then it is given out again. */
const lingerMs = 10_000

/** A quarantined address, and when that was last said, on a clock that is never set. */
interface Suspect extends Quarantined {
  readonly saidAt: number
}

/** What is quarantined, by address. */
export type Suspects = ReadonlyMap<string, Suspect>

/** What stood in the pools' status: said now, for nobody was there to hear it. */
export function standingSuspects(entries: Iterable<Quarantined>, now: number): Suspects {
  return new Map([...entries].map((entry) => [formatAddress(entry.address), { ...entry, saidAt: now }]))
}

/** What is quarantined now that the speakers say this; `isAsked` is whether any of them can ask the LAN. */
export function suspectsAfter(
  before: Suspects,
  said: Iterable<Quarantined>,
  isAsked: boolean,
  now: number,
): Suspects {
  const after = new Map<string, Suspect>()
  for (const { address, mac, seen } of said) {
    const key = formatAddress(address)
    const other = after.get(key)
    if (other === undefined || seen > other.seen) after.set(key, { address, mac, seen, saidAt: now })
  }
  for (const [key, suspect] of before) {
    const saidAt = isAsked ? suspect.saidAt : now
    if (!after.has(key) && now < saidAt + lingerMs) after.set(key, { ...suspect, saidAt })
  }
  return after
}

/** When the first of them may be given out again though nothing is said meanwhile; Infinity when there is none. */
export function suspectsDueAt(suspects: Suspects): number {
  return [...suspects.values()].reduce((due, { saidAt }) => Math.min(due, saidAt + lingerMs), Infinity)
}

/** Whether both say the same of the same addresses. */
export function isSameSuspects(one: Suspects, other: Suspects): boolean {
  if (one.size !== other.size) return false
  return [...one].every(([key, { mac, seen }]) => {
    const same = other.get(key)
    return same?.mac === mac && same.seen === seen
  })
}
