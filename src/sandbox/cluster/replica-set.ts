import { isDeepStrictEqual } from 'node:util'
import { isReady, type Pod, type ReplicaSet, type ReplicaSetStatus } from './objects.ts'
import { activePodsOf, createPod, firstToGo, ownerReference } from './owned-pods.ts'
import type { ClusterState } from './state.ts'

/** Brings a ReplicaSet's Pods to the number it asks for, and its status to what is there. */
export async function reconcileReplicaSet(state: ClusterState, key: string): Promise<void> {
  const set = state.replicaSets.find(key)
  if (!set || set.metadata.deletionTimestamp) return
  const pods = activePodsOf(set.metadata, state.pods.values())
  await adjust(state, set, pods)
  const status = statusOf(set, activePodsOf(set.metadata, state.pods.values()))
  const before = Object.fromEntries(Object.keys(status).map((field) => [field, countOf(set, field)]))
  if (!isDeepStrictEqual(before, status)) await state.replicaSets.patchStatus(set, status)
}

async function adjust(state: ClusterState, set: ReplicaSet, pods: readonly Pod[]): Promise<void> {
  const missing = (set.spec?.replicas ?? 1) - pods.length
  if (missing < 0)
    await Promise.all(
      firstToGo(pods)
        .slice(0, -missing)
        .map((pod) => state.pods.remove(pod)),
    )
  const order = {
    owner: set.metadata,
    reference: ownerReference('apps/v1', 'ReplicaSet', set.metadata),
    template: set.spec?.template,
  }
  await Promise.all(Array.from({ length: Math.max(0, missing) }, () => createPod(state, order)))
}

function statusOf(set: ReplicaSet, pods: readonly Pod[]): ReplicaSetStatus {
  const ready = pods.filter(isReady).length
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: set.metadata.generation ?? 0,
  }
}

/** A server may leave zeros out. */
function countOf(set: ReplicaSet, field: string): unknown {
  return new Map<string, unknown>(Object.entries(set.status ?? {})).get(field) ?? 0
}
