import type { Api } from '../../platform/kubernetes/api.ts'
import { ApiError } from '../../platform/kubernetes/api-error.ts'
import { WorkQueue } from '../../platform/kubernetes/work-queue.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { bindPod, waitingPods } from './bind-pods.ts'
import { reconcileDaemonSet } from './daemon-set.ts'
import { reconcileDeployment } from './deployment.ts'
import { reconcileSlices, servicesOf } from './endpoint-slices.ts'
import { Heartbeats, markLost } from './node-lifecycle.ts'
import { controllerOf, keyOf, type Metadata, type Pod } from './objects.ts'
import { reconcileReplicaSet } from './replica-set.ts'
import { openState, type ClusterState } from './state.ts'

export interface ClusterControllers {
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** A node whose Lease does not move for this long is taken for lost. */
  readonly nodeGraceMs?: number
}

/** Stands in for kube-controller-manager and kube-scheduler, as far as `kubectl apply -f examples/` needs them. */
export function runClusterControllers(api: Api, log: Log, options: ClusterOptions = {}): ClusterControllers {
  const state = openState(api, (err) => log.debug({ err }, 'watch failed, trying again'))
  const collections = Object.values(state)
  const synced = Promise.all(collections.map((each) => each.synced)).then(() => undefined)
  synced.catch(() => undefined) // Rejected only by stop.
  const queues = queuesFor(state, synced, log)
  const heartbeats = new Heartbeats(options.nodeGraceMs ?? 10_000)
  subscribe(state, queues, heartbeats)
  for (const collection of collections) collection.start()
  const timer = setInterval(() => queueLostNodes(state, queues, heartbeats), 500)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(collections.map((collection) => collection.stop()))
      await Promise.all(Object.values(queues).map((queue) => queue.close()))
    },
  }
}

type Queues = ReturnType<typeof queuesFor>

type Reconcile = (state: ClusterState, key: string) => Promise<void>

function queuesFor(state: ClusterState, synced: Promise<void>, log: Log) {
  const queue = (reconcile: Reconcile, concurrency: number): WorkQueue =>
    new WorkQueue({
      concurrency,
      backoff: { baseMs: 20, capMs: 5000 },
      work: async (key) => {
        await synced
        await reconcile(state, key)
      },
      onProblem: (err, key) =>
        log[isUsual(err) ? 'debug' : 'warn']({ err, key }, 'not done yet, trying again'),
    })
  return {
    deployments: queue(reconcileDeployment, 4),
    replicaSets: queue(reconcileReplicaSet, 4),
    daemonSets: queue(reconcileDaemonSet, 4),
    slices: queue(reconcileSlices, 8),
    scheduler: queue(bindPod, 1), // One after another, so that each sees where the last one went.
    nodes: queue(markNode, 1),
  }
}

async function markNode(state: ClusterState, key: string): Promise<void> {
  const node = state.nodes.find(key)
  if (node) await markLost(state, node)
}

/** Somebody else wrote first, or it is gone: the next look at it will tell. */
function isUsual(error: Error): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 409 || error.status === 0)
}

function subscribe(state: ClusterState, queues: Queues, heartbeats: Heartbeats): void {
  const add = (queue: WorkQueue) => (after: { metadata: Metadata } | undefined) =>
    after && queue.add(keyOf(after.metadata))
  state.deployments.subscribe(add(queues.deployments))
  state.replicaSets.subscribe(add(queues.replicaSets))
  state.daemonSets.subscribe(add(queues.daemonSets))
  state.services.subscribe(add(queues.slices))
  state.replicaSets.subscribe((after, before) => addOwner(queues, (after ?? before)?.metadata))
  state.pods.subscribe((after, before) => podChanged(state, queues, after, before))
  state.slices.subscribe((after, before) => {
    const { namespace, labels } = (after ?? before)?.metadata ?? {}
    const name = labels?.['kubernetes.io/service-name']
    if (name) queues.slices.add(`${namespace}/${name}`)
  })
  state.nodes.subscribe((after, before) => {
    if (!after && before) heartbeats.forget(before.metadata.name)
    for (const set of state.daemonSets.values()) queues.daemonSets.add(keyOf(set.metadata))
    for (const key of waitingPods(state)) queues.scheduler.add(key)
  })
}

function podChanged(
  state: ClusterState,
  queues: Queues,
  after: Pod | undefined,
  before: Pod | undefined,
): void {
  addOwner(queues, (after ?? before)?.metadata)
  for (const pod of [after, before])
    if (pod) for (const service of servicesOf(state, pod)) queues.slices.add(service)
  if (after && !after.spec?.nodeName) queues.scheduler.add(keyOf(after.metadata))
}

function addOwner(queues: Queues, metadata: Metadata | undefined): void {
  const owner = metadata && controllerOf(metadata)
  if (!metadata || !owner?.name) return
  const key = `${metadata.namespace}/${owner.name}`
  if (owner.kind === 'Deployment') queues.deployments.add(key)
  if (owner.kind === 'ReplicaSet') queues.replicaSets.add(key)
  if (owner.kind === 'DaemonSet') queues.daemonSets.add(key)
}

function queueLostNodes(state: ClusterState, queues: Queues, heartbeats: Heartbeats): void {
  const now = performance.now()
  if (!state.leases.contact) heartbeats.noteOutage(now)
  for (const { metadata } of state.nodes.values()) {
    const lease = state.leases.find(`kube-node-lease/${metadata.name}`)
    heartbeats.note(metadata.name, lease?.spec?.renewTime ?? '', now)
    if (heartbeats.isLost(metadata.name, now)) queues.nodes.add(metadata.name)
  }
}
