import { isDeepStrictEqual } from 'node:util'
import {
  keyOf,
  type Endpoint,
  type EndpointPort,
  type EndpointSlice,
  type Pod,
  type Service,
} from './objects.ts'
import { hasLabels } from './schedule.ts'
import { managedBy, slicesOf, type DesiredSlice } from './slices.ts'
import type { ClusterState } from './state.ts'

/** Makes a Service's EndpointSlices what its Pods say; those of a Service that is gone are the garbage collector's. */
export async function reconcileSlices(state: ClusterState, key: string): Promise<void> {
  const service = state.services.find(key)
  if (!service || service.metadata.deletionTimestamp) return
  const desired = slicesOf(service, state.pods.values())
  const names = new Set(desired.map((slice) => slice.metadata.name))
  const existing = [...state.slices.values()].filter((slice) => isOurs(slice, service))
  for (const slice of desired) await put(state, slice)
  for (const slice of existing) if (!names.has(slice.metadata.name)) await state.slices.remove(slice)
}

async function put(state: ClusterState, slice: DesiredSlice): Promise<void> {
  const before = state.slices.find(keyOf(slice.metadata))
  if (!before) await state.slices.create(slice.metadata.namespace, slice)
  else if (!isDeepStrictEqual(partsOf(before), partsOf(slice))) await state.slices.replace(before, slice)
}

/** What is compared: the fields that we write, whatever a server adds to them. */
function partsOf(slice: EndpointSlice | DesiredSlice): object {
  return {
    ports: (slice.ports ?? []).map(({ name, port, protocol }: EndpointPort) => [name ?? '', port, protocol]),
    endpoints: (slice.endpoints ?? []).map(({ addresses, conditions, nodeName, targetRef }: Endpoint) => [
      addresses,
      conditions?.ready ?? true,
      conditions?.serving ?? true,
      conditions?.terminating ?? false,
      nodeName,
      targetRef?.uid,
    ]),
  }
}

function isOurs({ metadata }: EndpointSlice, service: Service): boolean {
  return (
    metadata.namespace === service.metadata.namespace &&
    metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name &&
    metadata.labels['endpointslice.kubernetes.io/managed-by'] === managedBy
  )
}

/** The Services that select a Pod. */
export function* servicesOf(state: ClusterState, pod: Pod): Iterable<string> {
  for (const service of state.services.values()) {
    const selector = service.spec?.selector
    if (!selector || service.metadata.namespace !== pod.metadata.namespace) continue
    if (hasLabels(pod.metadata.labels, selector)) yield keyOf(service.metadata)
  }
}
