import { ownGroup } from '../../core/api/group.ts'
import { finalizersFor } from '../../core/allocation/in-use.ts'
import type { Pool } from '../../core/pool/pool.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { objectPath } from '../../platform/kubernetes/object.ts'
import type { Latest } from './latest.ts'
import type { Plan } from './plan.ts'
import { projectPool } from './projections.ts'
import type { PoolRecord } from './projections.ts'

export interface PoolFinalizerOptions {
  readonly api: Api
  readonly pools: Latest<PoolRecord>
  readonly plan: Pick<Plan, 'allocation'>
  readonly onWritten: (pool: string) => void
}

/** A pool that has been out of use for so long loses its mark; its only Service may just be replaced by another. */
const lingerMs = 1_000

/** Marks the pools that Services hold addresses of, so that the API keeps one that is deleted until none does. */
export class PoolFinalizer {
  readonly #options: PoolFinalizerOptions
  readonly #unusedMs = new Map<string, number>()

  constructor(options: PoolFinalizerOptions) {
    this.#options = options
  }

  /** Writes the mark of the pool or takes it off, when that is due; answers in how many milliseconds to look again. */
  async settle(pool: Pool): Promise<number> {
    const { pools, plan } = this.#options
    const record = pools.get(pool.name)
    const finalizers = record && finalizersFor(pool, plan.allocation.ledger, record.finalizers)
    if (!record || !finalizers || finalizers.length > record.finalizers.length) {
      this.#unusedMs.delete(pool.name)
    } else {
      const waitMs = this.#lingers(pool)
      if (waitMs > 0) return waitMs
    }
    if (record && finalizers) await this.#write(record, finalizers)
    return Infinity
  }

  /** A pool that is being deleted waits for nothing but this. */
  #lingers({ name, isLeaving }: Pool): number {
    if (isLeaving) return 0
    const now = performance.now()
    const since = this.#unusedMs.get(name) ?? now
    this.#unusedMs.set(name, since)
    return since + lingerMs - now
  }

  async #write({ key, resourceVersion }: PoolRecord, finalizers: readonly string[]): Promise<void> {
    const { api, pools, onWritten } = this.#options
    const body = { metadata: { resourceVersion, finalizers } }
    const path = objectPath(ownGroup, 'addresspools', key)
    pools.amend(projectPool(await api.request('PATCH', path, { body })))
    onWritten(key)
  }
}
