import type { DutyService } from './duty-facts.ts'
import type { PlacementFacts } from './speaker-facts.ts'

/**
 * Whether what is new about a Service leaves every duty as it is. That is so while it has no address, and when its
 * status names, or no longer names, addresses that every placement of them gives to it. Most changes are of these two
 * kinds when many Services come, and each would else cost a look at all of them.
 */
export function isPlacedSo(
  speakers: ReadonlyMap<string, PlacementFacts>,
  key: string,
  after: DutyService | undefined,
  before: DutyService | undefined,
): boolean {
  const holds = [...(after?.holds ?? []), ...(before?.holds ?? [])]
  if (holds.length === 0 && ![...speakers.values()].some((each) => placedIn(each).services.has(key)))
    return true
  if (!after || !before || !isAlike(after, before)) return false
  const differing = holds.filter((text) => !after.holds.includes(text) || !before.holds.includes(text))
  return differing.every((text) => {
    const placed = [...speakers.values()].flatMap((each) => placedIn(each).addresses.get(text) ?? [])
    return placed.length > 0 && placed.every((services) => services.includes(key))
  })
}

function isAlike(a: DutyService, b: DutyService): boolean {
  if (a.policy !== b.policy || a.preferredNode !== b.preferredNode) return false
  return a.wantsAddress === b.wantsAddress && a.tcpPort === b.tcpPort
}

interface Placed {
  /** The Services of each placement of an address: one Speaker may name it twice. */
  readonly addresses: ReadonlyMap<string, readonly (readonly string[])[]>
  readonly services: ReadonlySet<string>
}

/** Made once for each version of a Speaker. */
const known = new WeakMap<PlacementFacts, Placed>()

function placedIn(speaker: PlacementFacts): Placed {
  const found = known.get(speaker)
  if (found) return found
  const { placements } = speaker
  const addresses = new Map<string, readonly (readonly string[])[]>()
  for (const { text, services } of placements) addresses.set(text, [...(addresses.get(text) ?? []), services])
  const made = { addresses, services: new Set(placements.flatMap(({ services }) => services)) }
  known.set(speaker, made)
  return made
}
