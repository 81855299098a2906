import type { Cluster } from '../cluster.ts'
import type { KubeObject } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { assignAddresses } from './service-addresses.ts'
import { assignPorts } from './service-ports.ts'
import { serviceOf, type ServicePort, type ServiceSpec } from './service-spec.ts'
import { serviceProblems } from './service-rules.ts'

function setDefaults(spec: ServiceSpec): void {
  spec.type ??= 'ClusterIP'
  spec.sessionAffinity ??= 'None'
  if (spec.sessionAffinity === 'ClientIP')
    spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } }
  for (const port of spec.ports ?? []) setPortDefaults(port)
  setPolicies(spec)
}

function setPolicies(spec: ServiceSpec): void {
  if (isExternal(spec)) spec.externalTrafficPolicy ??= 'Cluster'
  if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster'
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
}

function setPortDefaults(port: ServicePort): void {
  port.protocol ??= 'TCP'
  if (!port.targetPort) port.targetPort = port.port
}

function isExternal({ type }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer'
}

/** What belongs to the type that the Service had is taken back when it gets another one. */
function dropForeign(spec: ServiceSpec, old: ServiceSpec | undefined): void {
  if (old === undefined || old.type === spec.type) return
  if (spec.type !== 'LoadBalancer') {
    dropIfKept(spec, old, 'loadBalancerClass')
    dropIfKept(spec, old, 'allocateLoadBalancerNodePorts')
  }
  if (!isExternal(spec)) dropIfKept(spec, old, 'externalTrafficPolicy')
  if (spec.type !== 'ExternalName') return
  for (const field of [
    'clusterIP',
    'clusterIPs',
    'ipFamilies',
    'ipFamilyPolicy',
    'internalTrafficPolicy',
  ] as const) {
    dropIfKept(spec, old, field)
  }
}

function dropIfKept(spec: ServiceSpec, old: ServiceSpec, field: keyof ServiceSpec): void {
  if (JSON.stringify(spec[field]) === JSON.stringify(old[field])) delete spec[field]
}

function prepare(draft: KubeObject, old: KubeObject | undefined, { network }: Cluster): void {
  const spec = serviceOf(draft)
  const before = old === undefined ? undefined : serviceOf(old)
  dropForeign(spec, before)
  setDefaults(spec)
  assignAddresses(spec, before, network)
  assignPorts(spec, before, network)
  setStatus(draft, spec)
}

/** The status of a Service is never empty, and only a LoadBalancer's says where it is reached. */
function setStatus(draft: KubeObject, spec: ServiceSpec): void {
  const loadBalancer = spec.type === 'LoadBalancer' ? (draft.status?.['loadBalancer'] ?? {}) : {}
  draft.status = { ...draft.status, loadBalancer }
  const { ingress } = loadBalancer as { ingress?: { ip?: string; ipMode?: string }[] }
  for (const point of ingress ?? []) if (point.ip !== undefined) point.ipMode ??= 'VIP'
}

/** What the API server does to Services: defaults, cluster addresses, node ports, and what may not change. */
export const serviceStrategy: Strategy = { prepare, validate: serviceProblems }
