import type { Api, Verb } from '../../platform/kubernetes/api.ts'
import {
  keyOf,
  knownOf,
  objectPath,
  type Known,
  type KubernetesObject,
} from '../../platform/kubernetes/object.ts'
import type { Change } from '../../platform/kubernetes/reflected-store.ts'
import { Reflector } from '../../platform/kubernetes/reflector.ts'

/** How long a write waits to come back by the watch before the work goes on without it. */
const echoTimeoutMs = 2000

interface Stored<T> extends Known {
  readonly object: T
}

export interface CollectionOptions {
  readonly groupVersion: string
  readonly plural: string
  readonly query?: Readonly<Record<string, string>>
  readonly onProblem?: (error: Error) => void
}

/** Called after the store has the change; `before` is missing for a new object, `after` for a removed one. */
export type Listener<T> = (after: T | undefined, before: T | undefined) => void

/**
 * One kind of object, watched and written. Each write waits until the watch has shown it, so that work which
 * reads the store next does not do the same thing twice.
 */
export class Collection<T extends KubernetesObject> {
  readonly #api: Api
  readonly #options: CollectionOptions
  readonly #reflector: Reflector<Stored<T>, T>
  readonly #waiting = new Set<() => void>()
  readonly #listeners: Listener<T>[] = []

  constructor(api: Api, options: CollectionOptions) {
    this.#api = api
    this.#options = options
    this.#reflector = new Reflector<Stored<T>, T>(api, {
      path: `${options.groupVersion}/${options.plural}`,
      ...(options.query ? { query: options.query } : {}),
      project: (object) => ({ ...knownOf(object), object }),
      ...(options.onProblem ? { onProblem: options.onProblem } : {}),
      backoff: { baseMs: 50, capMs: 1000 },
      onEvent: (change) => this.#tell(change),
    })
  }

  get synced(): Promise<void> {
    return this.#reflector.synced
  }

  /** Whether the last thing heard of the API server was good. */
  get contact(): boolean {
    return this.#reflector.contact
  }

  start(): void {
    this.#reflector.start()
  }

  stop(): Promise<void> {
    return this.#reflector.stop()
  }

  subscribe(listener: Listener<T>): void {
    this.#listeners.push(listener)
  }

  find(key: string): T | undefined {
    return this.#reflector.store.get(key)?.object
  }

  *values(): Iterable<T> {
    for (const { object } of this.#reflector.store.values()) yield object
  }

  async create(namespace: string | undefined, body: object): Promise<T> {
    const { groupVersion, plural } = this.#options
    const path = namespace ? `${groupVersion}/namespaces/${namespace}/${plural}` : `${groupVersion}/${plural}`
    const created = await this.#api.request<T>('POST', path, { body })
    await this.#seen(() => this.find(keyOf(created)) !== undefined)
    return created
  }

  /** A merge patch that holds only for the version at hand. */
  patch(object: T, body: { readonly spec?: object; readonly metadata?: object }): Promise<void> {
    const { uid, resourceVersion } = object.metadata
    return this.#write('PATCH', object, '', {
      ...body,
      metadata: { ...body.metadata, uid, resourceVersion },
    })
  }

  replace(object: T, body: { readonly metadata: object }): Promise<void> {
    const { uid, resourceVersion } = object.metadata
    return this.#write('PUT', object, '', { ...body, metadata: { ...body.metadata, uid, resourceVersion } })
  }

  /** Status has one writer here, so it is written whatever the version. */
  patchStatus(object: T, status: object): Promise<void> {
    return this.#write('PATCH', object, '/status', { status })
  }

  remove(object: T): Promise<void> {
    return this.#write('DELETE', object, '', {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: object.metadata.uid },
    })
  }

  bind(pod: T, node: string): Promise<void> {
    const { name, namespace } = pod.metadata
    return this.#write('POST', pod, '/binding', {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, ...(namespace ? { namespace } : {}) },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    })
  }

  #tell(change: Change<Stored<T>>): void {
    for (const check of this.#waiting) check()
    const before =
      change.kind === 'changed' ? change.before : change.kind === 'removed' ? change.object : undefined
    const after = change.kind === 'removed' ? undefined : change.object
    for (const listener of this.#listeners) listener(after?.object, before?.object)
  }

  async #write(verb: Verb, object: T, suffix: string, body: object): Promise<void> {
    const key = keyOf(object)
    const before = this.find(key)?.metadata.resourceVersion
    const path = objectPath(this.#options.groupVersion, this.#options.plural, key)
    const answer = await this.#api.request<KubernetesObject>(verb, `${path}${suffix}`, { body })
    if (answer.metadata?.resourceVersion === before && verb !== 'DELETE') return // It changed nothing.
    await this.#seen(() => this.find(key)?.metadata.resourceVersion !== before)
  }

  async #seen(done: () => boolean): Promise<void> {
    if (done()) return
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!done()) return
        this.#waiting.delete(check)
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(check)
        resolve()
      }, echoTimeoutMs)
      this.#waiting.add(check)
    })
  }
}
