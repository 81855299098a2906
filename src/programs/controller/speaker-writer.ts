import { setImmediate as nextTurn } from 'node:timers/promises'
import { ownGroup } from '../../core/api/group.ts'
import type { SpeakerSpec } from '../../core/api/speaker-spec.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import { objectPath } from '../../platform/kubernetes/object.ts'
import { WorkQueue } from '../../platform/kubernetes/work-queue.ts'
import type { Latest } from './latest.ts'
import type { Plan } from './plan.ts'
import { projectSpeaker } from './projections.ts'
import type { SpeakerRecord } from './projections.ts'

export interface SpeakerWriterOptions {
  readonly api: Api
  readonly speakers: Latest<SpeakerRecord>
  readonly plan: Pick<Plan, 'specFor'>
  readonly mayWrite: () => boolean
  /** With a Speaker as it is, where it is not as it was known. */
  readonly onRead: (speaker: SpeakerRecord) => void
  readonly onWritten: () => void
  readonly onProblem: (error: Error, node: string) => void
}

/**
 * A write carries the whole share of a node, about 100 bytes for each address; so the more there are, the longer it
 * waits for the next one, and never sends more than a megabyte a second for one node. Half a second is the most: other
 * speakers give the one that is placed a second to hear of a new address.
 */
const apart = { msForEachAddress: 0.1, mostMs: 500 }

/**
 * Keeps the specs of the Speakers as the placement has them: one write for each object that changed, and for all that
 * changes while the last one was just written. The revision of a whole spec only notes when it was written and is no
 * reason to write it.
 */
export class SpeakerWriter implements AsyncDisposable {
  readonly #options: SpeakerWriterOptions
  readonly #queue: WorkQueue
  /** When each may be written again. */
  readonly #nextMs = new Map<string, number>()

  constructor(options: SpeakerWriterOptions) {
    this.#options = options
    this.#queue = new WorkQueue({
      work: (node) => this.#write(node),
      onProblem: (error, node) => options.onProblem(error, node),
    })
  }

  /** Writes the node's, if its spec is another one now. */
  request(node: string): void {
    this.#queue.add(node)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close()
  }

  async #write(node: string): Promise<void> {
    await nextTurn() // What else was decided in this turn is small, and goes first.
    const waitMs = (this.#nextMs.get(node) ?? 0) - performance.now()
    if (waitMs > 0) return this.#queue.addAfter(node, waitMs)
    for (let spec = this.#wanted(node); spec && this.#options.mayWrite(); spec = this.#wanted(node)) {
      if (await this.#send(node, spec)) return this.#written(node, spec)
    }
  }

  #written(node: string, { addresses }: SpeakerSpec): void {
    const waitMs = Math.min(apart.mostMs, addresses.length * apart.msForEachAddress)
    this.#nextMs.set(node, performance.now() + waitMs)
    this.#options.onWritten()
  }

  #wanted(node: string): SpeakerSpec | undefined {
    const known = this.#options.speakers.get(node)?.facts.spec
    const spec = this.#options.plan.specFor(node)
    return known && !isSame(known.addresses, spec.addresses) ? spec : undefined
  }

  /** Its speaker writes the same object: on a conflict the newest version is read, and compared again. */
  async #send(node: string, spec: SpeakerSpec): Promise<boolean> {
    const { api, speakers, onRead } = this.#options
    const path = objectPath(ownGroup, 'speakers', node)
    const resourceVersion = speakers.get(node)?.resourceVersion
    try {
      const body = { metadata: { resourceVersion }, spec }
      speakers.amend(projectSpeaker(await api.request('PATCH', path, { body })))
      return true
    } catch (error) {
      if (!hasStatus(error, 409)) throw error
      onRead(projectSpeaker(await api.request('GET', path)))
      // Nothing newer is known after all: not at once again.
      if (speakers.get(node)?.resourceVersion === resourceVersion) throw error
      return false
    }
  }
}

type Placed = SpeakerSpec['addresses']

function isSame(a: Placed, b: Placed): boolean {
  return a.length === b.length && a.every((each, index) => isSameEntry(each, b[index]))
}

function isSameEntry(a: Placed[number], b: Placed[number] | undefined): boolean {
  if (a.address !== b?.address || a.revision !== b.revision || a.pool !== b.pool) return false
  if (a.preferredNode !== b.preferredNode) return false
  return (
    a.services.length === b.services.length && a.services.every((each, index) => each === b.services[index])
  )
}
