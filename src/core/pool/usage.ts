import type { Line } from './line.ts'

/** How the addresses of one family of a pool are used; what is too large to count exactly is 2^53 - 1. */
export interface Usage {
  readonly total: number
  readonly allocated: number
  readonly retained: number
  readonly quarantined: number
  readonly available: number
}

/** What is counted: `allocated` are the addresses that Services hold, `onLine` those of them that the line could give out. */
export interface Counts {
  readonly allocated: number
  readonly onLine: number
  readonly retained: number
  readonly quarantined: number
}

/** Counts a line; retained and quarantined are addresses that nobody holds. */
export function usageOf({ total }: Line, { allocated, onLine, retained, quarantined }: Counts): Usage {
  return {
    total: saturated(total),
    allocated,
    retained,
    quarantined,
    available: saturated(total - BigInt(onLine + retained + quarantined)),
  }
}

function saturated(count: bigint): number {
  return count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count)
}
