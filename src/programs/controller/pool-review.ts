import type { Remark } from '../../core/allocation/remark.ts'
import type { Pool } from '../../core/pool/pool.ts'
import { reachRemarks } from '../../core/pool/reach.ts'
import { poolRemarks } from '../../core/pool/remarks.ts'
import type { Cluster } from './cluster.ts'

/** What is to be remarked on the pools, looked at anew when they or the nodes and their interfaces are others. */
export class PoolReview {
  readonly #cluster: Cluster
  #known = new WeakMap<Pool, readonly Remark[]>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  networkChanged(): void {
    this.#known = new WeakMap()
  }

  remarksOn(pool: Pool): readonly Remark[] {
    const known = this.#known.get(pool) ?? this.#look(pool)
    this.#known.set(pool, known)
    return known
  }

  #look(pool: Pool): readonly Remark[] {
    const { nodes, speakers } = this.#cluster
    const told = [...speakers.records.values()].map(({ facts }) => facts)
    const reachable = [...nodes.records.values()].map(({ key, facts: { name, labels } }) => {
      return { name, labels, interfaces: speakers.get(key)?.facts.interfaces }
    })
    return [...reachRemarks(pool, reachable), ...poolRemarks(pool, told)]
  }
}
