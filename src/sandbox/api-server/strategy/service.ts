import type { Cluster } from '../cluster.ts'
import type { KubeObject } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { dryNumbers } from '../service-network.ts'
import { assignAddresses, keepAddresses } from './service-addresses.ts'
import { dropForeign } from './service-drop.ts'
import { settleFamilies } from './service-families.ts'
import { assignPorts, keepPorts } from './service-ports.ts'
import { serviceProblems } from './service-rules.ts'
import { isExternal, serviceOf, type ServicePort, type ServiceSpec } from './service-spec.ts'
import { fillInModes, serviceStatusProblems, serviceStatusWarnings } from './service-status.ts'
import { serviceWarnings } from './service-warnings.ts'

function fillIn(draft: KubeObject): void {
  const spec = serviceOf(draft)
  spec.type ||= 'ClusterIP'
  fillInAffinity(spec)
  for (const port of spec.ports ?? []) fillInPort(port)
  dropZeros(spec)
  fillInForType(spec, spec.type)
  fillInModes(draft)
  draft.status = { ...draft.status, loadBalancer: draft.status?.['loadBalancer'] ?? {} }
}

function fillInForType(spec: ServiceSpec, type: string): void {
  if (isExternal(spec)) spec.externalTrafficPolicy ??= 'Cluster'
  if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(type)) spec.internalTrafficPolicy ??= 'Cluster'
  if (type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
}

function fillInAffinity(spec: ServiceSpec): void {
  spec.sessionAffinity ||= 'None'
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  if (spec.sessionAffinity !== 'ClientIP') return
  if (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds !== undefined) return
  spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: 10_800 } }
}

function fillInPort(port: ServicePort): void {
  port.protocol ||= 'TCP'
  port.targetPort ||= port.port ?? 0
  if (port.nodePort === 0) delete port.nodePort
}

/** For these fields no value and the value of nothing are one. */
function dropZeros(spec: ServiceSpec): void {
  for (const field of [
    'externalTrafficPolicy',
    'healthCheckNodePort',
    'externalName',
    'loadBalancerIP',
  ] as const) {
    if (spec[field] === '' || spec[field] === 0) delete spec[field]
  }
  if (spec.ipFamilies?.length === 0) delete spec.ipFamilies
}

function allocate(draft: KubeObject, old: KubeObject | undefined, cluster: Cluster, dryRun: boolean): void {
  const network = dryRun ? dryNumbers(cluster.network) : cluster.network
  const { name = '' } = draft.metadata
  const spec = serviceOf(draft)
  const before = old === undefined ? undefined : serviceOf(old)
  keepPorts(spec, before)
  keepAddresses(spec, before)
  settleFamilies(name, spec, before)
  assignAddresses(name, spec, before, network)
  assignPorts(name, spec, before, network)
}

/** Only a LoadBalancer says where it is reached. */
function prepare(draft: KubeObject, old: KubeObject | undefined): void {
  const spec = serviceOf(draft)
  if (old === undefined) draft.status = { loadBalancer: {} }
  else dropForeign(spec, serviceOf(old))
  if (spec.type === 'ExternalName') delete spec.internalTrafficPolicy
  if (spec.type !== 'LoadBalancer') draft.status = { ...draft.status, loadBalancer: {} }
}

/** What the API server does to Services: defaults, cluster addresses, node ports, and what may not change. */
export const serviceStrategy: Strategy = {
  fillIn,
  allocate,
  prepare,
  validate: serviceProblems,
  validateStatus: serviceStatusProblems,
  warn: serviceWarnings,
  warnStatus: serviceStatusWarnings,
}
