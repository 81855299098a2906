import { newestPlaced, place } from './placement.ts'
import type { Placeable, Placed } from './placement.ts'
import type { Shift } from './rebalance.ts'

/*
 * The placement of the whole cluster, kept from one moment to the next. While nobody comes or goes, whatever is
 * placed and unchanged stays where it is, and of all the rest only the number on each node counts. So a change of
 * one address is placed by itself, and the outcome is the one that placing everything anew would have.
 */

/** The placement as it stands; it changes in place, by the functions below alone. */
export interface StandingPlacement {
  readonly placed: Map<string, Placed>
  /** The addresses that are placed on each node. */
  readonly shares: Map<string, Set<string>>
  /** The greatest revision that was ever given. */
  revision: number
}

/** What is another one than when this was placed last, and who is there to announce. */
export interface PlacementChange {
  /**
   * Every address about which something changed, and with it the others of the same Service; all of them when `live` or
   * `away` is another one.
   */
  readonly changed: readonly Placeable[]
  /** Addresses that nobody holds any more. */
  readonly gone: Iterable<string>
  /** Of what changed, the addresses that another node has been announcing: that becomes their placement. */
  readonly followed: ReadonlyMap<string, string>
  readonly live: ReadonlySet<string>
  readonly away: ReadonlySet<string>
}

/** The addresses whose placement is another one now, with the one that they had. */
export type Moves = ReadonlyMap<string, Placed | undefined>

/** Takes up what stands somewhere, the newest of each address. */
export function takeUp(
  standing: Iterable<readonly [key: string, placed: Placed]>,
  revision: number,
): StandingPlacement {
  const placement: StandingPlacement = { placed: new Map(), shares: new Map(), revision }
  for (const [key, placed] of newestPlaced(standing)) put(placement, key, placed)
  return placement
}

/** Places what changed. */
export function placeChanged(placement: StandingPlacement, change: PlacementChange): Moves {
  const { placed } = placement
  const touched = new Set([...change.gone, ...change.changed.map(({ key }) => key)])
  const before = new Map([...touched].map((key) => [key, placed.get(key)]))
  for (const key of change.gone) put(placement, key, undefined)
  for (const [key, node] of change.followed) {
    put(placement, key, { ...placed.get(key), node, revision: ++placement.revision })
  }
  placeAnew(placement, change)
  return new Map([...before].filter(([key, former]) => placed.get(key) !== former))
}

/** Places what a rebalance moves, each by a new revision: the speakers hand it over as they do whatever is placed anew. */
export function placeShifted(placement: StandingPlacement, shifts: readonly Shift[]): Moves {
  const { placed } = placement
  return new Map(
    shifts.map(({ key, to }) => {
      const former = placed.get(key)
      put(placement, key, { ...former, node: to, revision: ++placement.revision })
      return [key, former]
    }),
  )
}

function placeAnew(placement: StandingPlacement, { changed, live, away }: PlacementChange): void {
  const view = {
    addresses: changed,
    others: loadsWithout(placement, changed),
    live,
    away,
    current: placement.placed,
    revision: placement.revision,
  }
  const after = place(view)
  for (const { key } of changed) put(placement, key, after.placed.get(key))
  placement.revision = after.revision
}

function loadsWithout(
  { placed, shares }: StandingPlacement,
  addresses: readonly Placeable[],
): ReadonlyMap<string, number> {
  const loads = new Map([...shares].map(([node, share]) => [node, share.size]))
  for (const { key } of addresses) {
    const node = placed.get(key)?.node
    if (node !== undefined) loads.set(node, (loads.get(node) as number) - 1)
  }
  return loads
}

function put({ placed, shares }: StandingPlacement, key: string, after: Placed | undefined): void {
  const before = placed.get(key)
  if (before === after) return
  if (before) dropFrom(shares, before.node, key)
  if (!after) return void placed.delete(key)
  placed.set(key, after)
  const share = shares.get(after.node) ?? new Set()
  shares.set(after.node, share.add(key))
}

function dropFrom(shares: Map<string, Set<string>>, node: string, key: string): void {
  const share = shares.get(node) as Set<string>
  share.delete(key)
  if (share.size === 0) shares.delete(node)
}
