import type { Candidate } from './candidates.ts'

/*
 * The controller makes the node that announces an address its placement when the two differ for a while: after a
 * failover the node that stood in keeps the address, and nothing moves back. For a while only, because a move
 * that was just placed is under way until the new node has announced itself. That while begins when the new node has
 * read of it: with many moves, or on a busy machine, that can take longer than the move.
 */

/** How long the two must differ, in milliseconds. */
export const settleMs = 1_000

/** How long they must where the placed node is there and has not said yet that it has read of the placement. */
export const unreadMs = 10_000

/** Another node than the placed one announces the address, and since when that is seen. */
export interface Difference {
  readonly node: string
  readonly since: number
  readonly isUnread: boolean
}

/** The differences that are being watched, by address. */
export type Differences = ReadonlyMap<string, Difference>

/** One address that present speakers announce elsewhere than it is placed. */
export interface Sighting {
  readonly key: string
  readonly placedOn: string | undefined
  /** Whether the speaker of the node that it is placed on is there. */
  readonly isThere: boolean
  /** Whether that speaker has yet to say that it has read of the placement. */
  readonly isUnread: boolean
  readonly candidates: readonly Candidate[]
  /** The nodes of the present speakers that say they announce it. */
  readonly announcedBy: ReadonlySet<string>
}

/**
 * Compares again; answers the differences that are watched from now on, and the nodes that become the placement now.
 * `now` is monotonic milliseconds. Two announcers are a move under way, and no difference.
 *
 * A node of last resort does not become the placement of an address that has a good one: that one gets it by a newer
 * placement, for else nothing would ever move it there; and what differs then differs from now on.
 */
export function follow(
  before: Differences,
  sightings: readonly Sighting[],
  now: number,
): readonly [Differences, ReadonlyMap<string, string>] {
  const differences = new Map<string, Difference>()
  const followed = new Map<string, string>()
  for (const sighting of sightings) {
    const { key, placedOn } = sighting
    const node = announcerOf(sighting)
    if (node === undefined || node === placedOn) continue
    const difference = differenceOf(before.get(key), node, sighting, now)
    const isSettled = settlesAt(difference) <= now
    const better = isSettled ? betterThan(node, sighting) : undefined
    if (isSettled) followed.set(key, better ?? node)
    if (better === undefined) differences.set(key, difference)
  }
  return [differences, followed]
}

/** When the next difference is old enough; Infinity if there is none. */
export function followDueAt(differences: Differences): number {
  return Math.min(Infinity, ...[...differences.values()].map(settlesAt))
}

function settlesAt({ since, isUnread }: Difference): number {
  return since + (isUnread ? unreadMs : settleMs)
}

/** The same as before, or another one: also when the placement was read meanwhile, or is a newer one that was not. */
function differenceOf(
  known: Difference | undefined,
  node: string,
  sighting: Sighting,
  now: number,
): Difference {
  const isUnread = sighting.isThere && sighting.isUnread
  const isSame = known?.node === node && known.isUnread === isUnread
  return isSame ? known : { node, since: now, isUnread }
}

/** The one node that announces it and may have it: of last resort none may while a good one is only away for a moment. */
function announcerOf({ placedOn, isThere, candidates, announcedBy }: Sighting): string | undefined {
  const isAway = placedOn !== undefined && !isThere && isGood(candidates, placedOn)
  const able = candidates.filter(({ lastResort }) => !isAway || !lastResort).map(({ node }) => node)
  const [one, ...others] = new Set(able.filter((node) => announcedBy.has(node)))
  return others.length === 0 ? one : undefined
}

/** The node that it is placed on, if that is a good one and this one is not. */
function betterThan(node: string, { candidates, placedOn }: Sighting): string | undefined {
  if (placedOn === undefined || isGood(candidates, node)) return undefined
  return isGood(candidates, placedOn) ? placedOn : undefined
}

/** Whether the node is a candidate, and not one of last resort. */
function isGood(candidates: readonly Candidate[], node: string): boolean {
  return candidates.some((each) => each.node === node && !each.lastResort)
}
