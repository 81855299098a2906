import { figuresOf, inMs } from '../figures.ts'

/** What one client saw of one try. */
export interface Sight {
  /** Who looked, and how: `UDP, 10 kHz`. Sights of several tries are put together by it. */
  readonly by: string
  /** The longest time without an answer; 0 when nothing was missed. */
  readonly gapMs: number
  /** What had no answer. */
  readonly lost: number
  readonly sent: number
}

/** Something that was counted or timed in one try, beside what the clients saw. */
export interface Count {
  readonly what: string
  readonly value: number
  /** What it is counted in; nothing unless told. */
  readonly unit?: 'ms' | 's'
}

/** All that came of one try. */
export interface Seen {
  readonly sights: readonly Sight[]
  readonly counts: readonly Count[]
}

/** The columns of `linesOf`. */
export const headings = ['median', 'p99', 'max', 'lost median', 'lost max', 'of'] as const

/** One printed line: whose it is, and its cells under `headings`. */
export interface Line {
  readonly by: string
  readonly cells: readonly string[]
}

/** Several tries of one move: one line for each that looked, one for each thing counted. */
export function linesOf(tries: readonly Seen[]): readonly Line[] {
  const sights = groupsOf(
    tries.flatMap((seen) => seen.sights),
    ({ by }) => by,
  )
  const counts = groupsOf(
    tries.flatMap((seen) => seen.counts),
    ({ what }) => what,
  )
  return [...sights.map(sightLine), ...counts.map(countLine)]
}

function sightLine([by, sights]: readonly [string, readonly Sight[]]): Line {
  const gap = figuresOf(sights.map(({ gapMs }) => gapMs))
  const lost = figuresOf(sights.map((sight) => sight.lost))
  const sent = figuresOf(sights.map((sight) => sight.sent))
  const times = [gap.median, gap.p99, gap.max].map(inMs)
  return { by, cells: [...times, ...[lost.median, lost.max, sent.median].map(String)] }
}

function countLine([what, counts]: readonly [string, readonly Count[]]): Line {
  const { median, p99, max } = figuresOf(counts.map(({ value }) => value))
  const unit = counts[0]?.unit
  return { by: what, cells: [median, p99, max].map((value) => inUnit(value, unit)) }
}

function inUnit(value: number, unit: Count['unit']): string {
  if (unit === 'ms') return inMs(value)
  return unit === 's' ? `${value.toFixed(1)} s` : String(value)
}

/** In the order in which each was seen first. */
function groupsOf<T>(
  values: readonly T[],
  nameOf: (value: T) => string,
): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>()
  for (const value of values) groups.set(nameOf(value), [...(groups.get(nameOf(value)) ?? []), value])
  return [...groups]
}
