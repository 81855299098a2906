import { equal } from '../object.ts'
import { sameAddresses } from './service-families.ts'
import {
  hasNodePorts,
  isExternal,
  needsClusterIP,
  needsHealthPort,
  type ServiceSpec,
} from './service-spec.ts'

/**
 * What belongs to the type that a Service had is taken back when it gets another one, unless the client changed it as
 * well: then it is refused.
 */
export function dropForeign(spec: ServiceSpec, old: ServiceSpec): void {
  if (needsClusterIP(old) && !needsClusterIP(spec)) dropAddresses(spec, old)
  if (hasNodePorts(old) && !hasNodePorts(spec)) dropPorts(spec, old)
  if (needsHealthPort(old) && !needsHealthPort(spec)) dropIfKept(spec, old, 'healthCheckNodePort')
  dropBalancer(spec, old)
  if (isExternal(old) && !isExternal(spec)) dropIfKept(spec, old, 'externalTrafficPolicy')
}

function dropAddresses(spec: ServiceSpec, old: ServiceSpec): void {
  if (sameAddresses(spec, old)) {
    delete spec.clusterIP
    delete spec.clusterIPs
  }
  dropIfKept(spec, old, 'ipFamilies')
  dropIfKept(spec, old, 'ipFamilyPolicy')
}

function dropBalancer(spec: ServiceSpec, old: ServiceSpec): void {
  if (old.type !== 'LoadBalancer' || spec.type === 'LoadBalancer') return
  dropIfKept(spec, old, 'allocateLoadBalancerNodePorts')
  dropIfKept(spec, old, 'loadBalancerClass')
}

function dropPorts({ ports = [] }: ServiceSpec, old: ServiceSpec): void {
  const known = new Set((old.ports ?? []).map(({ nodePort }) => nodePort))
  if (!ports.every(({ nodePort }) => !nodePort || known.has(nodePort))) return
  for (const port of ports) delete port.nodePort
}

function dropIfKept(spec: ServiceSpec, old: ServiceSpec, field: keyof ServiceSpec): void {
  if (equal(spec[field], old[field])) delete spec[field]
}
