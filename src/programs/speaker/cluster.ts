import { isDeepStrictEqual } from 'node:util'
import { ownGroup } from '../../core/api/group.ts'
import type { DutyView } from '../../core/election/duties.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import type { Known, KubernetesObject } from '../../platform/kubernetes/object.ts'
import { Reflector } from '../../platform/kubernetes/reflector.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
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
  readonly onContact: (contact: boolean) => void
  readonly onProblem: (path: string, error: Error) => void
}

/** All that a speaker watches, and whether the API server was heard lately. */
export class Cluster implements AsyncDisposable {
  readonly view: ClusterView
  /** Fulfilled when everything was read once; rejected when stopped before. */
  readonly synced: Promise<void>
  readonly #api: Api
  readonly #listener: ClusterListener
  readonly #reflectors: Reflector<Known, never>[] = []
  #contact = false

  constructor(api: Api, listener: ClusterListener) {
    this.#api = api
    this.#listener = listener
    this.view = {
      speakers: this.#watch(`${ownGroup}/speakers`, projectSpeaker),
      pools: this.#watch(`${ownGroup}/addresspools`, projectPool),
      services: this.#watch('/api/v1/services', projectService),
      nodes: this.#watch('/api/v1/nodes', projectNode),
      slices: this.#watch('/apis/discovery.k8s.io/v1/endpointslices', projectSlice),
    }
    this.synced = Promise.all(this.#reflectors.map(({ synced }) => synced)).then(() => undefined)
    this.synced.catch(() => undefined) // Stopped early: nobody has to care.
  }

  /** Whether what we know is what the API server says: true only while every watch is well. */
  get contact(): boolean {
    return this.#contact
  }

  start(): void {
    for (const reflector of this.#reflectors) reflector.start()
  }

  #watch<T extends Known, R extends KubernetesObject>(
    path: string,
    project: (raw: R) => T,
  ): ReadonlyMap<string, T> {
    const reflector = new Reflector<T, R>(this.#api, {
      path,
      project,
      onEvent: (change) => {
        if (isNews(change)) this.#listener.onChange()
      },
      onContact: (contact) => this.#noteContact(contact),
      onProblem: (error) => this.#listener.onProblem(path, error),
    })
    this.#reflectors.push(reflector as unknown as Reflector<Known, never>)
    return reflector.store
  }

  #noteContact(heard: boolean): void {
    if (heard) for (const reflector of this.#reflectors) reflector.wake()
    const contact = this.#reflectors.every((reflector) => reflector.contact)
    if (contact === this.#contact) return
    this.#contact = contact
    this.#listener.onContact(contact)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.stop()))
  }
}

/** Most of what is written, such as the status of other nodes' objects, says nothing of what is kept here. */
function isNews<T extends Known>(change: Change<T>): boolean {
  if (change.kind !== 'changed') return true
  const { object, before } = change
  return !isDeepStrictEqual({ ...object, resourceVersion: '' }, { ...before, resourceVersion: '' })
}
