import { withTransition, type Condition, type Deployment, type ReplicaSet } from './objects.ts'

export interface DeploymentStatus {
  readonly observedGeneration: number
  readonly replicas: number
  readonly updatedReplicas: number
  readonly readyReplicas: number
  readonly availableReplicas: number
  readonly unavailableReplicas: number
  readonly conditions: readonly Condition[]
}

/** What `kubectl rollout status` and `kubectl wait --for=condition=Available` read. `now` is an RFC 3339 time. */
export function deploymentStatusOf(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  least: number,
  now: string,
): DeploymentStatus {
  const total = (pick: (set: ReplicaSet) => number | undefined): number =>
    all.reduce((sum, set) => sum + (pick(set) ?? 0), 0)
  const available = total((set) => set.status?.availableReplicas)
  const replicas = total((set) => set.status?.replicas)
  const updated = current?.status?.replicas ?? 0
  const desired = deployment.spec?.replicas ?? 1
  const complete = [updated, replicas, available].every((count) => count === desired)
  const wanted = [
    availableCondition(available >= least),
    progressCondition(current?.metadata.name ?? '', complete),
  ]
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas: updated,
    readyReplicas: total((set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, desired - available),
    conditions: wanted.map((condition) => withTimes(condition, deployment.status?.conditions, now)),
  }
}

function availableCondition(available: boolean): Condition {
  return available
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }
}

function progressCondition(set: string, complete: boolean): Condition {
  return complete
    ? {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${set}" has successfully progressed.`,
      }
    : {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${set}" is progressing.`,
      }
}

function withTimes(condition: Condition, before: readonly Condition[] | undefined, now: string): Condition {
  const old = before?.find(({ type, reason }) => type === condition.type && reason === condition.reason)
  const same = old?.message === condition.message
  return { ...withTransition(condition, before, now), lastUpdateTime: (same && old?.lastUpdateTime) || now }
}
