import { isDeepStrictEqual } from 'node:util'
import { isReady, type ClusterNode, type DaemonSet, type Pod } from './objects.ts'
import { activePodsOf, createPod, ownerReference } from './owned-pods.ts'
import { hasLabels } from './schedule.ts'
import type { ClusterState } from './state.ts'
import { templateHash } from './template-hash.ts'

const hashLabel = 'controller-revision-hash'

/** Keeps one Pod on each node that the DaemonSet's nodeSelector admits, cordoned ones included, and replaces old ones one at a time. */
export async function reconcileDaemonSet(state: ClusterState, key: string): Promise<void> {
  const set = state.daemonSets.find(key)
  if (!set || set.metadata.deletionTimestamp) return
  const hash = templateHash(set.spec?.template)
  const nodes = [...state.nodes.values()].filter((node) => wants(set, node))
  const pods = activePodsOf(set.metadata, state.pods.values())
  await Promise.all(surplusOf(nodes, pods).map((pod) => state.pods.remove(pod)))
  await fill(state, set, nodes, pods, hash)
  await renew(state, nodes.length, activePodsOf(set.metadata, state.pods.values()), hash)
  const status = statusOf(set, nodes.length, activePodsOf(set.metadata, state.pods.values()), hash)
  const before = Object.fromEntries(Object.keys(status).map((field) => [field, set.status?.[field] ?? 0]))
  if (!isDeepStrictEqual(before, status)) await state.daemonSets.patchStatus(set, status)
}

function wants(set: DaemonSet, node: ClusterNode): boolean {
  if (node.metadata.deletionTimestamp) return false
  return hasLabels(node.metadata.labels, set.spec?.template?.spec?.nodeSelector)
}

/** Pods on nodes that should have none, and all but one of those that share a node. */
function surplusOf(nodes: readonly ClusterNode[], pods: readonly Pod[]): readonly Pod[] {
  const open = new Set(nodes.map((node) => node.metadata.name))
  return pods.filter((pod) => !open.delete(pod.spec?.nodeName ?? ''))
}

async function fill(
  state: ClusterState,
  set: DaemonSet,
  nodes: readonly ClusterNode[],
  pods: readonly Pod[],
  hash: string,
): Promise<void> {
  const taken = new Set(pods.map((pod) => pod.spec?.nodeName))
  const reference = ownerReference('apps/v1', 'DaemonSet', set.metadata)
  const empty = nodes.map((node) => node.metadata.name).filter((node) => !taken.has(node))
  const order = {
    owner: set.metadata,
    reference,
    template: set.spec?.template,
    labels: { [hashLabel]: hash },
  }
  await Promise.all(empty.map((nodeName) => createPod(state, { ...order, nodeName })))
}

/** Gives up one Pod of a former template once all the others are there. */
async function renew(
  state: ClusterState,
  desired: number,
  pods: readonly Pod[],
  hash: string,
): Promise<void> {
  const old = pods.filter((pod) => pod.metadata.labels?.[hashLabel] !== hash)
  const unready = old.find((pod) => !isReady(pod))
  const complete = pods.length === desired && pods.every(isReady)
  const victim = unready ?? (complete ? old[0] : undefined)
  if (victim) await state.pods.remove(victim)
}

function statusOf(
  set: DaemonSet,
  desired: number,
  pods: readonly Pod[],
  hash: string,
): Readonly<Record<string, number>> {
  const ready = pods.filter(isReady).length
  return {
    desiredNumberScheduled: desired,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: pods.filter((pod) => pod.metadata.labels?.[hashLabel] === hash).length,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: desired - ready,
    numberMisscheduled: 0,
    observedGeneration: set.metadata.generation ?? 0,
  }
}
