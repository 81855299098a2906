import type { KubeObject } from '../object.ts'
import { ipWarnings } from '../rules/addresses.ts'
import { serviceOf, type ServiceSpec } from './service-spec.ts'

/** What a client is told about a Service although it is fine. */
export function serviceWarnings(draft: KubeObject): readonly string[] {
  const spec = serviceOf(draft)
  const headless = spec.type === 'ClusterIP' && spec.clusterIP === 'None'
  const { clusterIPs = [], loadBalancerIP } = spec
  const addresses = headless || spec.type === 'ExternalName' ? [] : clusterIPs
  return [
    ...addresses.flatMap((address, index) => ipWarnings(`spec.clusterIPs[${index}]`, address)),
    ...(headless ? headlessWarnings(spec) : []),
    ...externalWarnings(spec, headless),
    ...(loadBalancerIP ? ipWarnings('spec.loadBalancerIP', loadBalancerIP) : []),
    ...nameWarnings(spec),
    ...(spec.trafficDistribution === 'PreferClose'
      ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']
      : []),
  ]
}

function externalWarnings({ type, externalIPs = [] }: ServiceSpec, headless: boolean): string[] {
  const isUsed = externalIPs.length > 0 && !headless && type !== 'ExternalName'
  return [
    ...externalIPs.flatMap((address, index) => ipWarnings(`spec.externalIPs[${index}]`, address)),
    ...(isUsed ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters'] : []),
  ]
}

function headlessWarnings({ loadBalancerIP, externalIPs = [], sessionAffinity }: ServiceSpec): string[] {
  return [
    ...(loadBalancerIP ? ['spec.loadBalancerIP is ignored for headless services'] : []),
    ...(externalIPs.length > 0 ? ['spec.externalIPs is ignored for headless services'] : []),
    ...(sessionAffinity === 'None' ? [] : ['spec.SessionAffinity is ignored for headless services']),
  ]
}

function nameWarnings({ type, externalIPs = [], externalName }: ServiceSpec): string[] {
  if (type === 'ExternalName') {
    return externalIPs.length > 0 ? ['spec.externalIPs is ignored when spec.type is "ExternalName"'] : []
  }
  return externalName ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : []
}
