import { parseAddress } from '../../../core/ip/address.ts'
import { type FieldProblem, invalid, invalidValue } from '../failure.ts'
import { equal } from '../object.ts'
import { relatedProblems } from './service-family-rules.ts'
import { needsClusterIP, type ServiceSpec } from './service-spec.ts'

const service = { group: '', plural: 'services', kind: 'Service' }

/** Refuses as the allocation of a Service's numbers does: at once, whatever else may be wrong. */
export function refuse(name: string, problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw invalid(service, name, problems)
}

/** Settles which families a Service has, before it gets an address of each. This cluster has both families. */
export function settleFamilies(name: string, spec: ServiceSpec, old: ServiceSpec | undefined): void {
  if (!needsClusterIP(spec) || keepsBothAsBefore(spec, old)) return
  spec.ipFamilyPolicy ??= old?.ipFamilyPolicy ?? usualPolicy(spec)
  refuse(name, relatedProblems(spec, old))
  const problems = old === undefined ? [] : releaseProblems(spec, old)
  refuse(name, [...problems, ...pluralProblems(spec), ...inferFamilies(spec)])
  completeFamilies(spec)
}

function usualPolicy({ clusterIP, selector }: ServiceSpec): string {
  const selectorless = clusterIP === 'None' && Object.keys(selector ?? {}).length === 0
  return selectorless ? 'RequireDualStack' : 'SingleStack'
}

function completeFamilies(spec: ServiceSpec): void {
  spec.ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : ['IPv4']
  const [first] = spec.ipFamilies
  if (spec.ipFamilies.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    spec.ipFamilies.push(first === 'IPv4' ? 'IPv6' : 'IPv4')
  }
}

/** A Service that prefers two families is not changed because others are. */
export function keepsBothAsBefore(spec: ServiceSpec, old: ServiceSpec | undefined): boolean {
  if (old === undefined || old.type !== spec.type || spec.ipFamilyPolicy !== 'PreferDualStack') return false
  if ((old.ipFamilyPolicy ?? 'PreferDualStack') !== 'PreferDualStack') return false
  return sameAddresses(spec, old) && equal(spec.ipFamilies ?? [], old.ipFamilies ?? [])
}

export function sameAddresses(spec: ServiceSpec, old: ServiceSpec): boolean {
  return spec.clusterIP === old.clusterIP && equal(spec.clusterIPs ?? [], old.clusterIPs ?? [])
}

/** SingleStack says that the second of each may go; without it, that one went is a mistake. */
function releaseProblems(spec: ServiceSpec, old: ServiceSpec): FieldProblem[] {
  const { clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec
  if (ipFamilyPolicy === 'SingleStack') {
    releaseSecond(spec, old)
    return []
  }
  const isReduced = (now: number, then = 0): boolean => now > 0 && now < then
  const problem = (what: string): FieldProblem =>
    invalidValue(
      'spec.ipFamilyPolicy',
      ipFamilyPolicy,
      `must be 'SingleStack' to release the secondary ${what}`,
    )
  return [
    ...(isReduced(clusterIPs.length, old.clusterIPs?.length) ? [problem('cluster IP')] : []),
    ...(isReduced(ipFamilies.length, old.ipFamilies?.length) ? [problem('IP family')] : []),
  ]
}

function releaseSecond(spec: ServiceSpec, old: ServiceSpec): void {
  const { clusterIPs = [], ipFamilies = [] } = spec
  const before = structuredClone(spec)
  if (sameAddresses(before, old) && clusterIPs.length > 1) spec.clusterIPs = clusterIPs.slice(0, 1)
  if (equal(before.ipFamilies, old.ipFamilies) && ipFamilies.length > 1)
    spec.ipFamilies = ipFamilies.slice(0, 1)
}

function pluralProblems({ clusterIPs = [], ipFamilies = [], ipFamilyPolicy }: ServiceSpec): FieldProblem[] {
  if (ipFamilyPolicy !== 'SingleStack') return []
  const problem = (what: string): FieldProblem => {
    const why = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`
    return invalidValue('spec.ipFamilyPolicy', ipFamilyPolicy, why)
  }
  return [
    ...(clusterIPs.length === 2 ? [problem('cluster IPs')] : []),
    ...(ipFamilies.length === 2 ? [problem('IP families')] : []),
  ]
}

function inferFamilies(spec: ServiceSpec): FieldProblem[] {
  const families = spec.ipFamilies ?? []
  for (const address of (spec.clusterIPs ?? []).slice(families.length)) {
    const family = parseAddress(address)?.family
    if (family !== undefined) families.push(family)
  }
  spec.ipFamilies = families
  return []
}
