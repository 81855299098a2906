import type { Api, Query } from './api.ts'
import { asError, isGone } from './api-error.ts'
import { askedMs, delayAfter, pause, reconnectLimits } from './backoff.ts'
import type { BackoffLimits } from './backoff.ts'
import { listAll } from './list.ts'
import { keyOf } from './object.ts'
import type { Known, KubernetesObject } from './object.ts'
import { ReflectedStore } from './reflected-store.ts'
import type { Change } from './reflected-store.ts'
import { UnreadableLineError, watchEvents } from './watch-stream.ts'
import type { WatchEvent } from './watch-stream.ts'

export type { Change } from './reflected-store.ts'

export interface ReflectorOptions<T extends Known, R extends KubernetesObject = KubernetesObject> {
  /** The collection: `/api/v1/services`. */
  readonly path: string
  /** Selectors: `{ labelSelector: 'a=b' }`. */
  readonly query?: Query
  /** Keeps of an object what is needed. When it throws, that is reported and the former version stays. */
  readonly project: (raw: R) => T
  /** Called for each change once the store has it. What it throws is reported and stops nothing. */
  readonly onEvent?: (change: Change<T>) => void
  /** Called when the API server is lost (reset, refused, silent, an error as answer) and when it is back. */
  readonly onContact?: (contact: boolean) => void
  readonly onProblem?: (error: Error) => void
  readonly pageSize?: number
  /** A watch that says nothing for this long is taken for dead; API servers send a bookmark each minute. */
  readonly idleMs?: number
  /** How long to ask the server to keep a watch: a random time between the two. */
  readonly watchSeconds?: { readonly least: number; readonly most: number }
  readonly backoff?: BackoffLimits
}

/** What it has been through, for metrics and tests. */
export interface ReflectorStats {
  readonly lists: number
  readonly watches: number
  readonly events: number
  readonly bookmarks: number
  readonly problems: number
}

/** A watch that lasted this long was a good one, and the next failure counts as the first. */
const goodWatchMs = 5_000

/**
 * A collection of the API server kept up to date here: one list, then a watch that is resumed where it broke off, and a
 * new list only when the server has forgotten that place. It outlives every failure until it is stopped.
 */
export class Reflector<
  T extends Known,
  R extends KubernetesObject = KubernetesObject,
> implements AsyncDisposable {
  /** Fulfilled when the first whole list was handed to `onEvent`; rejected when stopped before that. */
  readonly synced: Promise<void>
  readonly #api: Api
  readonly #options: ReflectorOptions<T, R>
  readonly #store: ReflectedStore<T>
  readonly #stopping = new AbortController()
  #waking = new AbortController()
  readonly #stats = { lists: 0, watches: 0, events: 0, bookmarks: 0, problems: 0 }
  #fulfil: () => void = () => undefined
  #reject: (error: Error) => void = () => undefined
  #running: Promise<void> | undefined
  /** Where to watch from; undefined when only a list will do. */
  #version: string | undefined
  #stuckAt: string | undefined
  #failures = 0
  #contact = false
  #lastContactMs = -Infinity

  constructor(api: Api, options: ReflectorOptions<T, R>) {
    this.#api = api
    this.#options = options
    this.#store = new ReflectedStore((change) => this.#isolated(() => options.onEvent?.(change)))
    this.synced = new Promise((resolve, reject) => {
      this.#fulfil = resolve
      this.#reject = reject
    })
    // Nobody has to wait for it.
    this.synced.catch(() => undefined)
  }

  get store(): ReadonlyMap<string, T> {
    return this.#store.objects
  }

  get stats(): ReflectorStats {
    return { ...this.#stats }
  }

  /** Whether the last thing heard of the API server was good. */
  get contact(): boolean {
    return this.#contact
  }

  /** When the API server was last heard, on the clock of performance.now(). */
  get lastContactMs(): number {
    return this.#lastContactMs
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Tries again now if it waits after a failure: the server was just heard. What the server asked for is waited. */
  wake(): void {
    this.#waking.abort()
  }

  /** Fulfilled when no request is open and no handler will be called any more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.wake()
    await this.#running
    this.#reject(new Error(`${this.#options.path}: stopped before it was read`))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const failure = await this.#listAndWatch(signal)
      if (!signal.aborted) await this.#rest(failure, signal)
    }
  }

  /** Returns what ended it; undefined when the server closed the watch in order. */
  async #listAndWatch(signal: AbortSignal): Promise<unknown> {
    try {
      if (this.#version === undefined) await this.#list(signal)
      await this.#watch(signal)
      return undefined
    } catch (error) {
      if (!signal.aborted) this.#failed(error)
      return error
    }
  }

  /** A server that closes watches at once is waited for like one that fails. */
  async #rest(failure: unknown, signal: AbortSignal): Promise<void> {
    this.#failures++
    this.#waking = new AbortController()
    const limits = this.#options.backoff ?? reconnectLimits(failure)
    const asked = askedMs(failure)
    await pause(asked, signal)
    await pause(delayAfter(this.#failures, failure, limits) - asked, this.#waking.signal)
  }

  async #list(signal: AbortSignal): Promise<void> {
    this.#stats.lists++
    const { path, query = {}, pageSize = 500 } = this.#options
    const listed = new Map<string, T>()
    const target = { path, query, pageSize, onPage: () => this.#heard() }
    const version = await listAll(this.#api, target, signal, (raw) => this.#takeListed(raw, listed))
    this.#store.replace(listed)
    this.#version = version
    this.#fulfil()
  }

  #takeListed(raw: KubernetesObject, listed: Map<string, T>): void {
    const object = this.#project(raw)
    if (object) listed.set(object.key, object)
  }

  async #watch(signal: AbortSignal): Promise<void> {
    this.#stats.watches++
    const { path, query, idleMs = 90_000 } = this.#options
    const target = {
      path,
      query: { ...query, ...this.#watchQuery() },
      idleMs,
      onOpen: () => this.#heard(),
      onBytes: () => this.#heard(),
    }
    const openedMs = performance.now()
    try {
      for await (const event of watchEvents(this.#api, target, signal)) {
        if (signal.aborted) return
        this.#take(event)
      }
    } finally {
      if (performance.now() - openedMs > goodWatchMs) this.#failures = 0
    }
  }

  #watchQuery(): Query {
    const { least, most } = this.#options.watchSeconds ?? { least: 300, most: 600 }
    const timeoutSeconds = Math.round(least + Math.random() * (most - least))
    return { allowWatchBookmarks: true, timeoutSeconds, resourceVersion: this.#version }
  }

  #take(event: WatchEvent): void {
    this.#version = event.resourceVersion
    if (event.kind === 'bookmark') {
      this.#stats.bookmarks++
      return
    }
    this.#stats.events++
    if (event.kind === 'removed') return this.#store.remove(keyOf(event.object))
    const object = this.#project(event.object)
    if (object) this.#store.set(object)
    else this.#store.remove(keyOf(event.object))
  }

  /** What the projection cannot read stays as it was known, if it was. */
  #project(raw: KubernetesObject): T | undefined {
    const object = this.#isolated(() => this.#options.project(raw as R))
    const former = this.#store.objects.get(keyOf(raw))
    return object ?? (former?.uid === raw.metadata.uid ? former : undefined)
  }

  #failed(error: unknown): void {
    if (isGone(error)) this.#version = undefined
    else if (error instanceof UnreadableLineError) this.#passBy()
    if (!isGone(error)) this.#setContact(false)
    this.#report(error)
  }

  /** Once, the watch is resumed before the unreadable line; when that line comes again, a list leads around it. */
  #passBy(): void {
    if (this.#stuckAt === this.#version) this.#version = undefined
    this.#stuckAt = this.#version
  }

  #heard(): void {
    this.#lastContactMs = performance.now()
    this.#setContact(true)
  }

  #setContact(contact: boolean): void {
    if (this.#contact === contact) return
    this.#contact = contact
    this.#isolated(() => this.#options.onContact?.(contact))
  }

  #isolated<V>(call: () => V): V | undefined {
    try {
      return call()
    } catch (error) {
      this.#report(error)
      return undefined
    }
  }

  #report(error: unknown): void {
    this.#stats.problems++
    try {
      this.#options.onProblem?.(asError(error))
    } catch {
      // A reporter that fails has nobody left to tell.
    }
  }
}
