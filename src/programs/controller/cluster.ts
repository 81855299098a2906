import type { Compatibility } from '../../core/allocation/compatibility.ts'
import { ownGroup } from '../../core/api/group.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import type { ContactLog } from '../../platform/kubernetes/contact-log.ts'
import type { ServiceObject } from '../../core/allocation/service.ts'
import { knownOf } from '../../platform/kubernetes/object.ts'
import type { Known, KubernetesObject } from '../../platform/kubernetes/object.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import { WatchSet } from '../../platform/kubernetes/watch-set.ts'
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
}

const servicesPath = '/api/v1/services'
const poolsPath = `${ownGroup}/addresspools`
const speakersPath = `${ownGroup}/speakers`

/** All that the controller watches, also while another one leads: so it knows the cluster when its time comes. */
export class Cluster implements AsyncDisposable {
  readonly services = new Latest<ServiceRecord>()
  readonly pools = new Latest<PoolRecord>()
  readonly nodes = new Latest<NodeRecord>()
  readonly slices = new Latest<SliceRecord>()
  readonly speakers = new Latest<SpeakerRecord>()
  readonly namespaces = new Latest<NamespaceRecord>()
  readonly #watches: WatchSet
  #listener: ClusterListener | undefined
  #started = false
  #synced = false

  constructor(api: Api, contactLog: ContactLog, compatibility?: Compatibility) {
    this.#watches = new WatchSet(api, { contactLog })
    const { services, pools, nodes, slices, speakers, namespaces } = this
    const readService = (raw: KubernetesObject & ServiceObject) => projectService(raw, compatibility)
    this.#watch(servicesPath, services, readService, (change) => this.#listener?.service(change))
    this.#watch(poolsPath, pools, projectPool, (change) => this.#listener?.pool(change))
    this.#watch(speakersPath, speakers, projectSpeaker, (change) => this.#listener?.speaker(change))
    this.#watch('/api/v1/nodes', nodes, projectNode, (change) => this.#listener?.node(change))
    this.#watch('/api/v1/namespaces', namespaces, projectNamespace, (change) => {
      this.#listener?.namespace(change)
    })
    this.#watch('/apis/discovery.k8s.io/v1/endpointslices', slices, projectSlice, (change) => {
      this.#listener?.slice(change)
    })
  }

  /** Whether everything was read once. */
  get isSynced(): boolean {
    return this.#synced
  }

  /** Whether every watch is well. */
  get contact(): boolean {
    return this.#watches.contact
  }

  /** Whom to tell of changes from now on; nobody when there is none. */
  tell(listener: ClusterListener | undefined): void {
    this.#listener = listener
  }

  /** Takes a Speaker that was read because the watch is late with it: news, as if the watch had said it. */
  noteSpeaker(record: SpeakerRecord): void {
    const before = this.speakers.get(record.key)
    if (before?.uid !== record.uid || !this.speakers.set(record)) return
    this.#listener?.speaker({ kind: 'changed', object: record, before })
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    this.#watches.synced.then(
      () => {
        this.#synced = true
      },
      () => undefined, // Stopped before that.
    )
    this.#watches.start()
  }

  /**
   * Fulfilled when all is known that any controller wrote before this was called. A watch may be late with the last words
   * of the one that led before, and an address that was given then must not be given again: what controllers write is
   * read anew.
   */
  async catchUp(): Promise<void> {
    const isWarm = this.#started
    this.start()
    if (isWarm) await this.#watches.refresh([servicesPath, poolsPath, speakersPath])
    await this.#watches.synced
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watches[Symbol.asyncDispose]()
  }

  #watch<T extends Known, R extends KubernetesObject>(
    path: string,
    latest: Latest<T>,
    project: (raw: R) => T,
    tell: (change: Change<T>) => void,
  ): void {
    const projectNews = (raw: R): T => knownVersion(latest, raw) ?? project(raw)
    this.#watches.add<T, R>(path, projectNews, (change) => {
      if (isNews(latest, change)) tell(change)
    })
  }
}

/** What the answer to a write told already, and the watch says once more: it is read and kept once. */
function knownVersion<T extends Known>(latest: Latest<T>, raw: KubernetesObject): T | undefined {
  const { key, uid, resourceVersion } = knownOf(raw)
  const known = latest.get(key)
  return known?.uid === uid && known.resourceVersion === resourceVersion ? known : undefined
}

function isNews<T extends Known>(latest: Latest<T>, change: Change<T>): boolean {
  if (change.kind !== 'removed') return latest.set(change.object)
  latest.remove(change.object)
  return true
}
