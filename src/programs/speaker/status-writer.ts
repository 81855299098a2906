import type { Condition } from '../../core/api/condition.ts'
import { apiVersion, ownGroup } from '../../core/api/group.ts'
import { ready } from '../../core/api/names.ts'
import type { PlacementFacts } from '../../core/election/speaker-facts.ts'
import type { Readiness } from '../../core/election/readiness.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { asError, hasStatus } from '../../platform/kubernetes/api-error.ts'
import { explain, isRefusal } from '../../platform/kubernetes/explain.ts'
import type { TroubleKind } from '../../platform/kubernetes/explain.ts'
import { delayAfter } from '../../platform/kubernetes/backoff.ts'
import { knownOf, objectPath, type Known, type KubernetesObject } from '../../platform/kubernetes/object.ts'
import { patchStatus } from '../../platform/kubernetes/status.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { Soon } from './soon.ts'
import type { statusOf } from './speaker-status.ts'

type Status = ReturnType<typeof statusOf>
type Stored = Known & Pick<PlacementFacts, 'isNotHeard'>

export interface StatusWriterOptions {
  readonly api: Api
  readonly node: string
  /** The Node's own object, which then owns ours: it goes when the Node goes. */
  readonly ownerUid: () => string | undefined
  /** Our object as it was last seen, if it is there. */
  readonly stored: () => Stored | undefined
  readonly status: () => Status
  readonly log: Pick<Log, 'debug' | 'info' | 'warn'>
}

/** At once when something changed after a quiet time, then no more than once in this time. */
const pace = { delayMs: 10, apartMs: 500 }
const retries = { baseMs: 1_000, capMs: 10_000 }

/** Keeps our Speaker object there and its status true; writes what differs from what it wrote last or was written over. */
export class StatusWriter implements Disposable {
  writes = 0
  readonly #options: StatusWriterOptions
  readonly #soon = new Soon(() => void this.flush(), pace)
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  /** The kind of the failure that was told last; undefined when all is well. */
  #trouble: TroubleKind | undefined
  #refusal: string | undefined
  #written: { readonly uid: string; readonly text: string; readonly over: string } | undefined
  #version: { readonly seen: string; readonly written: string } | undefined
  #condition: Condition | undefined
  #writing = Promise.resolve()
  #enabled = false

  constructor(options: StatusWriterOptions) {
    this.#options = options
  }

  /** Why our object cannot be written before somebody grants or installs something, in words; undefined when it can. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** From now on (everything was read once) our object is known to be there or not. */
  enable(): void {
    this.#enabled = true
    this.request()
  }

  request(): void {
    if (this.#enabled && this.#retry === undefined) this.#soon.request()
  }

  /** Ends the wait after a failure: the API server was heard. */
  retryNow(): void {
    if (this.#retry === undefined) return
    this.#forgetRetry()
    this.request()
  }

  /** Writes now, after whatever is on its way. Never throws: what went wrong is reported and tried again. */
  flush(): Promise<void> {
    this.#writing = this.#writing
      .then(() => this.#write())
      .then(() => this.#succeed())
      .catch((error: unknown) => this.#fail(error))
    return this.#writing
  }

  async #write(): Promise<void> {
    if (!this.#enabled) return
    const stored = this.#options.stored()
    if (!stored) return this.#create()
    const { condition, ...status } = this.#options.status()
    const text = JSON.stringify([status, condition])
    if (this.#stands(stored, text)) return
    const conditions = [this.#conditionOf(condition)]
    await this.#send(stored, { ...status, conditions })
    this.writes++
    this.#written = { uid: stored.uid, text, over: stored.resourceVersion }
  }

  /** Whether that is what we wrote, and nobody wrote over it since. */
  #stands({ uid, resourceVersion, isNotHeard }: Stored, text: string): boolean {
    const written = this.#written
    return written?.uid === uid && written.text === text && (!isNotHeard || written.over === resourceVersion)
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
    // It would outlive the Node that nobody has seen yet; the Node's coming asks for it again.
    if (uid === undefined) return
    const owner = { apiVersion: 'v1', kind: 'Node', name: node, uid }
    const metadata = { name: node, ownerReferences: [owner] }
    const body = { apiVersion, kind: 'Speaker', metadata, spec: {} }
    await api.request<KubernetesObject>('POST', `${ownGroup}/speakers`, { body })
  }

  #conditionOf(readiness: Readiness): Condition {
    const same = this.#condition?.status === readiness.status
    const lastTransitionTime = same && this.#condition ? this.#condition.lastTransitionTime : now()
    this.#condition = { type: ready, ...readiness, lastTransitionTime }
    return this.#condition
  }

  #succeed(): void {
    this.#failures = 0
    this.#forgetRetry()
    if (this.#trouble !== undefined)
      this.#options.log.info('the status of the Speaker object is up to date again')
    this.#trouble = undefined
    this.#refusal = undefined
  }

  /** That our object is there already when we create it is everyday life: the watch brings it. */
  #fail(error: unknown): void {
    if (!hasStatus(error, 409)) this.#noteTrouble(asError(error))
    if (!this.#enabled) return
    this.#forgetRetry()
    this.#retry = setTimeout(() => this.retryNow(), delayAfter(++this.#failures, error, retries))
  }

  /** The first failure in a row of each kind is told, and the end of them; those between are detail. */
  #noteTrouble(err: Error): void {
    const { log } = this.#options
    const { kind, words } = explain(err)
    const what = 'the status of the Speaker object could not be written; trying again'
    if (this.#trouble === kind) log.debug({ err }, what)
    else log.warn({ reason: words }, what)
    this.#trouble = kind
    this.#refusal = isRefusal(kind) ? words : undefined
  }

  #forgetRetry(): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
  }

  [Symbol.dispose](): void {
    this.#enabled = false
    this.#soon[Symbol.dispose]()
    this.#forgetRetry()
  }
}

function now(): string {
  return new Date().toISOString()
}
