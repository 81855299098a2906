import { isIP } from 'node:net'
import type { Cluster } from '../cluster.ts'
import { duplicate, type FieldProblem, forbidden, invalidValue, required, unsupported } from '../failure.ts'
import type { KubeObject } from '../object.ts'
import { portProblems } from './service-port-rules.ts'
import { serviceOf, type ServiceSpec } from './service-spec.ts'

/** The mistakes in Services that people make. */
export function serviceProblems(
  draft: KubeObject,
  old: KubeObject | undefined,
  { network }: Cluster,
): readonly FieldProblem[] {
  const spec = serviceOf(draft)
  const before = old === undefined ? undefined : serviceOf(old)
  return [
    ...choiceProblems(spec),
    ...portProblems(spec, before, network),
    ...nameProblems(spec),
    ...addressProblems(spec, before, network),
    ...balancerProblems(spec, before),
  ]
}

const choices: readonly (readonly [keyof ServiceSpec, readonly string[]])[] = [
  ['type', ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']],
  ['sessionAffinity', ['ClientIP', 'None']],
  ['externalTrafficPolicy', ['Cluster', 'Local']],
  ['internalTrafficPolicy', ['Cluster', 'Local']],
  ['ipFamilyPolicy', ['PreferDualStack', 'RequireDualStack', 'SingleStack']],
]

function choiceProblems(spec: ServiceSpec): readonly FieldProblem[] {
  return choices.flatMap(([field, supported]) => {
    const value = spec[field]
    if (value === undefined || supported.includes(String(value))) return []
    return [unsupported(`spec.${field}`, value, supported)]
  })
}

function nameProblems(spec: ServiceSpec): readonly FieldProblem[] {
  if (spec.type !== 'ExternalName') return []
  if (!spec.externalName) return [required('spec.externalName')]
  return spec.clusterIP ? [forbidden('spec.clusterIP', 'may not be set when `type` is "ExternalName"')] : []
}

function addressProblems(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  network: Cluster['network'],
): readonly FieldProblem[] {
  const problems = immutableProblems(spec, old)
  for (const address of spec.clusterIPs ?? []) {
    if (address === 'None' || old?.clusterIPs?.includes(address) === true) continue
    if (isIP(address) === 0) problems.push(invalidValue('spec.clusterIPs', address, 'must be a valid IP address'))
    else if (!network.hasAddress(address)) {
      const why = 'failed to allocate IP: the provided IP is not in the valid range'
      problems.push(invalidValue('spec.clusterIPs', spec.clusterIPs, why))
    } else if (network.isAddressTaken(address)) {
      const why = `failed to allocate IP ${address}: provided IP is already allocated`
      problems.push(invalidValue('spec.clusterIPs', spec.clusterIPs, why))
    }
  }
  const external = (spec.externalIPs ?? []).filter((address) => isIP(address) === 0)
  return [...problems, ...external.map((address) => invalidValue('spec.externalIPs', address, 'must be a valid IP address'))]
}

function immutableProblems(spec: ServiceSpec, old: ServiceSpec | undefined): FieldProblem[] {
  if (old?.clusterIP === undefined || spec.clusterIP === undefined) return []
  if (spec.clusterIP === old.clusterIP) return []
  const value = spec.clusterIPs ?? [spec.clusterIP]
  return [invalidValue('spec.clusterIPs[0]', value, 'may not change once set')]
}

function balancerProblems(spec: ServiceSpec, old: ServiceSpec | undefined): readonly FieldProblem[] {
  const problems: FieldProblem[] = []
  const { type, loadBalancerClass } = spec
  if (type !== 'LoadBalancer') {
    const why = "may only be used when `type` is 'LoadBalancer'"
    if (loadBalancerClass !== undefined) problems.push(forbidden('spec.loadBalancerClass', why))
    if (spec.allocateLoadBalancerNodePorts !== undefined) {
      problems.push(forbidden('spec.allocateLoadBalancerNodePorts', why))
    }
  } else if (old?.type === 'LoadBalancer' && loadBalancerClass !== old.loadBalancerClass) {
    problems.push(invalidValue('spec.loadBalancerClass', loadBalancerClass ?? null, 'may not change once set'))
  }
  if (loadBalancerClass !== undefined && !/^([a-z0-9.-]+\/)?[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(loadBalancerClass)) {
    problems.push(invalidValue('spec.loadBalancerClass', loadBalancerClass, 'must be a qualified name'))
  }
  const families = new Set(spec.ipFamilies)
  if (families.size < (spec.ipFamilies?.length ?? 0)) problems.push(duplicate('spec.ipFamilies', spec.ipFamilies))
  return problems
}
