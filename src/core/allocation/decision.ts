import type { Address } from '../ip/address.ts'
import type { Topic } from './topics.ts'

/** Why a Service has no address, or not the one it asks for. A closed list: reason of condition and Event, metric label. */
export type Refusal =
  | 'NoPool' // there is none, or none that is for this Service
  | 'PoolNotReady' // its addresses cannot be read, or an older pool has them
  | 'PoolDisabled' // it gives out nothing new
  | 'PoolExhausted' // all of its addresses are in use
  | 'NotAdmitted' // it is not for this namespace or these labels
  | 'QuotaExceeded' // the namespace holds as many of it as it may
  | 'FamilyUnavailable' // it has no addresses of a family that is needed
  | 'AddressNotInPool' // no pool, or not the pool asked for, lists the address
  | 'AddressInUse' // another Service has it
  | 'AddressReserved' // it is listed, and excluded or kept for a Service that is gone
  | 'AddressConflict' // another device on the LAN answers for it
  | 'SharingRefused' // the Services that have it cannot share it with this one
  | 'InvalidRequest' // what the Service asks for cannot be read, or contradicts itself

/** The answer to a claim. */
export type Decision = Keeping | Assigned | { readonly kind: 'release' } | Refused

/** The answer that it has what it may have. */
export interface Keeping {
  readonly kind: 'keep'
  readonly addresses: readonly Address[]
  readonly pool: string | undefined
  /** What was said when it got them. */
  readonly inPlaceOf?: string
}

/** The answer yes. */
export interface Assigned {
  readonly kind: 'assign'
  readonly addresses: readonly Address[]
  readonly pool: string
  /** What the Service has lost, in words that follow what it has: `in place of 10.0.0.5, which ...`. */
  readonly inPlaceOf?: string
}

/** The answer no. What the Service holds already, it goes on holding while that is allowed. */
export interface Refused {
  readonly kind: 'refuse'
  readonly reason: Refusal
  readonly message: string
  readonly keeps: readonly Address[]
  readonly pool: string | undefined
  /** What must change before the answer can; none: only the request, or pools that are not named here. */
  readonly waitsFor: readonly Topic[]
}

/** What a claim holds after the decision. */
export function heldAfter(decision: Decision): readonly Address[] {
  if (decision.kind === 'release') return []
  return decision.kind === 'refuse' ? decision.keeps : decision.addresses
}

/** Why one pool was passed over, and what would mend it; `mend` speaks of the pool as it is named there. */
export interface PassedOver {
  readonly pool: string
  readonly reason: Refusal
  readonly why: string
  readonly mend: (pool: string) => string
  /** What must change in the pool before it can serve the claim. */
  readonly waitsFor: readonly Topic[]
}

/** How much a reason says about what to do: the first of these that any pool gave is the reason of the whole. */
const tellingFirst: readonly Refusal[] = [
  'PoolExhausted',
  'QuotaExceeded',
  'FamilyUnavailable',
  'PoolNotReady',
  'PoolDisabled',
  'NotAdmitted',
  'NoPool',
]

/** What is said when every pool was passed over: each with its reason, and what would mend the most telling one. */
export function passedOverAll(
  passed: readonly [PassedOver, ...PassedOver[]],
): Pick<Refused, 'reason' | 'message'> {
  const [deciding] = passed.toSorted((a, b) => rankOf(a) - rankOf(b)) as [PassedOver]
  const reasons = passed.map(({ pool, why }) => `AddressPool ${pool}: ${why}`).join('; ')
  const mend = deciding.mend(passed.length === 1 ? 'it' : `AddressPool ${deciding.pool}`)
  return { reason: deciding.reason, message: `${reasons}; ${mend}` }
}

/** What any of the pools waits for, each once. */
export function topicsOf(passed: readonly PassedOver[]): readonly Topic[] {
  return [...new Set(passed.flatMap(({ waitsFor }) => waitsFor))]
}

function rankOf({ reason }: PassedOver): number {
  return tellingFirst.indexOf(reason)
}
