import { ownGroup } from '../../core/api/group.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import type { Known, KubernetesObject } from '../../platform/kubernetes/object.ts'
import { Reflector } from '../../platform/kubernetes/reflector.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import { Latest } from './latest.ts'
import {
  projectNamespace,
  projectNode,
  projectPool,
  projectService,
  projectSlice,
  projectSpeaker,
} from './projections.ts'
import type {
  NamespaceRecord,
  NodeRecord,
  PoolRecord,
  ServiceRecord,
  SliceRecord,
  SpeakerRecord,
} from './projections.ts'

/** What the controller is told: one change of one object, after the view has it. */
export interface ClusterListener {
  service(change: Change<ServiceRecord>): void
  pool(change: Change<PoolRecord>): void
  node(change: Change<NodeRecord>): void
  slice(change: Change<SliceRecord>): void
  speaker(change: Change<SpeakerRecord>): void
  namespace(change: Change<NamespaceRecord>): void
  problem(path: string, error: Error): void
}

/** All that the controller watches. */
export class Cluster implements AsyncDisposable {
  readonly services = new Latest<ServiceRecord>()
  readonly pools = new Latest<PoolRecord>()
  readonly nodes = new Latest<NodeRecord>()
  readonly slices = new Latest<SliceRecord>()
  readonly speakers = new Latest<SpeakerRecord>()
  readonly namespaces = new Latest<NamespaceRecord>()
  /** Fulfilled when everything was read once; rejected when stopped before. */
  readonly synced: Promise<unknown>
  readonly #reflectors: Reflector<Known, never>[] = []
  readonly #api: Api
  readonly #listener: ClusterListener

  constructor(api: Api, listener: ClusterListener) {
    this.#api = api
    this.#listener = listener
    const { services, pools, nodes, slices, speakers, namespaces } = this
    this.#watch('/api/v1/services', services, projectService, (change) => listener.service(change))
    this.#watch(`${ownGroup}/addresspools`, pools, projectPool, (change) => listener.pool(change))
    this.#watch(`${ownGroup}/speakers`, speakers, projectSpeaker, (change) => listener.speaker(change))
    this.#watch('/api/v1/nodes', nodes, projectNode, (change) => listener.node(change))
    this.#watch('/api/v1/namespaces', namespaces, projectNamespace, (change) => listener.namespace(change))
    this.#watch('/apis/discovery.k8s.io/v1/endpointslices', slices, projectSlice, (change) => {
      listener.slice(change)
    })
    this.synced = Promise.all(this.#reflectors.map(({ synced }) => synced))
    this.synced.catch(() => undefined)
  }

  /** Whether every watch is well. */
  get contact(): boolean {
    return this.#reflectors.every(({ contact }) => contact)
  }

  /** Takes a Speaker that was read because the watch is late with it: news, as if the watch had said it. */
  noteSpeaker(record: SpeakerRecord): void {
    const before = this.speakers.get(record.key)
    if (before?.uid !== record.uid || !this.speakers.set(record)) return
    this.#listener.speaker({ kind: 'changed', object: record, before })
  }

  start(): void {
    for (const reflector of this.#reflectors) reflector.start()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.stop()))
  }

  #watch<T extends Known, R extends KubernetesObject>(
    path: string,
    latest: Latest<T>,
    project: (raw: R) => T,
    tell: (change: Change<T>) => void,
  ): void {
    const reflector = new Reflector<T, R>(this.#api, {
      path,
      project,
      onEvent: (change) => {
        if (isNews(latest, change)) tell(change)
      },
      onProblem: (error) => this.#listener.problem(path, error),
    })
    this.#reflectors.push(reflector as unknown as Reflector<Known, never>)
  }
}

function isNews<T extends Known>(latest: Latest<T>, change: Change<T>): boolean {
  if (change.kind !== 'removed') return latest.set(change.object)
  latest.remove(change.object)
  return true
}
