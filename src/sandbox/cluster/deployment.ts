import { isDeepStrictEqual } from 'node:util'
import { deploymentStatusOf, type DeploymentStatus } from './deployment-status.ts'
import { controllerOf, keyOf, timestamp, type Deployment, type ReplicaSet } from './objects.ts'
import { ownerReference } from './owned-pods.ts'
import { planRollout, portionOf, type Generation } from './rollout.ts'
import type { ClusterState } from './state.ts'
import { templateHash } from './template-hash.ts'

const hashLabel = 'pod-template-hash'
const revisionAnnotation = 'deployment.kubernetes.io/revision'

/** Gives a Deployment the ReplicaSet of its template and moves its replicas there, a few at a time. */
export async function reconcileDeployment(state: ClusterState, key: string): Promise<void> {
  const deployment = state.deployments.find(key)
  if (!deployment || deployment.metadata.deletionTimestamp) return
  const hash = templateHash(deployment.spec?.template)
  const before = setsOf(state, deployment)
  if (!before.some((set) => hasHash(set, hash))) await createSet(state, deployment, hash, before)
  const sets = setsOf(state, deployment)
  const current = sets.find((set) => hasHash(set, hash))
  if (!current) return
  await scale(state, deployment, current, sets)
  await noteRevision(state, deployment, current, sets)
  await writeStatus(state, key, hash)
}

function setsOf(state: ClusterState, { metadata }: Deployment): readonly ReplicaSet[] {
  return [...state.replicaSets.values()]
    .filter((set) => controllerOf(set.metadata)?.uid === metadata.uid && !set.metadata.deletionTimestamp)
    .toSorted((a, b) => revisionOf(a) - revisionOf(b))
}

function hasHash(set: ReplicaSet, hash: string): boolean {
  return set.metadata.labels?.[hashLabel] === hash
}

function revisionOf(set: ReplicaSet | Deployment): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0)
}

/** Starts as large as the rollout allows, so that a new Deployment's Pods do not wait for another round. */
async function createSet(
  state: ClusterState,
  deployment: Deployment,
  hash: string,
  former: readonly ReplicaSet[],
): Promise<void> {
  const { name, namespace, labels } = deployment.metadata
  const { template, selector } = deployment.spec ?? {}
  const setName = `${name}-${hash}`
  const replicas = planOf(deployment, { name: setName, replicas: 0, available: 0 }, former).get(setName) ?? 0
  const withHash = { ...template?.metadata?.labels, [hashLabel]: hash }
  await state.replicaSets.create(namespace, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: setName,
      namespace,
      labels: { ...labels, ...withHash },
      annotations: { [revisionAnnotation]: String(Math.max(0, ...former.map(revisionOf)) + 1) },
      ownerReferences: [ownerReference('apps/v1', 'Deployment', deployment.metadata)],
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template?.metadata, labels: withHash } },
    },
  })
}

async function scale(
  state: ClusterState,
  deployment: Deployment,
  current: ReplicaSet,
  sets: readonly ReplicaSet[],
): Promise<void> {
  const former = sets.filter((set) => set !== current)
  const plan = planOf(deployment, generationOf(current), former)
  for (const set of sets) {
    const replicas = plan.get(set.metadata.name)
    if (replicas !== undefined && replicas !== set.spec?.replicas)
      await state.replicaSets.patch(set, { spec: { replicas } })
  }
}

function planOf(
  deployment: Deployment,
  current: Generation,
  former: readonly ReplicaSet[],
): ReadonlyMap<string, number> {
  const desired = deployment.spec?.replicas ?? 1
  const { type, rollingUpdate } = deployment.spec?.strategy ?? {}
  const recreate = type === 'Recreate'
  const surge = recreate ? 0 : portionOf(rollingUpdate?.maxSurge, desired, 'up')
  const unavailable = recreate ? desired : portionOf(rollingUpdate?.maxUnavailable, desired, 'down')
  return planRollout({
    desired,
    maxSurge: surge,
    maxUnavailable: surge + unavailable === 0 ? 1 : unavailable,
    current,
    former: former.map(generationOf),
  })
}

function generationOf(set: ReplicaSet): Generation {
  const replicas = set.spec?.replicas ?? 0
  return {
    name: set.metadata.name,
    replicas,
    available: Math.min(replicas, set.status?.availableReplicas ?? 0),
  }
}

/** A template that is used again (`kubectl rollout undo`) becomes the newest revision, as in Kubernetes. */
async function noteRevision(
  state: ClusterState,
  deployment: Deployment,
  current: ReplicaSet,
  sets: readonly ReplicaSet[],
): Promise<void> {
  const newest = Math.max(0, ...sets.filter((set) => set !== current).map(revisionOf))
  const revision = Math.max(revisionOf(current), newest + 1)
  const live = state.replicaSets.find(keyOf(current.metadata))
  const note = { metadata: { annotations: { [revisionAnnotation]: String(revision) } } }
  if (live && revisionOf(live) !== revision) await state.replicaSets.patch(live, note)
  if (revisionOf(deployment) !== revision) await state.deployments.patch(deployment, note)
}

async function writeStatus(state: ClusterState, key: string, hash: string): Promise<void> {
  const deployment = state.deployments.find(key)
  if (!deployment) return
  const sets = setsOf(state, deployment)
  const desired = deployment.spec?.replicas ?? 1
  const unavailable = portionOf(deployment.spec?.strategy?.rollingUpdate?.maxUnavailable, desired, 'down')
  const current = sets.find((set) => hasHash(set, hash))
  const status = deploymentStatusOf(deployment, current, sets, desired - unavailable, timestamp())
  if (!sameStatus(deployment.status, status)) await state.deployments.patchStatus(deployment, status)
}

function sameStatus(before: object | undefined, after: DeploymentStatus): boolean {
  const old: Readonly<Record<string, unknown>> = { ...before }
  return Object.entries(after).every(([key, value]) =>
    isDeepStrictEqual(old[key] ?? (typeof value === 'number' ? 0 : undefined), value),
  )
}
