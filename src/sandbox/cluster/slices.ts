import { createHash } from 'node:crypto'
import { hasLabels } from './schedule.ts'
import {
  isReady,
  type ContainerPort,
  type Endpoint,
  type EndpointPort,
  type EndpointSlice,
  type Pod,
  type Service,
  type ServicePort,
} from './objects.ts'

/** As many endpoints as Kubernetes puts into one slice by default. */
const endpointsPerSlice = 100

/** An EndpointSlice as it should stand, without what the API server fills in. */
export interface DesiredSlice {
  readonly apiVersion: 'discovery.k8s.io/v1'
  readonly kind: 'EndpointSlice'
  readonly metadata: Pick<EndpointSlice['metadata'], 'name' | 'labels' | 'ownerReferences'> & {
    readonly namespace: string
  }
  readonly addressType: 'IPv4'
  readonly ports: readonly EndpointPort[]
  readonly endpoints: readonly Endpoint[]
}

export const managedBy = 'endpointslice-controller.k8s.io'

/** The slices of a Service from the Pods of its namespace; none for a Service without a selector. */
export function slicesOf(service: Service, pods: Iterable<Pod>): readonly DesiredSlice[] {
  const { selector = {}, type } = service.spec ?? {}
  if (Object.keys(selector).length === 0 || type === 'ExternalName') return []
  const chunks = groupsOf(service, pods).flatMap(({ ports, endpoints }) =>
    chunksOf(endpoints).map((chunk) => ({ ports, endpoints: chunk })),
  )
  return chunks.map((chunk, index) => sliceOf(service, chunk.ports, chunk.endpoints, index))
}

interface Group {
  readonly ports: readonly EndpointPort[]
  readonly endpoints: Endpoint[]
}

/** Pods may resolve a named port to different numbers, and a slice has one list of ports for all. */
function groupsOf(service: Service, pods: Iterable<Pod>): readonly Group[] {
  const groups = new Map<string, Group>()
  const { ports: wanted = [], publishNotReadyAddresses = false } = service.spec ?? {}
  for (const pod of pods) {
    if (!isEndpointOf(pod, service)) continue
    const ports = portsFor(wanted, pod)
    const group = groups.get(JSON.stringify(ports)) ?? { ports, endpoints: [] }
    group.endpoints.push(endpointOf(pod, publishNotReadyAddresses))
    groups.set(JSON.stringify(ports), group)
  }
  return groups.size > 0 ? [...groups.values()] : [{ ports: [], endpoints: [] }]
}

function isEndpointOf(pod: Pod, service: Service): boolean {
  const phase = pod.status?.phase
  return (
    pod.metadata.namespace === service.metadata.namespace &&
    hasLabels(pod.metadata.labels, service.spec?.selector) &&
    Boolean(pod.status?.podIP) &&
    phase !== 'Succeeded' &&
    phase !== 'Failed'
  )
}

function endpointOf(pod: Pod, publishNotReady: boolean): Endpoint {
  const terminating = Boolean(pod.metadata.deletionTimestamp)
  const serving = isReady(pod)
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: publishNotReady || (serving && !terminating), serving, terminating },
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: {
      kind: 'Pod',
      name: pod.metadata.name,
      namespace: pod.metadata.namespace ?? 'default',
      uid: pod.metadata.uid,
    },
  }
}

/** Each Service port as a number on this Pod; a named targetPort that the Pod does not declare is left out. */
function portsFor(ports: readonly ServicePort[], pod: Pod): readonly EndpointPort[] {
  const declared = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? [])
  return ports.flatMap((port) => {
    const number = targetOf(port, declared)
    return number === undefined
      ? []
      : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }]
  })
}

function targetOf(port: ServicePort, declared: readonly ContainerPort[]): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target !== 'string') return target
  if (/^\d+$/.test(target)) return Number(target)
  const protocol = port.protocol ?? 'TCP'
  return declared.find((each) => each.name === target && (each.protocol ?? 'TCP') === protocol)?.containerPort
}

function chunksOf(endpoints: readonly Endpoint[]): readonly (readonly Endpoint[])[] {
  const sorted = endpoints.toSorted((a, b) =>
    (a.targetRef?.name ?? '') < (b.targetRef?.name ?? '') ? -1 : 1,
  )
  const count = Math.max(1, Math.ceil(sorted.length / endpointsPerSlice))
  return Array.from({ length: count }, (_, index) =>
    sorted.slice(index * endpointsPerSlice, (index + 1) * endpointsPerSlice),
  )
}

function sliceOf(
  service: Service,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
  index: number,
): DesiredSlice {
  const { name, namespace = 'default', uid } = service.metadata
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${suffixOf(uid, index)}`,
      namespace,
      labels: {
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': managedBy,
      },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    addressType: 'IPv4',
    ports,
    endpoints,
  }
}

/** A name that looks generated but is the same each time, so that two runs never make two slices of one. */
function suffixOf(uid: string, index: number): string {
  return createHash('sha256').update(`${uid}/${index}`).digest('hex').slice(0, 5)
}
