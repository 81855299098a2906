import type { Family } from '../ip/address.ts'
import type { Remembered } from './memory.ts'

/** What each Service had last of each family that no pool can give out now, the longest freed first. */
export type Unlisted = Map<`${Family} ${string}`, Remembered>

/** How many of them are remembered: as many as a pool remembers that has them again. */
const limit = 4_096

/** Remembers one more, and forgets the longest freed one when there are too many. */
export function noteFreed(unlisted: Unlisted, freed: Remembered): void {
  const key = `${freed.address.family} ${freed.service}` as const
  unlisted.delete(key)
  unlisted.set(key, freed)
  if (unlisted.size <= limit) return
  const [oldest] = unlisted.keys()
  if (oldest) unlisted.delete(oldest)
}
