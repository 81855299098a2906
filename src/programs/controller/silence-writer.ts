import { ownGroup } from '../../core/api/group.ts'
import { notHeardStatus } from '../../core/election/not-heard.ts'
import { heardIn, silentIn } from '../../core/election/roll-call.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import { objectPath } from '../../platform/kubernetes/object.ts'
import { patchStatus } from '../../platform/kubernetes/status.ts'
import { WorkQueue } from '../../platform/kubernetes/work-queue.ts'
import type { Latest } from './latest.ts'
import { moment } from './moment.ts'
import type { Plan } from './plan.ts'
import { projectSpeaker } from './projections.ts'
import type { SpeakerRecord } from './projections.ts'

export interface SilenceWriterOptions {
  readonly api: Api
  readonly speakers: Latest<SpeakerRecord>
  readonly plan: Pick<Plan, 'rollCall'>
  /** Whether what is known of the cluster is up to date. */
  readonly contact: () => boolean
  readonly mayWrite: () => boolean
  readonly onWritten: (node: string) => void
  readonly onProblem: (error: Error, node: string) => void
}

/** How long everything must have been well with the API server: after an outage the speakers come first. */
const settleMs = 2_000

/**
 * Says in the place of a speaker that is dead that it is not heard any more. A speaker that lives writes its own status
 * again, and is then left alone until somebody hears it: the two never write against one another.
 */
export class SilenceWriter implements AsyncDisposable {
  readonly #options: SilenceWriterOptions
  readonly #queue: WorkQueue
  readonly #told = new Set<string>()
  #troubleMs = -Infinity

  constructor(options: SilenceWriterOptions) {
    this.#options = options
    this.#queue = new WorkQueue({
      work: (node) => this.#write(node),
      onProblem: (error, node) => {
        if (!hasStatus(error, 404) && !hasStatus(error, 409)) options.onProblem(error, node)
      },
    })
  }

  /** Looks who is silent now, and writes it when that is still so after a while. */
  review(): void {
    const { rollCall } = this.#options.plan
    for (const node of heardIn(rollCall)) this.#told.delete(node)
    for (const node of silentIn(rollCall).keys()) {
      if (!this.#told.has(node)) this.#queue.addAfter(node, settleMs)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close()
  }

  async #write(node: string): Promise<void> {
    const { api, speakers, plan, mayWrite, onWritten } = this.#options
    const since = silentIn(plan.rollCall).get(node)
    const speaker = speakers.get(node)
    if (since === undefined || !speaker?.facts.ready || this.#told.has(node) || !mayWrite()) return
    if (!this.#isSettled()) return this.#queue.addAfter(node, settleMs)
    const path = objectPath(ownGroup, 'speakers', node)
    const status = notHeardStatus(moment(performance.now() - since), moment())
    speakers.amend(projectSpeaker(await patchStatus(api, path, speaker.resourceVersion, status)))
    this.#told.add(node)
    onWritten(node)
  }

  #isSettled(): boolean {
    const now = performance.now()
    if (!this.#options.contact()) this.#troubleMs = now
    return now - this.#troubleMs > 2 * settleMs
  }
}
