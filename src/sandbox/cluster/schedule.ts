import { controllerOf, isActive, isTrue, type ClusterNode, type Labels, type Pod } from './objects.ts'

/**
 * The node a waiting Pod goes to: a Ready, not cordoned one that its nodeSelector admits, with the fewest Pods of
 * the same owner, then the fewest at all, then by name. Undefined when no node admits it.
 */
export function chooseNode(pod: Pod, nodes: Iterable<ClusterNode>, pods: Iterable<Pod>): string | undefined {
  const admitted = [...nodes].filter((node) => admits(node, pod))
  const loads = loadsOf(pod, pods)
  const ranked = admitted
    .map((node) => ({ name: node.metadata.name, ...(loads.get(node.metadata.name) ?? idle) }))
    .toSorted((a, b) => a.kin - b.kin || a.all - b.all || (a.name < b.name ? -1 : 1))
  return ranked[0]?.name
}

/** Whether a node takes new Pods at all, and this one by its nodeSelector. */
export function admits(node: ClusterNode, pod: Pod): boolean {
  if (node.metadata.deletionTimestamp || node.spec?.unschedulable) return false
  if (!isTrue(node.status?.conditions, 'Ready')) return false
  return hasLabels(node.metadata.labels, pod.spec?.nodeSelector)
}

/** Whether labels hold every pair that is wanted; nothing wanted is always held. */
export function hasLabels(labels: Labels | undefined, wanted: Labels | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value)
}

interface Load {
  kin: number
  all: number
}

const idle: Load = { kin: 0, all: 0 }

function loadsOf(pod: Pod, pods: Iterable<Pod>): ReadonlyMap<string, Load> {
  const loads = new Map<string, Load>()
  const owner = controllerOf(pod.metadata)?.uid
  for (const other of pods) {
    const node = other.spec?.nodeName
    if (!node || !isActive(other)) continue
    const load = loads.get(node) ?? { kin: 0, all: 0 }
    load.all++
    if (owner && controllerOf(other.metadata)?.uid === owner) load.kin++
    loads.set(node, load)
  }
  return loads
}
