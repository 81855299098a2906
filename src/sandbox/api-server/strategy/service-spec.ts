import type { KubeObject } from '../object.ts'
import type { Family } from '../../../core/ip/address.ts'

export interface ServicePort {
  name?: string
  protocol?: string
  port: number
  targetPort?: number | string
  nodePort?: number
  appProtocol?: string
}

interface SessionAffinityConfig {
  readonly clientIP?: { readonly timeoutSeconds?: number }
}

/** The fields of a Service's spec that the server sets or looks at. */
export interface ServiceSpec {
  type?: string
  ports?: ServicePort[]
  selector?: Record<string, string>
  clusterIP?: string
  clusterIPs?: string[]
  ipFamilies?: Family[]
  ipFamilyPolicy?: string
  externalName?: string
  externalIPs?: string[]
  externalTrafficPolicy?: string
  internalTrafficPolicy?: string
  healthCheckNodePort?: number
  sessionAffinity?: string
  sessionAffinityConfig?: SessionAffinityConfig
  allocateLoadBalancerNodePorts?: boolean
  loadBalancerClass?: string
  loadBalancerIP?: string
  loadBalancerSourceRanges?: string[]
  trafficDistribution?: string
}

export function serviceOf(object: KubeObject): ServiceSpec {
  object.spec ??= {}
  return object.spec as unknown as ServiceSpec
}

export function needsClusterIP({ type }: ServiceSpec): boolean {
  return type !== 'ExternalName'
}

/** Whether it is a Service that every node has a port for. */
export function hasNodePorts({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer'
}

export function givesNodePorts(spec: ServiceSpec): boolean {
  return hasNodePorts(spec) && (spec.type !== 'LoadBalancer' || spec.allocateLoadBalancerNodePorts !== false)
}

/** Whether nodes must say on a port of its own whether they have an endpoint. */
export function needsHealthPort({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local'
}

export function isExternal(spec: ServiceSpec): boolean {
  return hasNodePorts(spec) || (spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0)
}

export function isHeadless({ clusterIPs = [] }: ServiceSpec): boolean {
  return clusterIPs.length === 1 && clusterIPs[0] === 'None'
}
