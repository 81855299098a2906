import { heldAfter } from '../../core/allocation/decision.ts'
import type { Decision } from '../../core/allocation/decision.ts'
import type { Leasing } from '../../core/allocation/leasing.ts'
import { poolStatusPatch } from '../../core/allocation/pool-status.ts'
import type { Remark } from '../../core/allocation/remark.ts'
import { isAnswered, isOurs } from '../../core/allocation/service.ts'
import type { ServiceFacts } from '../../core/allocation/service.ts'
import { allocatedVerdict, released } from '../../core/allocation/standing.ts'
import { momentOf } from '../../core/api/moment.ts'
import { loadBalancerClass, ready } from '../../core/api/names.ts'
import { formatAddress, parseAddress } from '../../core/ip/address.ts'
import { reachRemarks } from '../../core/pool/reach.ts'
import { poolRemarks } from '../../core/pool/remarks.ts'
import type { Usage } from '../../core/pool/usage.ts'
import { networksIn, reachableIn } from './world.ts'
import type { World } from './world.ts'

/** What the controller does with a Service, compared with what stands in its status. */
export type Deed = 'keep' | 'assign' | 'release' | 'refuse' | 'ignore'

/** What would be done with one Service, and why; the message is that of the condition lanlord.dev/Allocated. */
export interface Outcome {
  readonly decision: Deed
  readonly addresses: readonly string[]
  readonly pool: string | null
  readonly reason: string
  readonly message: string
}

/** The outcome for one Service. */
export interface ServiceForecast extends Outcome {
  readonly namespace: string
  readonly name: string
  /** What it was before the edit, where that is something else; null for a Service that the edit brings. */
  readonly before?: Outcome | null
  readonly remarks?: readonly Remark[]
}

/** How a pool would be. */
export interface PoolForecast {
  readonly name: string
  readonly ready: boolean
  readonly reason: string
  readonly message: string
  readonly ipv4: Usage
  readonly ipv6: Usage
  readonly remarks?: readonly Remark[]
}

/** The outcomes for all Services, in the order in which they were read. */
export function serviceForecasts(
  { services }: World,
  leasing: Leasing,
  classLess: boolean,
): readonly ServiceForecast[] {
  return [...services.values()].map(({ key, facts }) => {
    const { namespace, remarks } = facts
    const name = key.slice(namespace.length + 1)
    const concerns = isOurs(facts, classLess) || isAnswered(facts)
    const outcome = concerns ? outcomeOf(facts, leasing.decisionOf(key)) : ignored(facts)
    return { namespace, name, ...outcome, ...(concerns && someOf(remarks)) }
  })
}

/** How all pools would be, in the order in which they were read. */
export function poolForecasts(world: World, { allocation }: Leasing, now: number): readonly PoolForecast[] {
  const [networks, reachable] = [networksIn(world), reachableIn(world)]
  const settled = new Map(allocation.pools.map((pool) => [pool.name, pool]))
  return [...world.pools.values()].flatMap(({ pool: { name } }) => {
    const pool = settled.get(name)
    if (!pool) return []
    const remarks = [...reachRemarks(pool, reachable), ...poolRemarks(pool, networks)]
    const written = poolStatusPatch(
      allocation,
      pool,
      { status: {}, generation: 0 },
      { remarks, now: momentOf(now) },
    )
    const { ipv4 = unused, ipv6 = unused, conditions = [] } = written ?? {}
    const verdict = conditions.find(({ type }) => type === ready)
    const { reason = '', message = '' } = verdict ?? {}
    return [{ name, ready: verdict?.status === 'True', reason, message, ipv4, ipv6, ...someOf(remarks) }]
  })
}

const unused: Usage = { total: 0, allocated: 0, retained: 0, quarantined: 0, available: 0 }

function someOf(remarks: readonly Remark[]): { readonly remarks?: readonly Remark[] } {
  return remarks.length > 0 ? { remarks } : {}
}

function outcomeOf(facts: ServiceFacts, decision: Decision): Outcome {
  const verdict = allocatedVerdict(decision, facts.remarks, facts.conditions)
  if (decision.kind === 'release' || !verdict) return release
  const { reason, message } = verdict
  const addresses = heldAfter(decision).map(formatAddress)
  const pool = decision.pool ?? null
  return { decision: deedOf(facts, decision, addresses), addresses, pool, reason, message }
}

const release: Outcome = { decision: 'release', addresses: [], pool: null, ...released }

/** What was given a moment ago is kept from then on, and still a change for the Service. */
function deedOf(facts: ServiceFacts, { kind }: Decision, addresses: readonly string[]): Deed {
  if (kind === 'refuse') return 'refuse'
  const had = facts.ingress.flatMap(({ ip = '' }) => parseAddress(ip) ?? []).map(formatAddress)
  return addresses.every((address) => had.includes(address)) ? 'keep' : 'assign'
}

function ignored({ isLoadBalancer, loadBalancerClass: itsClass }: ServiceFacts): Outcome {
  const none = { decision: 'ignore', addresses: [], pool: null } as const
  if (!isLoadBalancer) {
    return { ...none, reason: 'NotLoadBalancer', message: 'it is not of type LoadBalancer' }
  }
  if (itsClass === undefined) {
    const message = `it has no loadBalancerClass; set it to ${loadBalancerClass}, or --class-less-services to true`
    return { ...none, reason: 'ClassLess', message }
  }
  const message = `its loadBalancerClass is ${itsClass}, which is somebody else's; ours is ${loadBalancerClass}`
  return { ...none, reason: 'OtherClass', message }
}
