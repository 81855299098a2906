import { isIPv6 } from 'node:net'
import { duplicate, type FieldProblem, invalidValue, required, unsupported } from '../failure.ts'
import { ipProblems } from '../rules/addresses.ts'
import { isHeadless, needsClusterIP, type ServiceSpec } from './service-spec.ts'

const families = ['IPv4', 'IPv6']
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** What is wrong with cluster addresses and families, one by one and with each other. */
export function relatedProblems(spec: ServiceSpec, old: ServiceSpec | undefined): readonly FieldProblem[] {
  if (!needsClusterIP(spec)) return []
  const { ipFamilyPolicy } = spec
  const problems = [...alignmentProblems(spec), ...familyProblems(spec)]
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) {
    problems.push(unsupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies))
  }
  const misspelt = addressProblems(spec, old?.clusterIPs ?? [])
  problems.push(...misspelt, ...countProblems(spec))
  return misspelt.length > 0 ? problems : [...problems, ...stackProblems(spec), ...matchProblems(spec)]
}

function alignmentProblems({ clusterIP = '', clusterIPs = [] }: ServiceSpec): FieldProblem[] {
  const field = 'spec.clusterIPs'
  if (clusterIP === '') {
    if (clusterIPs.length === 0) return []
    return [invalidValue(field, clusterIPs, 'must be empty when `clusterIP` is not specified')]
  }
  if (clusterIPs.length === 0) return [required(field)]
  return clusterIPs[0] === clusterIP
    ? []
    : [invalidValue(field, clusterIPs, 'first value must match `clusterIP`')]
}

function familyProblems({ ipFamilies = [] }: ServiceSpec): FieldProblem[] {
  return ipFamilies.flatMap((family, index) => [
    ...(families.includes(family) ? [] : [unsupported(`spec.ipFamilies[${index}]`, family, families)]),
    ...(ipFamilies.indexOf(family) < index ? [duplicate(`spec.ipFamilies[${index}]`, family)] : []),
  ])
}

function addressProblems({ clusterIPs = [] }: ServiceSpec, old: readonly string[]): FieldProblem[] {
  return clusterIPs.flatMap((address, index) => {
    if (index === 0 && address === 'None') {
      const alone = clusterIPs.length === 1
      return alone
        ? []
        : [invalidValue('spec.clusterIPs', clusterIPs, "'None' must be the first and only value")]
    }
    if (old.includes(address)) return []
    return ipProblems(address).map((why) => invalidValue(`spec.clusterIPs[${index}]`, address, why))
  })
}

function countProblems({ clusterIPs = [] }: ServiceSpec): FieldProblem[] {
  if (clusterIPs.length <= 2) return []
  return [invalidValue('spec.clusterIPs', clusterIPs, 'may only hold up to 2 values')]
}

function stackProblems({ clusterIPs = [] }: ServiceSpec): FieldProblem[] {
  const isMixed = new Set(clusterIPs.map(isIPv6)).size === 2
  if (clusterIPs.length < 2 || isMixed) return []
  return [invalidValue('spec.clusterIPs', clusterIPs, 'may specify no more than one IP for each IP family')]
}

function matchProblems(spec: ServiceSpec): FieldProblem[] {
  const { clusterIPs = [], ipFamilies = [] } = spec
  if (isHeadless(spec)) return []
  return clusterIPs.slice(0, ipFamilies.length).flatMap((address, index) => {
    const family = ipFamilies[index]
    if ((family === 'IPv6') === isIPv6(address)) return []
    const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``
    return [invalidValue(`spec.clusterIPs[${index}]`, address, why)]
  })
}

/** What may not change about the addresses and families of a Service that has them. */
export function changeProblems(spec: ServiceSpec, old: ServiceSpec): readonly FieldProblem[] {
  if (!needsClusterIP(spec) || !needsClusterIP(old)) return []
  const [was, is] = [isHeadless(old), isHeadless(spec)]
  return [...(was && is ? [] : addressChanges(spec, old)), ...(was || is ? [] : familyChanges(spec, old))]
}

const kept = 'may not change once set'

function addressChanges(spec: ServiceSpec, old: ServiceSpec): FieldProblem[] {
  const [now, then] = [spec.clusterIPs ?? [], old.clusterIPs ?? []]
  const at = (index: number, why: string): FieldProblem =>
    invalidValue(`spec.clusterIPs[${index}]`, spec.clusterIPs ?? null, why)
  if (now.length === then.length) {
    return then.flatMap((address, index) => (address === now[index] ? [] : [at(index, kept)]))
  }
  if (now.length === 0) return [at(0, 'primary clusterIP can not be unset')]
  const first = then.length > 0 && now[0] !== then[0] ? [at(0, kept)] : []
  return now.length < then.length ? [...first, ...policyProblems(spec, 'clusterIP', now.length)] : first
}

function familyChanges(spec: ServiceSpec, old: ServiceSpec): FieldProblem[] {
  const [now, then] = [spec.ipFamilies ?? [], old.ipFamilies ?? []]
  if (now.length !== then.length) return familyCountChanges(spec, now, then)
  return then.flatMap((family, index) => (family === now[index] ? [] : [firstFamily(spec.ipFamilies, kept)]))
}

function familyCountChanges(
  spec: ServiceSpec,
  now: readonly string[],
  then: readonly string[],
): FieldProblem[] {
  const { clusterIPs, ipFamilies } = spec
  const unset = now.length < then.length && (clusterIPs ?? []).length === 0
  const moved = now.length > 0 && then.length > 0 && now[0] !== then[0]
  return [
    ...(unset ? [firstFamily(ipFamilies, 'primary ipFamily can not be unset')] : []),
    ...(moved ? [firstFamily(clusterIPs, kept)] : []),
    ...(now.length < then.length ? policyProblems(spec, 'ipFamily', now.length) : []),
  ]
}

function firstFamily(value: unknown, why: string): FieldProblem {
  return invalidValue('spec.ipFamilies[0]', value ?? null, why)
}

function policyProblems({ ipFamilyPolicy }: ServiceSpec, what: string, left: number): FieldProblem[] {
  if (left !== 1 || ipFamilyPolicy === 'SingleStack') return []
  const why = `must be set to 'SingleStack' when releasing the secondary ${what}`
  return [invalidValue('spec.ipFamilyPolicy', ipFamilyPolicy ?? null, why)]
}
