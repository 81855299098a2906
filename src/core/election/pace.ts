import type { Shift } from './rebalance.ts'

/*
 * When a rebalance that nobody asked for makes its moves. Each is without loss, but none is for nothing: a client's
 * neighbour entry changes, and flows through an external load balancer's node may. So the unevenness must last, and
 * the moves are made a few at a time, each few only when those before have arrived and nothing else is under way.
 * An address that was moved stays for twenty seconds at least, whatever happens. What must wait is left undone, and not made up for
 * by other moves: those would be too many once it need not wait any more.
 */

/** The nodes must be uneven for so long, in milliseconds. */
export const unevenMs = 3_000
/** So many addresses move at once… */
export const movesAtOnce = 8
/** …and the next ones no sooner than this. */
export const apartMs = 1_000
/** What has not arrived by then is waited for no longer. */
export const arrivalMs = 5_000
/** For so long an address that was moved is not moved again. */
export const restMs = 20_000

/** What is remembered between the looks. */
export interface Pace {
  /** Since when there is something to move. */
  readonly unevenSince: number | undefined
  /** Whether all that there is to move must wait for a node or for its own rest. */
  readonly isHeldBack: boolean
  /** Since when something has been on its way at each look. */
  readonly busySince: number | undefined
  readonly movedAt: number
  /** The addresses that were moved not long ago, and when. */
  readonly moved: ReadonlyMap<string, number>
}

/** What is seen at one look. */
export interface Look {
  /** What a rebalance would move. */
  readonly shifts: readonly Shift[]
  /** The nodes that may give and get. */
  readonly steady: ReadonlySet<string>
  /** Addresses that others announce than should. */
  readonly elsewhere: ReadonlySet<string>
  /** Whether a speaker is away for a moment: others stand in for it, and it may be back at once. */
  readonly isAnyAway: boolean
}

/** Nothing was moved yet. */
export const atRest: Pace = {
  unevenSince: undefined,
  isHeldBack: false,
  busySince: undefined,
  movedAt: -Infinity,
  moved: new Map(),
}

/** The addresses that were moved not long ago. */
export function restingIn({ moved }: Pace): ReadonlySet<string> {
  return new Set(moved.keys())
}

/** The moves to make now, and what to remember of it. `now` is monotonic milliseconds. */
export function paced(before: Pace, look: Look, now: number): readonly [Pace, readonly Shift[]] {
  const unevenSince = look.shifts.length > 0 ? (before.unevenSince ?? now) : undefined
  const busySince = look.elsewhere.size > 0 ? (before.busySince ?? now) : undefined
  const resting = new Map([...before.moved].filter(([, at]) => now - at < restMs))
  const free = look.shifts.filter((shift) => isFree(shift, resting, look))
  const isHeldBack = free.length === 0
  const pace = { unevenSince, isHeldBack, busySince, movedAt: before.movedAt, moved: resting }
  if (now < dueAtOf(pace) || look.isAnyAway || isBusy(pace, look, now)) return [pace, []]
  const moves = free.slice(0, movesAtOnce)
  const moved = new Map([...resting, ...moves.map(({ key }) => [key, now] as const)])
  return [{ ...pace, movedAt: isHeldBack ? pace.movedAt : now, moved }, moves]
}

/** When to look again though nothing has happened; Infinity if never. */
export function paceDueAt(pace: Pace, now: number): number {
  if (pace.unevenSince === undefined) return Infinity
  if (pace.isHeldBack) return Math.min(Infinity, ...[...pace.moved.values()].map((at) => at + restMs))
  const dueAt = dueAtOf(pace)
  return dueAt > now ? dueAt : now + apartMs
}

function isFree({ key, from, to }: Shift, resting: ReadonlyMap<string, number>, { steady }: Look): boolean {
  return !resting.has(key) && steady.has(from) && steady.has(to)
}

function dueAtOf({ unevenSince = Infinity, movedAt }: Pace): number {
  return Math.max(unevenSince + unevenMs, movedAt + apartMs)
}

/** Whether something is on its way: of our own moves, or anything, as long as that is not all the time so. */
function isBusy({ busySince = -Infinity, moved }: Pace, { elsewhere }: Look, now: number): boolean {
  if (now - busySince < arrivalMs) return true
  return [...elsewhere].some((key) => now - (moved.get(key) ?? -Infinity) < arrivalMs)
}
