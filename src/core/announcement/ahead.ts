import { eligibleOf, everywhere } from '../election/candidates.ts'
import { candidateNodesOf, interfacesFor } from '../election/duties.ts'
import type { DutyView } from '../election/duties.ts'
import type { Duty } from '../election/event.ts'
import type { Address } from '../ip/address.ts'
import { mostLookedAfter } from './lookout.ts'

/**
 * The addresses to ask for ahead of time, with who may: those that the pools give next, and those that are quarantined.
 * Of too many, those of the pools that come first by name.
 */
export function aheadOf(view: DutyView, ownInterfaces: readonly string[]): readonly Duty[] {
  const nodes = candidateNodesOf(view)
  const pools = [...view.pools].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, pool]) => pool)
  const asked = new Map<string, Duty>()
  for (const { announce, probe, quarantine } of pools) {
    for (const { text, address } of [...probe, ...quarantine]) {
      if (asked.size === mostLookedAfter) return [...asked.values()]
      const candidates = eligibleOf(address, { nodes, pool: announce, services: [] })
      const interfaces = interfacesFor(announce, ownInterfaces)
      asked.set(text, { address, placement: undefined, candidates, interfaces })
    }
  }
  return [...asked.values()]
}

/** The question for an address that this node is to announce for the first time, which is its own to ask. */
export function firstQuestionOf(
  view: DutyView,
  { address, pool }: { readonly address: Address; readonly pool: string },
  ownInterfaces: readonly string[],
): Duty {
  const announce = view.pools.get(pool)?.announce ?? everywhere
  return { address, placement: undefined, candidates: [], interfaces: interfacesFor(announce, ownInterfaces) }
}
