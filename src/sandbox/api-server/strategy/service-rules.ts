import { type FieldProblem, forbidden, invalidValue, required, unsupported } from '../failure.ts'
import type { KubeObject } from '../object.ts'
import { cidrProblems, ipProblems, specialProblems } from '../rules/addresses.ts'
import { labelProblems } from '../rules/labels.ts'
import { portNumber, qualifiedName, subdomain } from '../rules/names.ts'
import { changeProblems, relatedProblems } from './service-family-rules.ts'
import { portClashes, portProblems } from './service-port-rules.ts'
import { isExternal, isHeadless, needsHealthPort, serviceOf, type ServiceSpec } from './service-spec.ts'

/** Everything that can be wrong with a Service, in the order in which Kubernetes tells it. */
export function serviceProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const spec = serviceOf(draft)
  const before = old === undefined ? undefined : serviceOf(old)
  return [
    ...(before === undefined ? [] : updateProblems(spec, before)),
    ...typeProblems(spec),
    ...portProblems(spec),
    ...labelProblems(spec.selector, 'spec.selector'),
    ...affinityProblems(spec),
    ...relatedProblems(spec, before),
    ...externalAddressProblems(spec, before),
    ...choice(spec, 'type', types),
    ...portClashes(spec),
    ...balancerProblems(spec, before),
    ...externalProblems(spec),
    ...choice(spec, 'internalTrafficPolicy', policies),
    ...choice(spec, 'trafficDistribution', distributions),
  ]
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const affinities = ['ClientIP', 'None']
const policies = ['Cluster', 'Local']
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode']

type Chosen =
  | 'type'
  | 'sessionAffinity'
  | 'externalTrafficPolicy'
  | 'internalTrafficPolicy'
  | 'trafficDistribution'

function choice(spec: ServiceSpec, field: Chosen, supported: readonly string[]): readonly FieldProblem[] {
  const value = spec[field]
  return value === undefined || supported.includes(value)
    ? []
    : [unsupported(`spec.${field}`, value, supported)]
}

function updateProblems(spec: ServiceSpec, old: ServiceSpec): readonly FieldProblem[] {
  const problems = [...changeProblems(spec, old)]
  const { loadBalancerClass } = spec
  if (spec.type === 'LoadBalancer') {
    const changed = old.type === 'LoadBalancer' && loadBalancerClass !== old.loadBalancerClass
    if (changed) {
      const value = loadBalancerClass ?? null
      problems.push(invalidValue('spec.loadBalancerClass', value, 'may not change once set'))
    }
  }
  problems.push(...classProblems(spec))
  const moved = spec.healthCheckNodePort !== old.healthCheckNodePort
  if (needsHealthPort(old) && needsHealthPort(spec) && moved) {
    problems.push(forbidden('spec.healthCheckNodePort', 'field is immutable'))
  }
  return problems
}

function typeProblems(spec: ServiceSpec): readonly FieldProblem[] {
  const { type, ports = [] } = spec
  if (type === 'ExternalName') return externalNameProblems(spec)
  const problems = ports.length === 0 && !isHeadless(spec) ? [required('spec.ports')] : []
  if (isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort')) {
    const why = `may not be set to 'None' for ${type} services`
    problems.push(invalidValue('spec.clusterIPs[0]', 'None', why))
  }
  return problems
}

function externalNameProblems(spec: ServiceSpec): readonly FieldProblem[] {
  const why = 'may not be set for ExternalName services'
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  return [
    ...((spec.clusterIPs ?? []).length > 0 ? [forbidden('spec.clusterIPs', why)] : []),
    ...((spec.ipFamilies ?? []).length > 0 ? [forbidden('spec.ipFamilies', why)] : []),
    ...(spec.ipFamilyPolicy === undefined ? [] : [forbidden('spec.ipFamilyPolicy', why)]),
    ...(name === '' ? [required('spec.externalName')] : []),
    ...(name === '' ? [] : subdomain(name)).map((wrong) => invalidValue('spec.externalName', name, wrong)),
  ]
}

function affinityProblems(spec: ServiceSpec): readonly FieldProblem[] {
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds
  const problems = [...choice(spec, 'sessionAffinity', affinities)]
  if (spec.sessionAffinity === 'ClientIP' && seconds !== undefined && (seconds <= 0 || seconds > 86_400)) {
    const field = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds'
    problems.push(invalidValue(field, seconds, 'must be greater than 0 and less than 86400'))
  }
  return problems
}

function externalAddressProblems(spec: ServiceSpec, old: ServiceSpec | undefined): readonly FieldProblem[] {
  const { externalIPs = [] } = spec
  return externalIPs.flatMap((address, index) => {
    const isOld = old?.externalIPs?.includes(address) === true
    const misspelt = isOld ? [] : ipProblems(address)
    const wrong = misspelt.length > 0 ? misspelt : specialProblems(address)
    return wrong.map((why) => invalidValue(`spec.externalIPs[${index}]`, address, why))
  })
}

function balancerProblems(spec: ServiceSpec, old: ServiceSpec | undefined): readonly FieldProblem[] {
  const { type, loadBalancerSourceRanges = [], allocateLoadBalancerNodePorts } = spec
  const why = "may only be used when `type` is 'LoadBalancer'"
  const ranges = 'spec.LoadBalancerSourceRanges'
  const before = new Set(old?.loadBalancerSourceRanges?.map((range) => range.trim()))
  const isStray = type !== 'LoadBalancer'
  return [
    ...(isStray && loadBalancerSourceRanges.length > 0 ? [forbidden(ranges, why)] : []),
    ...loadBalancerSourceRanges.flatMap((text, index) => {
      const range = text.trim()
      const wrong = before.has(range) ? [] : cidrProblems(range)
      return wrong.map((what) => invalidValue(`${ranges}[${index}]`, range, what))
    }),
    ...(isStray && allocateLoadBalancerNodePorts !== undefined
      ? [forbidden('spec.allocateLoadBalancerNodePorts', why)]
      : []),
    ...classProblems(spec),
  ]
}

function classProblems({ type, loadBalancerClass }: ServiceSpec): readonly FieldProblem[] {
  const field = 'spec.loadBalancerClass'
  if (loadBalancerClass === undefined) return []
  if (type !== 'LoadBalancer') return [forbidden(field, "may only be used when `type` is 'LoadBalancer'")]
  return qualifiedName(loadBalancerClass).map((why) => invalidValue(field, loadBalancerClass, why))
}

function externalProblems(spec: ServiceSpec): readonly FieldProblem[] {
  const { externalTrafficPolicy, healthCheckNodePort = 0 } = spec
  const problems: FieldProblem[] = []
  if (isExternal(spec)) problems.push(...choice(spec, 'externalTrafficPolicy', policies))
  else if (externalTrafficPolicy !== undefined) {
    const why = 'may only be set for externally-accessible services'
    problems.push(invalidValue('spec.externalTrafficPolicy', externalTrafficPolicy, why))
  }
  const field = 'spec.healthCheckNodePort'
  if (needsHealthPort(spec)) {
    problems.push(
      ...portNumber(healthCheckNodePort).map((why) => invalidValue(field, healthCheckNodePort, why)),
    )
  } else if (healthCheckNodePort !== 0) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    problems.push(invalidValue(field, healthCheckNodePort, why))
  }
  return problems
}
