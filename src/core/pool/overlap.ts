import { formatRange, overlaps } from '../ip/range.ts'
import type { Pool, PoolState } from './pool.ts'

/** What decides which of two pools is the older one. */
export interface PoolAge {
  /** `metadata.creationTimestamp`: such texts sort by time. */
  readonly createdAt: string
  /** Whether the pool was Ready before: between pools of one second, it was there first. */
  readonly wasReady: boolean
  /** The resourceVersion, which grows in the order of creation. */
  readonly version: number
  readonly name: string
  /** One that is being deleted is younger than all that stay. */
  readonly isLeaving: boolean
}

/** Orders pools: the oldest first. */
export function compareAge(a: PoolAge, b: PoolAge): number {
  if (a.isLeaving !== b.isLeaving) return a.isLeaving ? 1 : -1
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1
  if (a.wasReady !== b.wasReady) return a.wasReady ? -1 : 1
  if (a.version !== b.version) return a.version - b.version
  return a.name < b.name ? -1 : 1
}

/** Settles who keeps a range that two pools list: the older one, and the younger one is not ready. */
export function settleOverlaps(oldestFirst: readonly Pool[]): readonly Pool[] {
  const settled: Pool[] = []
  for (const pool of oldestFirst) {
    const state = pool.state.ready ? overlapOf(pool, settled) : undefined
    settled.push(state ? { ...pool, state } : pool)
  }
  return settled
}

function overlapOf(pool: Pool, older: readonly Pool[]): PoolState | undefined {
  for (const other of older) {
    const message = other.state.ready ? clashOf(pool, other) : undefined
    if (message) return { ready: false, reason: 'Overlaps', message }
  }
  return undefined
}

function clashOf(pool: Pool, other: Pool): string | undefined {
  for (const mine of pool.entries) {
    const theirs = other.entries.find((entry) => overlaps(entry, mine))
    if (theirs) {
      return `${formatRange(mine)} overlaps ${formatRange(theirs)} of AddressPool ${other.name}, which is older and keeps it; take the shared addresses out of one of the two`
    }
  }
  return undefined
}
