import type { Line } from './line.ts'

/** How the addresses of one family of a pool are used; what is too large to count exactly is 2^53 - 1. */
export interface Usage {
  readonly total: number
  readonly allocated: number
  readonly retained: number
  readonly quarantined: number
  readonly available: number
}

/** Counts a line: `allocated` are the addresses that Services hold, `onLine` those of them that it could give out. */
export function usageOf(line: Line, allocated: number, onLine: number): Usage {
  return {
    total: saturated(line.total),
    allocated,
    retained: 0,
    quarantined: 0,
    available: saturated(line.total - BigInt(onLine)),
  }
}

function saturated(count: bigint): number {
  return count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count)
}
