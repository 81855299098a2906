import type { Api, Query } from './api.ts'
import { asError, isGone } from './api-error.ts'
import { askedMs, delayAfter, pause, reconnectLimits } from './backoff.ts'
import { Contact } from './contact.ts'
import { Deferred } from './deferred.ts'
import { listAll } from './list.ts'
import { keyOf, knownOf } from './object.ts'
import type { Known, KubernetesObject } from './object.ts'
import { ReflectedStore } from './reflected-store.ts'
import type { ReflectorOptions, ReflectorStats } from './reflector-options.ts'
import { UnreadableLineError, watchEvents } from './watch-stream.ts'
import type { WatchEvent } from './watch-stream.ts'

export type { Change } from './reflected-store.ts'
export type { ReflectorOptions } from './reflector-options.ts'

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
  readonly #api: Api
  readonly #options: ReflectorOptions<T, R>
  readonly #store: ReflectedStore<T>
  readonly #stopping = new AbortController()
  /** The list or the watch under way. */
  #turn = new AbortController()
  #waking = new AbortController()
  readonly #synced = new Deferred()
  #fresh: Deferred | undefined
  readonly #stats = { lists: 0, watches: 0, events: 0, bookmarks: 0, problems: 0 }
  #running: Promise<void> | undefined
  /** Where to watch from; undefined when only a list will do. */
  #version: string | undefined
  #stuckAt: string | undefined
  #failures = 0
  readonly #contact: Contact

  constructor(api: Api, options: ReflectorOptions<T, R>) {
    this.#api = api
    this.#options = options
    this.#contact = new Contact((contact) => this.#isolated(() => options.onContact?.(contact)))
    this.#store = new ReflectedStore((change) => this.#isolated(() => options.onEvent?.(change)))
  }

  /** Fulfilled when the first whole list was handed to `onEvent`; rejected when stopped before that. */
  get synced(): Promise<void> {
    return this.#synced.promise
  }

  get store(): ReadonlyMap<string, T> {
    return this.#store.objects
  }

  get stats(): ReflectorStats {
    return { ...this.#stats }
  }

  /** Whether the last thing heard of the API server was good. */
  get contact(): boolean {
    return this.#contact.isHeard
  }

  /** When the API server was last heard, on the clock of performance.now(). */
  get lastContactMs(): number {
    return this.#contact.lastMs
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Tries again now if it waits after a failure: the server was just heard. What the server asked for is waited. */
  wake(): void {
    // Without a reason, one is made that has a stack, which holds on to a whole list for as long as the watch stands.
    this.#waking.abort('woken')
  }

  /** Reads all anew; fulfilled when whatever stood there when this was called is known here, rejected when stopped before. */
  refresh(): Promise<void> {
    this.#fresh ??= new Deferred()
    this.#version = undefined
    this.#turn.abort()
    this.wake()
    return this.#fresh.promise
  }

  /** Fulfilled when no request is open and no handler will be called any more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#turn.abort()
    this.wake()
    await this.#running
    const stopped = new Error(`${this.#options.path}: stopped before it was read`)
    this.#synced.reject(stopped)
    this.#fresh?.reject(stopped)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      this.#turn = new AbortController()
      const turn = this.#turn.signal
      const failure = await this.#listAndWatch(turn)
      if (!turn.aborted) await this.#rest(failure, signal)
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
    const target = { path, query, pageSize, onPage: () => this.#contact.heard() }
    const version = await listAll(this.#api, target, signal, (raw) => this.#takeListed(raw, listed))
    signal.throwIfAborted()
    this.#store.replace(listed)
    this.#version = version
    this.#synced.fulfil()
    this.#fresh?.fulfil()
    this.#fresh = undefined
  }

  /** What is known in that very version need not be looked at again. */
  #takeListed(raw: KubernetesObject, listed: Map<string, T>): void {
    const { uid, resourceVersion } = knownOf(raw)
    const former = this.#store.objects.get(keyOf(raw))
    const isSame = former?.uid === uid && former.resourceVersion === resourceVersion
    const object = isSame ? former : this.#project(raw)
    if (object) listed.set(object.key, object)
  }

  async #watch(signal: AbortSignal): Promise<void> {
    this.#stats.watches++
    const { path, query, idleMs = 90_000 } = this.#options
    const target = {
      path,
      query: { ...query, ...this.#watchQuery() },
      idleMs,
      onOpen: () => this.#contact.heard(),
      onBytes: () => this.#contact.heard(),
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
    if (!isGone(error)) this.#contact.lost()
    this.#report(error)
  }

  /** Once, the watch is resumed before the unreadable line; when that line comes again, a list leads around it. */
  #passBy(): void {
    if (this.#stuckAt === this.#version) this.#version = undefined
    this.#stuckAt = this.#version
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
