import { conditionTypes } from '../api/names.ts'
import { formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import type { Decision } from './decision.ts'
import { heldAfter } from './decision.ts'
import { isAnswered } from './service.ts'
import type { ServiceCondition, ServiceFacts, ServiceIngress } from './service.ts'

/** A condition without the moment at which it became so. */
export type Verdict = Omit<ServiceCondition, 'lastTransitionTime'>

/** A node that announces an address. */
export interface Announcement {
  readonly node: string
  readonly interface: string
}

/** How one address of a Service stands on the LAN. */
export interface AddressOnLan {
  readonly address: Address
  readonly announcedBy: readonly Announcement[]
  /** The node that should announce it. */
  readonly placedOn: string | undefined
  /** Whether any node may. */
  readonly hasCandidate: boolean
  /** Whether anything serves behind it. */
  readonly isServed: boolean
}

/** The status to merge into that of a Service. `null` takes a field away. */
export interface StatusPatch {
  readonly loadBalancer?: { readonly ingress: readonly ServiceIngress[] | null }
  readonly conditions?: readonly ServiceCondition[] | null
}

/** The condition lanlord.dev/Allocated for a decision; undefined for a Service that is not ours. */
export function allocatedVerdict(decision: Decision): Verdict | undefined {
  const type = conditionTypes.allocated
  if (decision.kind === 'release') return undefined
  const { pool } = decision
  const texts = heldAfter(decision).map(formatAddress).join(', ')
  if (decision.kind === 'refuse') {
    const message = texts === '' ? decision.message : `${decision.message}; keeps ${texts} meanwhile`
    return { type, status: 'False', reason: decision.reason, message }
  }
  const source =
    pool === undefined ? 'kept though no AddressPool that can be read has it' : `from AddressPool ${pool}`
  return { type, status: 'True', reason: 'Assigned', message: `${texts} ${source}` }
}

/** The condition lanlord.dev/Announced for the addresses of one Service; undefined when it has none. */
export function announcedVerdict(addresses: readonly AddressOnLan[]): Verdict | undefined {
  if (addresses.length === 0) return undefined
  const silent = addresses.find(({ announcedBy }) => announcedBy.length === 0)
  if (silent) return { type: conditionTypes.announced, status: 'False', ...silenceOf(silent) }
  const message = addresses.map(announcementText).join('; ')
  return { type: conditionTypes.announced, status: 'True', reason: 'Announced', message }
}

/** What to merge into the Service's status so that it says this; undefined when it says so already. */
export function statusPatch(
  service: ServiceFacts,
  decision: Decision,
  announced: Verdict | undefined,
  now: string,
): StatusPatch | undefined {
  const conditions = mergedConditions(service.conditions, [allocatedVerdict(decision), announced], now)
  if (decision.kind === 'release' && !isAnswered(service)) return undefined
  const ingress = heldAfter(decision).map((address) => ({ ip: formatAddress(address), ipMode: 'VIP' }))
  const patch = {
    ...(isSameIngress(service.ingress, ingress) ? {} : { loadBalancer: { ingress: orNull(ingress) } }),
    ...(isSameConditions(service.conditions, conditions) ? {} : { conditions: orNull(conditions) }),
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}

function silenceOf({
  address,
  isServed,
  hasCandidate,
  placedOn,
}: AddressOnLan): Pick<Verdict, 'reason' | 'message'> {
  const text = formatAddress(address)
  if (!isServed)
    return { reason: 'NoEndpoints', message: `${text} is announced once a Pod behind it is ready` }
  if (!hasCandidate) {
    const message = `no node may announce ${text}; see spec.l2 of its AddressPool, the labels of the nodes and where the Pods are`
    return { reason: 'NoCandidate', message }
  }
  const who = placedOn === undefined ? 'no speaker is ready' : `${placedOn} should announce it`
  return { reason: 'Pending', message: `${text} is not announced yet; ${who}` }
}

function announcementText({ address, announcedBy }: AddressOnLan): string {
  const places = announcedBy.map(({ node, interface: name }) => `${node} on ${name}`).toSorted()
  return `${formatAddress(address)} by ${places.join(', ')}`
}

function mergedConditions(
  former: readonly ServiceCondition[],
  verdicts: readonly (Verdict | undefined)[],
  now: string,
): readonly ServiceCondition[] {
  const ours: readonly string[] = Object.values(conditionTypes)
  const others = former.filter(({ type }) => !ours.includes(type))
  const present = verdicts.filter((verdict) => verdict !== undefined)
  return [...others, ...present.map((verdict) => dated(verdict, former, now))]
}

function dated(verdict: Verdict, former: readonly ServiceCondition[], now: string): ServiceCondition {
  const before = former.find(({ type }) => type === verdict.type)
  const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : now
  return { ...verdict, lastTransitionTime }
}

/** An API server older than 1.30 keeps no ipMode; that must not make us write it again and again. */
function isSameIngress(a: readonly ServiceIngress[], b: readonly ServiceIngress[]): boolean {
  const isSame = (one: ServiceIngress, other: ServiceIngress | undefined): boolean =>
    one.ip === other?.ip && one.hostname === undefined && one.ipMode !== 'Proxy'
  return a.length === b.length && a.every((each, index) => isSame(each, b[index]))
}

function isSameConditions(a: readonly ServiceCondition[], b: readonly ServiceCondition[]): boolean {
  const text = (conditions: readonly ServiceCondition[]): string =>
    conditions
      .map((each) => JSON.stringify([each.type, each.status, each.reason, each.message]))
      .toSorted()
      .join()
  return text(a) === text(b)
}

function orNull<T>(items: readonly T[]): readonly T[] | null {
  return items.length > 0 ? items : null
}
