/*
 * The controller makes the node that announces an address its placement when the two differ for a while: after a
 * failover the node that stood in keeps the address, and nothing moves back. For a while only, because a move
 * that was just placed is under way until the new node has announced itself.
 */

/** How long the two must differ, in milliseconds. */
export const settleMs = 1_000

/** Another node than the placed one announces the address, and since when that is seen. */
export interface Difference {
  readonly node: string
  readonly since: number
}

/** The differences that are being watched, by address. */
export type Differences = ReadonlyMap<string, Difference>

/** One address as placed and as announced by present speakers whom it may be placed on. */
export interface Sighting {
  readonly key: string
  readonly placedOn: string | undefined
  readonly announcedBy: readonly string[]
}

/** Compares again. `now` is monotonic milliseconds. Two announcers are a move under way, and no difference. */
export function compare(before: Differences, sightings: readonly Sighting[], now: number): Differences {
  const differences = new Map<string, Difference>()
  for (const { key, placedOn, announcedBy } of sightings) {
    const [node] = announcedBy
    if (announcedBy.length !== 1 || node === undefined || node === placedOn) continue
    const known = before.get(key)
    differences.set(key, known?.node === node ? known : { node, since: now })
  }
  return differences
}

/** The addresses whose placement must follow now, with the node that announces them. */
export function settled(differences: Differences, now: number): ReadonlyMap<string, string> {
  const old = [...differences].filter(([, { since }]) => now - since >= settleMs)
  return new Map(old.map(([key, { node }]) => [key, node]))
}

/** When the next difference is old enough; Infinity if there is none. */
export function followDueAt(differences: Differences): number {
  return Math.min(Infinity, ...[...differences.values()].map(({ since }) => since + settleMs))
}
