import { conditionTypes } from '../api/names.ts'
import { formatAddress, parseAddress } from '../ip/address.ts'
import type { Decision } from './decision.ts'
import { heldAfter } from './decision.ts'
import { remarkText, withoutRemarks } from './remark.ts'
import type { Remark } from './remark.ts'
import { isAnswered } from './service.ts'
import type { ServiceCondition, ServiceFacts, ServiceIngress, Verdict } from './service.ts'

/** The status to merge into that of a Service. `null` takes a field away. */
export interface StatusPatch {
  readonly loadBalancer?: { readonly ingress: readonly ServiceIngress[] | null }
  readonly conditions?: readonly ServiceCondition[] | null
}

/** What people are told about a Service that is not ours any more; it has no condition left to say it. */
export const released: Pick<Verdict, 'reason' | 'message'> = {
  reason: 'Released',
  message: 'the Service is not ours any more; its addresses are free',
}

/**
 * The condition lanlord.dev/Allocated for a decision, with what there is to remark on; undefined for a Service that is
 * not ours. The same decision and remarks give the same words, but for what the former condition says of an address that
 * was lost: that is said for as long as the Service keeps the one it got instead.
 */
export function allocatedVerdict(
  decision: Decision,
  remarks: readonly Remark[] = [],
  former: readonly ServiceCondition[] = [],
): Verdict | undefined {
  if (decision.kind === 'release') return undefined
  const { status, reason, message } = answerTo(decision)
  const type = conditionTypes.allocated
  const said = withoutRemarks(allocatedIn(former)?.message ?? '')
  const isSaidOfIt = decision.kind === 'keep' && said.startsWith(`${message}, in place of `)
  return { type, status, reason, message: `${isSaidOfIt ? said : message}${remarkText(remarks)}` }
}

function answerTo(decision: Exclude<Decision, { kind: 'release' }>): Omit<Verdict, 'type'> {
  const { pool } = decision
  const texts = heldAfter(decision).map(formatAddress).join(', ')
  if (decision.kind === 'refuse') {
    const message = texts === '' ? decision.message : `${decision.message}; keeps ${texts} meanwhile`
    return { status: 'False', reason: decision.reason, message }
  }
  const source =
    pool === undefined ? 'kept though no AddressPool that can be read has it' : `from AddressPool ${pool}`
  const loss = decision.inPlaceOf === undefined ? '' : `, ${decision.inPlaceOf}`
  return { status: 'True', reason: 'Assigned', message: `${texts} ${source}${loss}` }
}

/** What to merge into the Service's status so that it says this; undefined when it says so already. */
export function statusPatch(
  service: ServiceFacts,
  decision: Decision,
  announced: Verdict | undefined,
  now: string,
): StatusPatch | undefined {
  const verdicts = [allocatedVerdict(decision, service.remarks, service.conditions), announced]
  const conditions = mergedConditions(service.conditions, verdicts, now)
  if (decision.kind === 'release' && !isAnswered(service)) return undefined
  const ingress = decision.kind === 'release' ? othersIn(service) : ingressOf(decision)
  const patch = {
    ...(isSameIngress(service.ingress, ingress) ? {} : { loadBalancer: { ingress: orNull(ingress) } }),
    ...(isSameConditions(service.conditions, conditions) ? {} : { conditions: orNull(conditions) }),
  }
  return Object.keys(patch).length > 0 ? patch : undefined
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
  const { type, status, reason, message } = verdict
  const before = former.find((each) => each.type === type)
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
  return { type, status, reason, message, lastTransitionTime }
}

function ingressOf(decision: Decision): readonly ServiceIngress[] {
  return heldAfter(decision).map((address) => ({ ip: formatAddress(address), ipMode: 'VIP' }))
}

/** The entries that are not of our giving: whoever the Service belongs to now may have written before we let go. */
function othersIn({ ingress, conditions }: ServiceFacts): readonly ServiceIngress[] {
  const ours = givenBy(allocatedIn(conditions))
  return ingress.filter(({ ip = '' }) => {
    const address = parseAddress(ip)
    return !address || !ours.includes(formatAddress(address))
  })
}

function allocatedIn(conditions: readonly ServiceCondition[]): ServiceCondition | undefined {
  return conditions.find(({ type }) => type === conditionTypes.allocated)
}

/** Reads back the addresses that `allocatedVerdict` named as held: what we gave, whoever wrote it down and when. */
function givenBy(allocated: ServiceCondition | undefined): readonly string[] {
  const words = allocated?.status === 'True' ? /^(.*?) (?:from|kept) / : /; keeps (.*?) meanwhile(?:$|; but )/
  return words.exec(allocated?.message ?? '')?.[1]?.split(', ') ?? []
}

/** An API server older than 1.30 keeps no ipMode; that must not make us write it again and again. */
function isSameIngress(a: readonly ServiceIngress[], b: readonly ServiceIngress[]): boolean {
  const isSame = (one: ServiceIngress, other: ServiceIngress | undefined): boolean =>
    one.ip === other?.ip && one.hostname === undefined && one.ipMode !== 'Proxy'
  return a.length === b.length && a.every((each, index) => each === b[index] || isSame(each, b[index]))
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
