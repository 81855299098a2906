import type { Condition } from '../../core/api/condition.ts'
import { apiVersion, ownGroup } from '../../core/api/group.ts'
import { ready } from '../../core/api/names.ts'
import type { Readiness } from '../../core/election/readiness.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import { knownOf, objectPath, type Known, type KubernetesObject } from '../../platform/kubernetes/object.ts'
import { patchStatus } from '../../platform/kubernetes/status.ts'
import { Soon } from './soon.ts'
import type { statusOf } from './speaker-status.ts'

type Status = ReturnType<typeof statusOf>

export interface StatusWriterOptions {
  readonly api: Api
  readonly node: string
  /** The Node's own object, which then owns ours: it goes when the Node goes. */
  readonly ownerUid: () => string | undefined
  /** Our object as it was last seen, if it is there. */
  readonly stored: () => Known | undefined
  readonly status: () => Status
  readonly onProblem: (error: Error) => void
}

/** At once when something changed after a quiet time, then no more than once in this time. */
const pace = { delayMs: 10, apartMs: 500 }
const retryMs = 1_000

/** Keeps our Speaker object there and its status true; writes only what differs from what it wrote last. */
export class StatusWriter implements Disposable {
  writes = 0
  readonly #options: StatusWriterOptions
  readonly #soon = new Soon(() => void this.flush(), pace)
  readonly #retry = new Soon(() => this.request(), { delayMs: retryMs, apartMs: 0 })
  #written: { readonly uid: string; readonly text: string } | undefined
  #version: { readonly seen: string; readonly written: string } | undefined
  #condition: Condition | undefined
  #writing = Promise.resolve()
  #enabled = false

  constructor(options: StatusWriterOptions) {
    this.#options = options
  }

  /** From now on (everything was read once) our object is known to be there or not. */
  enable(): void {
    this.#enabled = true
    this.request()
  }

  request(): void {
    if (this.#enabled) this.#soon.request()
  }

  /** Writes now, after whatever is on its way. Never throws: what went wrong is reported and tried again. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write()).catch((error: unknown) => this.#fail(error))
    return this.#writing
  }

  async #write(): Promise<void> {
    if (!this.#enabled) return
    const stored = this.#options.stored()
    if (!stored) return this.#create()
    const { condition, ...status } = this.#options.status()
    const text = JSON.stringify([status, condition])
    if (this.#written?.uid === stored.uid && this.#written.text === text) return
    const conditions = [this.#conditionOf(condition)]
    await this.#send(stored, { ...status, conditions })
    this.writes++
    this.#written = { uid: stored.uid, text }
  }

  /** The controller writes the same object: on a conflict the newest version is read, and written over at once. */
  async #send(stored: Known, status: object): Promise<void> {
    const { api, node } = this.#options
    const path = objectPath(ownGroup, 'speakers', node)
    for (let version = this.#versionOf(stored); ; version = this.#versionOf(stored)) {
      try {
        return this.#noteVersion(stored, await patchStatus(api, path, version, status))
      } catch (error) {
        if (!hasStatus(error, 409)) throw error
        this.#noteVersion(stored, await api.request('GET', path))
        // Nothing newer is known after all: not at once again.
        if (this.#versionOf(stored) === version) throw error
      }
    }
  }

  #noteVersion(stored: Known, answer: KubernetesObject): void {
    this.#version = { seen: stored.resourceVersion, written: knownOf(answer).resourceVersion }
  }

  /** The watch may not have told us yet of what we wrote or read ourselves. */
  #versionOf(stored: Known): string {
    return this.#version?.seen === stored.resourceVersion ? this.#version.written : stored.resourceVersion
  }

  async #create(): Promise<void> {
    const { api, node, ownerUid } = this.#options
    const uid = ownerUid()
    const owner = { apiVersion: 'v1', kind: 'Node', name: node, uid }
    const metadata = { name: node, ...(uid !== undefined && { ownerReferences: [owner] }) }
    const body = { apiVersion, kind: 'Speaker', metadata, spec: {} }
    await api.request<KubernetesObject>('POST', `${ownGroup}/speakers`, { body })
  }

  #conditionOf(readiness: Readiness): Condition {
    const same = this.#condition?.status === readiness.status
    const lastTransitionTime = same && this.#condition ? this.#condition.lastTransitionTime : now()
    this.#condition = { type: ready, ...readiness, lastTransitionTime }
    return this.#condition
  }

  /** That our object is there already when we create it is everyday life: the watch brings it. */
  #fail(error: unknown): void {
    if (!hasStatus(error, 409)) {
      this.#options.onProblem(error instanceof Error ? error : new Error(String(error)))
    }
    this.#retry.request()
  }

  [Symbol.dispose](): void {
    this.#enabled = false
    this.#soon[Symbol.dispose]()
    this.#retry[Symbol.dispose]()
  }
}

function now(): string {
  return new Date().toISOString()
}
