import { begin, put, remove, repool } from '../../core/allocation/allocation.ts'
import type { Allocation, Decided } from '../../core/allocation/allocation.ts'
import type { Claim } from '../../core/allocation/claim.ts'
import { claimOf } from '../../core/allocation/claim-of.ts'
import type { Decision } from '../../core/allocation/decision.ts'
import { isAnswered, isOurs } from '../../core/allocation/service.ts'
import { compareAge, settleOverlaps } from '../../core/pool/overlap.ts'
import type { Pool } from '../../core/pool/pool.ts'
import type { Cluster } from './cluster.ts'
import type { PoolRecord, ServiceRecord } from './projections.ts'

/** Who has which address: core's allocation, kept up to date with the cluster. */
export class Leasing {
  readonly #cluster: Cluster
  readonly #classLess: boolean
  readonly #arrivals = new Map<string, number>()
  readonly #allocation: Allocation
  #latest = 0

  /** Takes up what the cluster holds now; every Service that concerns us is decided. */
  constructor(cluster: Cluster, classLess: boolean) {
    this.#cluster = cluster
    this.#classLess = classLess
    const services = [...cluster.services.records.values()].filter((each) => this.#concerns(each))
    const claims = services.map((each) => this.#claimOf(each))
    this.#allocation = begin(this.#pools(new Map()), claims)
    this.#latest = 1
  }

  get allocation(): Allocation {
    return this.#allocation
  }

  decisionOf(key: string): Decision {
    return this.#allocation.decisions.get(key) ?? { kind: 'release' }
  }

  service(record: ServiceRecord): Decided {
    if (!this.#concerns(record)) return this.serviceGone(record)
    return put(this.#allocation, this.#claimOf(record))
  }

  serviceGone({ key, uid }: ServiceRecord): Decided {
    this.#arrivals.delete(uid)
    return this.#allocation.claims.has(key) ? remove(this.#allocation, key) : new Map()
  }

  poolsChanged(): Decided {
    const wereReady = new Map(this.#allocation.pools.map((pool) => [pool.name, pool.state.ready]))
    return repool(this.#allocation, this.#pools(wereReady))
  }

  namespaceChanged(namespace: string): Decided {
    const decided = new Map<string, Decision>()
    for (const record of this.#cluster.services.records.values()) {
      if (record.facts.namespace !== namespace || !this.#concerns(record)) continue
      for (const [key, decision] of this.service(record)) decided.set(key, decision)
    }
    return decided
  }

  /** Ours, or one that has to be told that it no longer is. */
  #concerns({ facts }: ServiceRecord): boolean {
    return isOurs(facts, this.#classLess) || isAnswered(facts)
  }

  #claimOf({ uid, facts }: ServiceRecord): Claim {
    const arrival = this.#arrivals.get(uid) ?? this.#latest
    if (!this.#arrivals.has(uid) && this.#latest > 0) this.#latest++
    this.#arrivals.set(uid, arrival)
    const namespaceLabels = this.#cluster.namespaces.get(facts.namespace)?.labels ?? {}
    return claimOf(facts, { namespaceLabels, arrival, classLess: this.#classLess })
  }

  #pools(wereReady: ReadonlyMap<string, boolean>): readonly Pool[] {
    const ageOf = (record: PoolRecord) => ({
      createdAt: record.createdAt,
      wasReady: wereReady.get(record.pool.name) ?? record.wasReady,
      version: Number(record.resourceVersion) || 0,
      name: record.pool.name,
    })
    const records = [...this.#cluster.pools.records.values()]
    return settleOverlaps(records.toSorted((a, b) => compareAge(ageOf(a), ageOf(b))).map(({ pool }) => pool))
  }
}
