import type { ClusterState } from './state.ts'
import {
  controllerOf,
  isActive,
  isReady,
  type Metadata,
  type OwnerReference,
  type Pod,
  type PodTemplate,
} from './objects.ts'
import { randomSuffix } from './template-hash.ts'

/** The Pods that an object controls, those on their way out left out. */
export function activePodsOf(owner: Metadata, pods: Iterable<Pod>): readonly Pod[] {
  return [...pods].filter((pod) => isActive(pod) && controllerOf(pod.metadata)?.uid === owner.uid)
}

export function ownerReference(apiVersion: string, kind: string, owner: Metadata): OwnerReference {
  return { apiVersion, kind, name: owner.name, uid: owner.uid, controller: true, blockOwnerDeletion: true }
}

export interface PodOrder {
  readonly owner: Metadata
  readonly reference: OwnerReference
  readonly template: PodTemplate | undefined
  readonly labels?: Readonly<Record<string, string>>
  readonly nodeName?: string
}

/** Makes one Pod from a template. */
export async function createPod(state: ClusterState, order: PodOrder): Promise<void> {
  const { owner, template } = order
  await state.pods.create(owner.namespace, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template?.metadata,
      name: `${owner.name}-${randomSuffix()}`,
      generateName: `${owner.name}-`,
      namespace: owner.namespace,
      labels: { ...template?.metadata?.labels, ...order.labels },
      ownerReferences: [order.reference],
    },
    spec: { ...template?.spec, ...(order.nodeName ? { nodeName: order.nodeName } : {}) },
  })
}

/** The order in which Pods are given up: not placed, not ready, on the fullest node, youngest. */
export function firstToGo(pods: readonly Pod[]): readonly Pod[] {
  return pods
    .map((pod) => ({ pod, crowd: olderBeside(pod, pods) }))
    .toSorted((a, b) => keep(a.pod) - keep(b.pod) || b.crowd - a.crowd || byAge(b.pod, a.pod))
    .map(({ pod }) => pod)
}

function keep(pod: Pod): number {
  return (pod.spec?.nodeName ? 1 : 0) + (isReady(pod) ? 2 : 0)
}

/** How many older ones stand on the same node. */
function olderBeside(pod: Pod, pods: readonly Pod[]): number {
  return pods.filter((other) => other.spec?.nodeName === pod.spec?.nodeName && byAge(other, pod) < 0).length
}

function byAge(a: Pod, b: Pod): number {
  const [first = '', second = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  return first === second ? (a.metadata.name < b.metadata.name ? -1 : 1) : first < second ? -1 : 1
}
