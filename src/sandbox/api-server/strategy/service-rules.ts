import { isIP } from 'node:net'
import type { Cluster } from '../cluster.ts'
import { duplicate, type FieldProblem, forbidden, invalidValue, required, unsupported } from '../failure.ts'
import { type KubeObject, textOf } from '../object.ts'
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
    ...familyProblems(spec),
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
    if (value === undefined || supported.includes(textOf(value))) return []
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
  const fresh = (spec.clusterIPs ?? []).filter(
    (one) => one !== 'None' && old?.clusterIPs?.includes(one) !== true,
  )
  const refused = fresh
    .map((address) => whyNot(address, network))
    .filter((why) => why !== undefined)
    .map((why) => invalidValue('spec.clusterIPs', spec.clusterIPs, why))
  const external = (spec.externalIPs ?? [])
    .filter((address) => isIP(address) === 0)
    .map((address) => invalidValue('spec.externalIPs', address, 'must be a valid IP address'))
  return [...immutableProblems(spec, old), ...refused, ...external]
}

/** Why an address cannot be a cluster address, if it cannot. */
function whyNot(address: string, network: Cluster['network']): string | undefined {
  if (isIP(address) === 0) return `${address} must be a valid IP address`
  const failed = `failed to allocate IP ${address}`
  if (!network.hasAddress(address)) return `${failed}: the provided IP is not in the valid range`
  return network.isAddressTaken(address) ? `${failed}: provided IP is already allocated` : undefined
}

function immutableProblems(spec: ServiceSpec, old: ServiceSpec | undefined): FieldProblem[] {
  if (old?.clusterIP === undefined || spec.clusterIP === undefined) return []
  if (spec.clusterIP === old.clusterIP) return []
  const value = spec.clusterIPs ?? [spec.clusterIP]
  return [invalidValue('spec.clusterIPs[0]', value, 'may not change once set')]
}

const className = /^([a-z0-9.-]+\/)?[A-Za-z0-9][-A-Za-z0-9_.]*$/

function balancerProblems(spec: ServiceSpec, old: ServiceSpec | undefined): readonly FieldProblem[] {
  const { loadBalancerClass: asked } = spec
  if (spec.type !== 'LoadBalancer') return strayProblems(spec)
  if (old?.type === 'LoadBalancer' && asked !== old.loadBalancerClass) {
    return [invalidValue('spec.loadBalancerClass', asked ?? null, 'may not change once set')]
  }
  if (asked === undefined || className.test(asked)) return []
  return [invalidValue('spec.loadBalancerClass', asked, 'must be a qualified name')]
}

/** What only a LoadBalancer, or only what is reached from outside, may say. */
function strayProblems(spec: ServiceSpec): readonly FieldProblem[] {
  const why = "may only be used when `type` is 'LoadBalancer'"
  const problems = (['loadBalancerClass', 'allocateLoadBalancerNodePorts'] as const)
    .filter((field) => spec[field] !== undefined)
    .map((field) => forbidden(`spec.${field}`, why))
  const { externalTrafficPolicy, externalIPs = [] } = spec
  if (spec.type === 'NodePort' || externalIPs.length > 0 || externalTrafficPolicy === undefined)
    return problems
  const external = 'may only be set for externally-accessible services'
  return [...problems, invalidValue('spec.externalTrafficPolicy', externalTrafficPolicy, external)]
}

function familyProblems({ ipFamilies = [] }: ServiceSpec): readonly FieldProblem[] {
  return new Set(ipFamilies).size < ipFamilies.length ? [duplicate('spec.ipFamilies', ipFamilies)] : []
}
