import * as core from '../../../src/core/allocation/allocation.ts'
import type { Allocation, Decided } from '../../../src/core/allocation/allocation.ts'
import type { Claim, Sharing } from '../../../src/core/allocation/claim.ts'
import type { Decision, Refused } from '../../../src/core/allocation/decision.ts'
import { heldAfter } from '../../../src/core/allocation/decision.ts'
import { formatAddress, parseAddress } from '../../../src/core/ip/address.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'

export type Wish = Partial<Omit<Claim, 'asksFor' | 'holds' | 'sharing'>> & {
  readonly asksFor?: string
  readonly holds?: string
  readonly sharing?: Partial<Sharing>
}

/** The claim of a plain LoadBalancer Service, but for what is said; addresses are comma lists. */
export function claim(key: string, wish: Wish = {}): Claim {
  const { asksFor = '', holds = '', sharing = {}, ...rest } = wish
  const namespace = rest.namespace ?? key.slice(0, key.indexOf('/'))
  return {
    key,
    namespace,
    createdAt: '2024-01-01T00:00:00Z',
    arrival: 0,
    wantsLoadBalancer: true,
    families: ['IPv4'],
    familyPolicy: 'SingleStack',
    asksPool: undefined,
    problem: undefined,
    labels: {},
    namespaceLabels: {},
    remarks: [],
    ...rest,
    sharing: {
      namespace,
      sharesWith: [],
      key: undefined,
      ports: ['TCP 80'],
      backend: '',
      ...sharing,
    },
    asksFor: addresses(asksFor),
    holds: addresses(holds),
  }
}

export const dual: Wish = { families: ['IPv4', 'IPv6'], familyPolicy: 'RequireDualStack' }
export const preferred: Wish = { families: ['IPv4', 'IPv6'], familyPolicy: 'PreferDualStack' }

/** When the clusters of the tests begin. */
export const start = Date.UTC(2024, 5, 1)

/** A cluster with these pools, and claims that came one after the other. */
export function cluster(pools: readonly Pool[], ...claims: readonly Claim[]): Allocation {
  return core.begin(pools, claims, [], start)
}

/** As in core, at the moment when all began unless told otherwise. */
export function put(world: Allocation, claimed: Claim, now = start): Decided {
  return core.put(world, claimed, now)
}

/** As in core, at the moment when all began unless told otherwise. */
export function remove(world: Allocation, key: string, now = start): Decided {
  return core.remove(world, key, now)
}

/** As in core, at the moment when all began unless told otherwise. */
export function repool(world: Allocation, pools: readonly Pool[], now = start): Decided {
  return core.repool(world, pools, now)
}

export function addresses(text: string): readonly Address[] {
  return text.split(',').flatMap((each) => parseAddress(each) ?? [])
}

/** What the claim has, as text; the reason of the refusal where it has nothing. */
export function outcome(allocation: Allocation, key: string): string {
  const decision = allocation.decisions.get(key)
  return decision ? outcomeOf(decision) : 'unknown'
}

export function outcomeOf(decision: Decision): string {
  const held = heldAfter(decision).map(formatAddress).join()
  if (decision.kind === 'refuse') return held === '' ? decision.reason : `${decision.reason} ${held}`
  return decision.kind === 'release' ? 'release' : held
}

export function refusal(allocation: Allocation, key: string): Refused {
  const decision = allocation.decisions.get(key)
  if (decision?.kind !== 'refuse') throw new Error(`${key} is not refused: ${outcome(allocation, key)}`)
  return decision
}
