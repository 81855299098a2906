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
  sessionAffinityConfig?: object
  allocateLoadBalancerNodePorts?: boolean
  loadBalancerClass?: string
  loadBalancerIP?: string
}

export function serviceOf(object: KubeObject): ServiceSpec {
  object.spec ??= {}
  return object.spec as unknown as ServiceSpec
}
