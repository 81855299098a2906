import { isReady, isTrue, timestamp, type ClusterNode, type Condition, type Pod } from './objects.ts'
import type { ClusterState } from './state.ts'

/** When each node's Lease was last seen to move, on our own clock. */
export class Heartbeats {
  readonly #graceMs: number
  readonly #seen = new Map<string, { readonly renewTime: string; readonly atMs: number }>()
  #outageEndMs = -Infinity

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  /** Takes note of a Lease as it stands now. */
  note(node: string, renewTime: string, nowMs: number): void {
    if (this.#seen.get(node)?.renewTime !== renewTime) this.#seen.set(node, { renewTime, atMs: nowMs })
  }

  forget(node: string): void {
    this.#seen.delete(node)
  }

  /** While the API server is away nobody can renew anything, so that time does not count against a node. */
  noteOutage(nowMs: number): void {
    this.#outageEndMs = nowMs
  }

  isLost(node: string, nowMs: number): boolean {
    const seen = this.#seen.get(node)
    if (!seen) return false
    return nowMs - Math.max(seen.atMs, this.#outageEndMs) > this.#graceMs
  }
}

/** Marks a node that no longer renews its Lease as Unknown, and its Pods as not Ready. */
export async function markLost(state: ClusterState, node: ClusterNode): Promise<void> {
  const now = timestamp()
  if (!isUnknown(node)) {
    const conditions = (node.status?.conditions ?? []).map((condition) => unknown(condition, now))
    await state.nodes.patchStatus(node, { conditions })
  }
  const pods = [...state.pods.values()].filter(
    (pod) => pod.spec?.nodeName === node.metadata.name && isReady(pod),
  )
  await Promise.all(pods.map((pod) => state.pods.patchStatus(pod, { conditions: notReady(pod, now) })))
}

function isUnknown(node: ClusterNode): boolean {
  return (node.status?.conditions ?? []).some((each) => each.type === 'Ready' && each.status === 'Unknown')
}

function unknown(condition: Condition, now: string): Condition {
  return {
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: now,
  }
}

function notReady(pod: Pod, now: string): readonly Condition[] {
  return (pod.status?.conditions ?? []).map((condition) =>
    condition.type === 'Ready' && isTrue([condition], 'Ready')
      ? { ...condition, status: 'False', lastTransitionTime: now }
      : condition,
  )
}
