import { ownGroup } from '../../core/api/group.ts'
import { poolStatusPatch } from '../../core/allocation/pool-status.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { hasStatus } from '../../platform/kubernetes/api-error.ts'
import { objectPath } from '../../platform/kubernetes/object.ts'
import { patchStatus } from '../../platform/kubernetes/status.ts'
import { WorkQueue } from '../../platform/kubernetes/work-queue.ts'
import type { Latest } from './latest.ts'
import { moment } from './moment.ts'
import type { Plan } from './plan.ts'
import { projectPool } from './projections.ts'
import type { PoolRecord } from './projections.ts'

export interface PoolWriterOptions {
  readonly api: Api
  readonly pools: Latest<PoolRecord>
  readonly plan: Pick<Plan, 'allocation'>
  readonly mayWrite: () => boolean
  readonly onWritten: (pool: string) => void
  readonly onProblem: (error: Error, pool: string) => void
}

/** Numbers that change with every Service are written no oftener than this. */
const apartMs = 200

/** Keeps the status of the pools true. */
export class PoolWriter implements AsyncDisposable {
  readonly #options: PoolWriterOptions
  readonly #queue: WorkQueue
  readonly #writtenMs = new Map<string, number>()

  constructor(options: PoolWriterOptions) {
    this.#options = options
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
      const waitMs = (this.#writtenMs.get(name) ?? -Infinity) + apartMs - performance.now()
      this.#queue.addAfter(name, Math.max(0, waitMs))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.close()
  }

  async #write(name: string): Promise<void> {
    const { api, pools, plan, mayWrite, onWritten } = this.#options
    const { pools: settled, ledger } = plan.allocation
    const pool = settled.find((each) => each.name === name)
    const record = pools.get(name)
    if (!pool || !record || !mayWrite()) return
    const status = poolStatusPatch(pool, ledger, record, moment())
    if (!status) return
    const path = objectPath(ownGroup, 'addresspools', name)
    this.#writtenMs.set(name, performance.now())
    pools.amend(projectPool(await patchStatus(api, path, record.resourceVersion, status)))
    onWritten(name)
  }
}
