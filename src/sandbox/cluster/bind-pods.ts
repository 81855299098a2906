import { isActive, timestamp, withTransition, type Pod } from './objects.ts'
import { chooseNode } from './schedule.ts'
import type { ClusterState } from './state.ts'

/** Gives one waiting Pod its node, or says in its status why there is none. */
export async function bindPod(state: ClusterState, key: string): Promise<void> {
  const pod = state.pods.find(key)
  if (!pod || pod.spec?.nodeName || !isActive(pod)) return
  const node = chooseNode(pod, state.nodes.values(), state.pods.values())
  if (node === undefined) await sayUnschedulable(state, pod)
  else await state.pods.bind(pod, node)
}

async function sayUnschedulable(state: ClusterState, pod: Pod): Promise<void> {
  const before = pod.status?.conditions ?? []
  const count = [...state.nodes.values()].length
  const message = `0/${count} nodes are available: none is Ready, uncordoned and matches the nodeSelector.`
  if (before.some((each) => each.type === 'PodScheduled' && each.message === message)) return
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }
  const others = before.filter((each) => each.type !== 'PodScheduled')
  const conditions = [...others, withTransition(condition, before, timestamp())]
  await state.pods.patchStatus(pod, { phase: 'Pending', conditions })
}

/** The Pods that wait for a node. */
export function* waitingPods(state: ClusterState): Iterable<string> {
  for (const pod of state.pods.values())
    if (!pod.spec?.nodeName && isActive(pod)) yield `${pod.metadata.namespace}/${pod.metadata.name}`
}
