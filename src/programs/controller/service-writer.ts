import type { Compatibility } from '../../core/allocation/compatibility.ts'
import type { Decision } from '../../core/allocation/decision.ts'
import { newRemarks, saysBeforeRemarks } from '../../core/allocation/remark.ts'
import { tellsOfOthers } from '../../core/allocation/announced-verdict.ts'
import { allocatedVerdict, released, statusPatch } from '../../core/allocation/standing.ts'
import type { AnnouncedVerdict } from '../../core/allocation/announced-verdict.ts'
import type { Verdict } from '../../core/allocation/service.ts'
import { conditionTypes } from '../../core/api/names.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import type { EventRecord } from '../../platform/kubernetes/events.ts'
import { namespaceOf, objectPath } from '../../platform/kubernetes/object.ts'
import { patchStatus } from '../../platform/kubernetes/status.ts'
import { WorkQueue } from '../../platform/kubernetes/work-queue.ts'
import type { Latest } from './latest.ts'
import { moment } from './moment.ts'
import type { Plan } from './plan.ts'
import { projectService } from './projections.ts'
import type { ServiceRecord } from './projections.ts'

export interface ServiceWriterOptions {
  readonly api: Api
  readonly services: Latest<ServiceRecord>
  readonly plan: Pick<Plan, 'decisionOf' | 'announcedOf'>
  readonly mayWrite: () => boolean
  readonly compatibility: Compatibility | undefined
  readonly record: (event: EventRecord) => void
  /** With the verdict when the decision is another one than before. */
  readonly onWritten: (service: string, verdict: Outcome | undefined) => void
  readonly onProblem: (error: Error, service: string) => void
}

type Outcome = Pick<Verdict, 'reason' | 'message'>

/** Keeps the status of the Services as decided, and tells people when a decision is another one than before. */
export class ServiceWriter implements AsyncDisposable {
  readonly #options: ServiceWriterOptions
  readonly #queue: WorkQueue

  constructor(options: ServiceWriterOptions) {
    this.#options = options
    this.#queue = new WorkQueue({
      work: (key) => this.#write(key),
      groupOf: namespaceOf,
      onProblem: (error, key) => this.#failed(error, key),
    })
  }

  /** Whether more wait than can be written at once. */
  get isBusy(): boolean {
    return this.#queue.size > 0
  }

  request(key: string): void {
    this.#queue.add(key)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close()
  }

  async #write(key: string): Promise<void> {
    const { api, services, plan, mayWrite, onWritten, compatibility } = this.#options
    const service = services.get(key)
    const decision = plan.decisionOf(key)
    if (!decision) return
    const now = moment()
    const announced = plan.announcedOf(decision)
    const patch = service && statusPatch(service.facts, decision, announced, now)
    if (!service || !patch || !mayWrite()) return
    const path = objectPath('/api/v1', 'services', key)
    const answer = await patchStatus(api, path, service.resourceVersion, patch)
    services.amend(projectService(answer, compatibility))
    const verdict = changedVerdict(service, decision)
    if (verdict) this.#tell(service, decision, verdict)
    if (decision.kind !== 'release') this.#remark(service)
    if (announced && tellsOfOthers(announced, service.facts.conditions)) this.#warn(service, announced)
    onWritten(key, verdict)
  }

  #tell(service: ServiceRecord, decision: Decision, { reason, message }: Outcome): void {
    const type = decision.kind === 'refuse' ? 'Warning' : 'Normal'
    this.#options.record({
      regarding: referenceTo(service),
      type,
      reason,
      action: 'Allocate',
      note: message,
    })
  }

  /** One Event for each remark that the Service's condition did not say before. */
  #remark(service: ServiceRecord): void {
    const { remarks } = service.facts
    for (const { reason, message } of newRemarks(remarks, allocatedBefore(service)?.message ?? ''))
      this.#options.record({
        regarding: referenceTo(service),
        type: 'Warning',
        reason,
        action: 'Allocate',
        note: message,
      })
  }

  #warn(service: ServiceRecord, { message, concern: reason }: AnnouncedVerdict): void {
    const regarding = referenceTo(service)
    this.#options.record({ regarding, type: 'Warning', reason, action: 'Announce', note: message })
  }

  /** A Service that is gone needs nothing; a conflict is settled by the newer version that is on its way. */
  #failed(error: Error, key: string): void {
    if (hasStatus(error, 404) || hasStatus(error, 409)) return
    this.#options.onProblem(error, key)
  }
}

function referenceTo({ key, uid, facts: { namespace } }: ServiceRecord): EventRecord['regarding'] {
  return { apiVersion: 'v1', kind: 'Service', name: key.slice(namespace.length + 1), namespace, uid }
}

/** What was decided, if the Service's status did not say so before, whatever there was to remark on. */
function changedVerdict(service: ServiceRecord, decision: Decision): Outcome | undefined {
  const verdict = allocatedVerdict(decision, [], service.facts.conditions) ?? released
  const before = allocatedBefore(service)
  const isSaid = before?.reason === verdict.reason && saysBeforeRemarks(before.message, verdict.message)
  return isSaid ? undefined : verdict
}

function allocatedBefore({ facts }: ServiceRecord): Outcome | undefined {
  return facts.conditions.find(({ type }) => type === conditionTypes.allocated)
}
