import { eligibleOf, everywhere } from '../election/candidates.ts'
import type { CandidatePool } from '../election/candidates.ts'
import { candidateNodesOf, interfacesFor } from '../election/duties.ts'
import type { DutyView } from '../election/duties.ts'
import type { Duty } from '../election/event.ts'
import type { Address } from '../ip/address.ts'
import { mostLookedAfter } from './lookout.ts'

/** An address to ask for ahead of time, and which of the lists of its pool it stands in. */
export interface Ahead {
  readonly text: string
  readonly address: Address
  readonly announce: CandidatePool
  readonly kind: 'quarantine' | 'probe'
}

/**
 * Which addresses are asked for ahead of time, each with its pool: what is quarantined before what is given next, for
 * that is given out again unless somebody asks. Of too many, those of the pools that come first by name.
 */
export function askedAhead(pools: DutyView['pools']): readonly Ahead[] {
  const inOrder = [...pools].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, pool]) => pool)
  const asked = new Map<string, Ahead>()
  for (const kind of ['quarantine', 'probe'] as const) {
    for (const pool of inOrder) {
      for (const { text, address } of pool[kind]) {
        if (asked.size === mostLookedAfter) return [...asked.values()]
        if (!asked.has(text)) asked.set(text, { text, address, kind, announce: pool.announce })
      }
    }
  }
  return [...asked.values()]
}

/** The questions for them, with who may ask. */
export function aheadOf(view: DutyView, ownInterfaces: readonly string[]): readonly Duty[] {
  const nodes = candidateNodesOf(view)
  return askedAhead(view.pools).map(({ address, announce }) => {
    const candidates = eligibleOf(address, { nodes, pool: announce, services: [] })
    return { address, placement: undefined, candidates, interfaces: interfacesFor(announce, ownInterfaces) }
  })
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
