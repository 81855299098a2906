import { apiVersion, ownGroup } from '../../core/api/group.ts'
import { quarantineText } from '../../core/allocation/quarantine.ts'
import { newlyQuarantined, newPoolRemarks, poolStatusPatch } from '../../core/allocation/pool-status.ts'
import type { Remark } from '../../core/allocation/remark.ts'
import type { Pool } from '../../core/pool/pool.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import type { EventRecord } from '../../platform/kubernetes/events.ts'
import { objectPath } from '../../platform/kubernetes/object.ts'
import { patchStatus } from '../../platform/kubernetes/status.ts'
import { WorkQueue } from '../../platform/kubernetes/work-queue.ts'
import type { Latest } from './latest.ts'
import { moment } from './moment.ts'
import type { Plan } from './plan.ts'
import { PoolFinalizer } from './pool-finalizer.ts'
import { projectPool } from './projections.ts'
import type { PoolRecord } from './projections.ts'

export interface PoolWriterOptions {
  readonly api: Api
  readonly pools: Latest<PoolRecord>
  readonly plan: Pick<Plan, 'allocation' | 'remarksOn' | 'unevennessOf'>
  readonly mayWrite: () => boolean
  readonly record: (event: EventRecord) => void
  readonly onWritten: (pool: string) => void
  readonly onProblem: (error: Error, pool: string) => void
}

/** Numbers that change with every Service are looked at, and written, no oftener than this. */
const apartMs = 200

/**
 * Keeps the status of the pools true, and marks those in use. Both are written for one version of the pool after
 * another, so the two never stand in each other's way; where somebody else wrote meanwhile, the newer version is on its
 * way, and what is wanted is compared with that.
 */
export class PoolWriter implements AsyncDisposable {
  readonly #options: PoolWriterOptions
  readonly #queue: WorkQueue
  readonly #finalizer: PoolFinalizer
  readonly #lookedMs = new Map<string, number>()

  constructor(options: PoolWriterOptions) {
    this.#options = options
    this.#finalizer = new PoolFinalizer(options)
    this.#queue = new WorkQueue({
      work: (name) => this.#write(name),
      onProblem: (error, name) => {
        if (!hasStatus(error, 404) && !hasStatus(error, 409)) options.onProblem(error, name)
      },
    })
  }

  /** Writes those whose status is another one now; each after what it was given is served. */
  request(): void {
    for (const { name } of this.#options.plan.allocation.pools) {
      const waitMs = (this.#lookedMs.get(name) ?? -Infinity) + apartMs - performance.now()
      this.#queue.addAfter(name, Math.max(0, waitMs))
    }
  }

  /** Writes what still waits to be written first: the next controller knows by it whose address is kept for whom. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close()
    const names = this.#options.plan.allocation.pools.map(({ name }) => name)
    await Promise.allSettled(names.map((name) => this.#write(name)))
  }

  async #write(name: string): Promise<void> {
    const { plan, mayWrite } = this.#options
    const pool = plan.allocation.pools.find((each) => each.name === name)
    if (!pool || !mayWrite()) return
    this.#lookedMs.set(name, performance.now())
    const waitMs = await this.#mark(pool)
    if (waitMs < Infinity) this.#queue.addAfter(name, waitMs)
    await this.#writeStatus(pool)
  }

  /** Who may not write the mark, as under an older role, may still write the status. */
  async #mark(pool: Pool): Promise<number> {
    try {
      return await this.#finalizer.settle(pool)
    } catch (error) {
      if (hasStatus(error, 403)) await this.#writeStatus(pool)
      throw error
    }
  }

  async #writeStatus(pool: Pool): Promise<void> {
    const { api, pools, plan, onWritten } = this.#options
    const { name } = pool
    const record = pools.get(name)
    if (!record || isGoing(record)) return
    const remarks = plan.remarksOn(pool)
    const findings = { remarks, unevenness: plan.unevennessOf(pool), now: moment() }
    const status = poolStatusPatch(plan.allocation, pool, record, findings)
    if (!status) return
    const path = objectPath(ownGroup, 'addresspools', name)
    pools.amend(projectPool(await patchStatus(api, path, record.resourceVersion, status)))
    for (const remark of newPoolRemarks(remarks, record.status)) this.#remark(record, remark)
    const words = quarantineText(newlyQuarantined(status, record.status), name)
    if (words !== undefined) this.#remark(record, { reason: 'AddressConflict', message: words })
    onWritten(name)
  }

  #remark(
    { key, uid }: PoolRecord,
    { reason, message }: Remark | Record<'reason' | 'message', string>,
  ): void {
    const regarding = { apiVersion, kind: 'AddressPool', name: key, uid }
    this.#options.record({ regarding, type: 'Warning', reason, action: 'Review', note: message })
  }
}

/** Whether nothing keeps the pool any more. */
function isGoing({ pool, finalizers }: PoolRecord): boolean {
  return pool.isLeaving && finalizers.length === 0
}
