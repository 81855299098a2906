import { apartMs, atRest, paced, paceDueAt, restingIn, unevenMs } from './pace.ts'
import type { Pace } from './pace.ts'
import type { Placeable, Placed } from './placement.ts'
import { shiftsOf } from './rebalance.ts'
import type { Shift } from './rebalance.ts'
import { nodesIn } from './roll-call.ts'
import type { RollCall } from './roll-call.ts'
import { noteStays, steadyDueAt, steadyIn } from './stays.ts'
import type { Stays } from './stays.ts'
import { unevennessText } from './unevenness.ts'

/*
 * From look to look: of pools with `rebalance: Auto` what a rebalance would move is moved, bit by bit (pace.ts), among
 * the speakers that have been there for a while (stays.ts); of the others it is only said. A look takes every address in,
 * so there is one a second at the most.
 */

/** What is remembered between two looks. */
export interface Rebalancing {
  readonly stays: Stays
  readonly pace: Pace
  readonly uneven: ReadonlyMap<string, Unevenness>
  readonly lookedAt: number
  /** When to look again, if nothing changes before. */
  readonly dueAt: number
}

/** Since when a pool is uneven, and what a rebalance would move of it, in words. */
interface Unevenness {
  readonly since: number
  readonly text: string
}

/** An address that is held, and the pool that it is of. */
export interface Pooled extends Placeable {
  readonly pool: string
}

/** What is seen at a look. */
export interface Scene {
  readonly rollCall: RollCall
  readonly addresses: readonly Pooled[]
  readonly placed: ReadonlyMap<string, Placed>
  /** Addresses that others announce than should. */
  readonly elsewhere: ReadonlySet<string>
  /** The pools with `rebalance: Auto`. */
  readonly automatic: ReadonlySet<string>
}

/** Nothing was seen yet. */
export const unseen: Rebalancing = {
  stays: new Map(),
  pace: atRest,
  uneven: new Map(),
  lookedAt: -Infinity,
  dueAt: -Infinity,
}

/** Something is another one than at the last look. */
export function lookSoon(before: Rebalancing): Rebalancing {
  return { ...before, dueAt: Math.min(before.dueAt, before.lookedAt + apartMs) }
}

/** Takes in who is there: between the looks, too, somebody may come and go. */
export function noteRollCall(before: Rebalancing, rollCall: RollCall, now: number): Rebalancing {
  return { ...before, stays: noteStays(before.stays, rollCall, now) }
}

/** Looks; answers what is to be moved now. `now` is monotonic milliseconds. */
export function look(
  before: Rebalancing,
  scene: Scene,
  now: number,
): readonly [Rebalancing, readonly Shift[]] {
  const { elsewhere, rollCall } = scene
  const { stays } = noteRollCall(before, rollCall, now)
  const shifts = automaticShifts(scene, restingIn(before.pace))
  const isAnyAway = nodesIn(rollCall, 'away').size > 0
  const seen = { shifts, elsewhere, isAnyAway, steady: steadyIn(stays, now) }
  const [pace, moves] = paced(before.pace, seen, now)
  const uneven = unevenIn(before, [...shifts, ...manualShifts(scene)], scene, now)
  const saidAt = [...uneven.values()].map(({ since }) => since + unevenMs).filter((at) => at > now)
  const dueAt = Math.min(paceDueAt(pace, now), steadyDueAt(stays, now), ...saidAt)
  return [{ stays, pace, uneven, lookedAt: now, dueAt }, moves]
}

/** What a rebalance would move of the pool, in words; undefined when nothing, or not for long. */
export function unevennessOf({ uneven, lookedAt }: Rebalancing, pool: string): string | undefined {
  const one = uneven.get(pool)
  return one && one.since + unevenMs <= lookedAt ? one.text : undefined
}

function automaticShifts(scene: Scene, reluctant: ReadonlySet<string>): readonly Shift[] {
  const free = scene.addresses.filter(({ pool }) => scene.automatic.has(pool))
  return shiftsAmong(scene, free, reluctant)
}

function manualShifts(scene: Scene): readonly Shift[] {
  const manual = new Set(scene.addresses.flatMap(({ key, pool }) => (scene.automatic.has(pool) ? [] : key)))
  if (manual.size === 0) return []
  const shifts = shiftsAmong(scene, scene.addresses)
  return shifts.filter(({ key }) => manual.has(key))
}

function shiftsAmong(
  { rollCall, addresses, placed }: Scene,
  free: readonly Pooled[],
  reluctant?: ReadonlySet<string>,
): readonly Shift[] {
  if (free.length === 0) return []
  const mayMove = new Set(free.map(({ key }) => key))
  const live = nodesIn(rollCall, 'present')
  return shiftsOf({ addresses, placed, live, mayMove, ...(reluctant && { reluctant }) })
}

/** What is uneven at the very first look has long been so. */
function unevenIn(
  { uneven, lookedAt }: Rebalancing,
  shifts: readonly Shift[],
  { addresses, automatic }: Scene,
  now: number,
): Rebalancing['uneven'] {
  const poolOf = new Map(addresses.map(({ key, pool }) => [key, pool]))
  const first = lookedAt === -Infinity ? -Infinity : now
  const pools = new Set(shifts.map(({ key }) => poolOf.get(key) as string))
  return new Map(
    [...pools].map((pool) => {
      const own = shifts.filter(({ key }) => poolOf.get(key) === pool)
      const total = addresses.filter((each) => each.pool === pool).length
      const since = uneven.get(pool)?.since ?? first
      return [pool, { since, text: unevennessText(own, total, automatic.has(pool)) }]
    }),
  )
}
