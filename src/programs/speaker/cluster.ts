import { isDeepStrictEqual } from 'node:util'
import { ownGroup } from '../../core/api/group.ts'
import type { DutyView } from '../../core/election/duties.ts'
import type { DutyPool } from '../../core/election/duty-facts.ts'
import { isPlacedSo } from '../../core/election/placed-so.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import type { ContactLog } from '../../platform/kubernetes/contact-log.ts'
import type { Known, KubernetesObject } from '../../platform/kubernetes/object.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import { WatchSet } from '../../platform/kubernetes/watch-set.ts'
import { projectNode, projectPool, projectService, projectSlice, projectSpeaker } from './projections.ts'

/** What duties are made of, each object with its version. */
export type ClusterView = {
  readonly [K in keyof DutyView]: DutyView[K] extends ReadonlyMap<string, infer T>
    ? ReadonlyMap<string, T & Known>
    : never
}

export interface ClusterListener {
  /** When something that is kept of an object is another one than before. */
  readonly onChange: () => void
  /** When other addresses than before are to be asked for ahead of time. */
  readonly onLooks: () => void
  readonly onContact: (contact: boolean) => void
}

/** All that a speaker watches, and whether the API server was heard lately. */
export class Cluster implements AsyncDisposable {
  readonly view: ClusterView
  readonly #listener: ClusterListener
  readonly #watches: WatchSet

  constructor(api: Api, contactLog: ContactLog, listener: ClusterListener) {
    const { onContact } = listener
    this.#listener = listener
    this.#watches = new WatchSet(api, { contactLog, onContact })
    this.view = {
      speakers: this.#watch(`${ownGroup}/speakers`, projectSpeaker),
      pools: this.#watch(`${ownGroup}/addresspools`, projectPool, (change) => {
        listener.onLooks()
        return change.kind === 'changed' && isDeepStrictEqual(saidOf(change.object), saidOf(change.before))
      }),
      services: this.#watch('/api/v1/services', projectService, (change) => {
        const before = change.kind === 'changed' ? change.before : undefined
        const [former, latter] = change.kind === 'removed' ? [change.object] : [before, change.object]
        return isPlacedSo(this.view.speakers, change.object.key, latter, former)
      }),
      nodes: this.#watch('/api/v1/nodes', projectNode),
      slices: this.#watch('/apis/discovery.k8s.io/v1/endpointslices', projectSlice),
    }
  }

  /** Fulfilled when everything was read once; rejected when stopped before. */
  get synced(): Promise<void> {
    return this.#watches.synced
  }

  /** Whether what we know is what the API server says: true only while every watch is well. */
  get contact(): boolean {
    return this.#watches.contact
  }

  start(): void {
    this.#watches.start()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watches[Symbol.asyncDispose]()
  }

  #watch<T extends Known, R extends KubernetesObject>(
    path: string,
    project: (raw: R) => T,
    saysNothing: (change: Change<T>) => boolean = () => false,
  ): ReadonlyMap<string, T> {
    return this.#watches.add<T, R>(path, project, (change) => {
      if (isNews(change) && !saysNothing(change)) this.#listener.onChange()
    })
  }
}

/** What a pool says to those who announce, without what it lists to be asked for. */
function saidOf(pool: DutyPool & Known): object {
  return { ...pool, resourceVersion: '', probe: [], quarantine: [] }
}

/** Most of what is written, such as the status of other nodes' objects, says nothing of what is kept here. */
function isNews<T extends Known>(change: Change<T>): boolean {
  if (change.kind !== 'changed') return true
  const { object, before } = change
  return !isDeepStrictEqual({ ...object, resourceVersion: '' }, { ...before, resourceVersion: '' })
}
