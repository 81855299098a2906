import type { AddressPoolSpec } from '../api/address-pool.ts'
import { recordsOf, textsOf } from '../api/lenient.ts'
import type { CandidatePool } from '../election/candidates.ts'
import { parseRange } from '../ip/range.ts'
import type { Range } from '../ip/range.ts'

/** What a pool says about announcing, also where the rest of it cannot be read. Empty lists choose everything. */
export function announceOf(spec: Partial<AddressPoolSpec> | null | undefined): CandidatePool {
  const { enabled, interfaces, nodeSelectors, preferredNodes } = spec?.l2 ?? {}
  return {
    enabled: enabled !== false,
    interfaces: textsOf(interfaces),
    nodeSelectors: recordsOf(nodeSelectors),
    preferredNodes: recordsOf(preferredNodes).filter(isTerm),
  }
}

function isTerm({ weight, selector }: AddressPoolSpec['l2']['preferredNodes'][number]): boolean {
  return Number.isInteger(weight) && typeof selector === 'object' && selector !== null
}

/** The entries that can be read. */
export function readableEntries(spec: Partial<AddressPoolSpec> | null | undefined): readonly Range[] {
  return textsOf(spec?.addresses).flatMap((text) => {
    const read = parseRange(text)
    return 'range' in read ? [read.range] : []
  })
}
