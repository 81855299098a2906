import { subtract } from '../ip/range.ts'
import type { Range } from '../ip/range.ts'

/*
 * The addresses of one family that a pool may give out, as one gapless line of positions 0, 1, 2 …: entries in
 * the order they are written, ascending inside each, excluded addresses cut out. Both directions are a binary
 * search among the segments and some arithmetic, so a /8 or an IPv6 /64 costs no more than a /29.
 *
 *     entries   10.0.5.0/30, 10.0.1.8-10.0.1.9       exclude 10.0.5.1
 *     line      0: 10.0.5.0   1: 10.0.5.2   2: 10.0.5.3   3: 10.0.1.8   4: 10.0.1.9
 */

/** The line of one family of a pool. */
export interface Line {
  readonly total: bigint
  /** In order of position. */
  readonly segments: readonly Segment[]
  /** The same in order of address. */
  readonly byAddress: readonly Segment[]
  readonly numbering: Numbering
}

interface Segment {
  readonly position: bigint
  readonly first: bigint
  readonly last: bigint
}

/** How the addresses are counted: all of them, or without IPv4's .0 and .255. `rank` counts those below a value. */
interface Numbering {
  readonly counts: (value: bigint) => boolean
  readonly rank: (value: bigint) => bigint
  readonly valueAt: (rank: bigint) => bigint
}

const every: Numbering = { counts: () => true, rank: (value) => value, valueAt: (rank) => rank }

const withoutBuggy: Numbering = {
  counts: (value) => (value & 255n) !== 0n && (value & 255n) !== 255n,
  rank: (value) => (value >> 8n) * 254n + ((value & 255n) === 0n ? 0n : (value & 255n) - 1n),
  valueAt: (rank) => ((rank / 254n) << 8n) + (rank % 254n) + 1n,
}

/** Lays out the entries, which are of one family; what an entry shares with an earlier one counts once. */
export function lineOf(entries: readonly Range[], exclude: readonly Range[], avoidBuggyIPs: boolean): Line {
  const numbering = avoidBuggyIPs && entries[0]?.family === 'IPv4' ? withoutBuggy : every
  const segments: Segment[] = []
  let total = 0n
  for (const { first, last } of piecesOf(entries, exclude)) {
    segments.push({ position: total, first, last })
    total += numbering.rank(last + 1n) - numbering.rank(first)
  }
  return { total, segments, byAddress: segments.toSorted(ascending), numbering }
}

/** Where the address with this value stands on the line; undefined when it is not on it. */
export function positionOf(line: Line, value: bigint): bigint | undefined {
  const { rank, counts } = line.numbering
  const segment = lastWhere(line.byAddress, ({ first }) => first <= value)
  if (!segment || value > segment.last || !counts(value)) return undefined
  return segment.position + rank(value) - rank(segment.first)
}

/** The value of the address at a position, which must be one of 0 to total - 1. */
export function valueAt(line: Line, position: bigint): bigint {
  const segment = lastWhere(line.segments, (each) => each.position <= position)
  if (!segment || position >= line.total)
    throw new Error(`position ${position} is not on a line of ${line.total}`)
  const { rank, valueAt: valueOf } = line.numbering
  return valueOf(rank(segment.first) + position - segment.position)
}

function piecesOf(entries: readonly Range[], exclude: readonly Range[]): readonly Range[] {
  return entries.flatMap((entry, index) => {
    const cuts = [...entries.slice(0, index), ...exclude]
    return cuts.reduce<readonly Range[]>(
      (pieces, cut) => pieces.flatMap((piece) => subtract(piece, cut)),
      [entry],
    )
  })
}

function ascending(a: Segment, b: Segment): number {
  return a.first < b.first ? -1 : 1
}

/** The last item that the test holds for, where it holds for all before it. */
function lastWhere<T>(items: readonly T[], holds: (item: T) => boolean): T | undefined {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(items[middle] as T)) low = middle + 1
    else high = middle
  }
  return items[low - 1]
}
