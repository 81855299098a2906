import type { Condition } from '../../core/api/condition.ts'
import { apiVersion, ownGroup } from '../../core/api/group.ts'
import { ready } from '../../core/api/names.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { ApiError } from '../../platform/kubernetes/api-error.ts'
import { knownOf, objectPath, type Known, type KubernetesObject } from '../../platform/kubernetes/object.ts'
import { patchStatus } from '../../platform/kubernetes/status.ts'
import { Soon } from './soon.ts'
import type { Readiness, statusOf } from './speaker-status.ts'

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
    const path = objectPath(ownGroup, 'speakers', this.#options.node)
    const answer = await patchStatus(this.#options.api, path, this.#versionOf(stored), {
      ...status,
      conditions,
    })
    this.writes++
    this.#version = { seen: stored.resourceVersion, written: knownOf(answer).resourceVersion }
    this.#written = { uid: stored.uid, text }
  }

  /** The watch may not have told us yet of what we wrote ourselves. */
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

  /** Conflicts are everyday life: the watch brings the newer version, or it is already there. */
  #fail(error: unknown): void {
    if (!(error instanceof ApiError && error.status === 409)) {
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
