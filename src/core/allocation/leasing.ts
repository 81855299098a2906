import { parseMoment } from '../api/moment.ts'
import { parseAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { compareAge, settleOverlaps } from '../pool/overlap.ts'
import type { Pool } from '../pool/pool.ts'
import type { Labels } from '../pool/selector.ts'
import type { StoredPool } from '../pool/stored-pool.ts'
import { begin, dueAt, lapse, put, quarantine, remove, repool } from './allocation.ts'
import type { Allocation, Decided } from './allocation.ts'
import type { Claim } from './claim.ts'
import { claimOf } from './claim-of.ts'
import type { Decision } from './decision.ts'
import type { Quarantined, Remembered } from './memory.ts'
import { isAnswered, isOurs } from './service.ts'
import type { ServiceFacts } from './service.ts'

/** A Service as it is known: what the status says is what it holds. */
export interface LeasingService {
  readonly key: string
  readonly uid: string
  readonly facts: ServiceFacts
}

/** An AddressPool as it is known. */
export interface LeasingPool extends StoredPool {
  readonly resourceVersion: string
}

/** The cluster as far as it decides who has which address; the maps may change, and `Leasing` is told when they do. */
export interface LeasingView {
  readonly services: ReadonlyMap<string, LeasingService>
  readonly pools: ReadonlyMap<string, LeasingPool>
  readonly namespaces: ReadonlyMap<string, { readonly labels: Labels }>
  /** Addresses of Services that went while nobody was there to see it. */
  readonly gone?: Iterable<Remembered>
}

/** Who has which address: the allocation of a cluster, kept up to date with it. */
export class Leasing {
  readonly #view: LeasingView
  readonly #classLess: boolean
  readonly #arrivals = new Map<string, number>()
  readonly #allocation: Allocation
  #latest = 0

  /** Takes up what the cluster holds now; every Service that concerns us is decided. */
  constructor(view: LeasingView, { classLess }: { readonly classLess: boolean }, now: number) {
    this.#view = view
    this.#classLess = classLess
    const services = [...view.services.values()].filter((each) => this.#concerns(each))
    const claims = services.map((each) => this.claimOf(each))
    this.#allocation = begin(this.#pools(new Map()), claims, memoryIn(view), now, quarantineIn(view))
    this.#latest = 1
  }

  get allocation(): Allocation {
    return this.#allocation
  }

  /** When to call `lapse`, in milliseconds since the epoch; Infinity when there is no need. */
  get dueAt(): number {
    return dueAt(this.#allocation)
  }

  decisionOf(key: string): Decision {
    return this.#allocation.decisions.get(key) ?? { kind: 'release' }
  }

  service(record: LeasingService, now: number): Decided {
    if (!this.#concerns(record)) return this.serviceGone(record, now)
    return put(this.#allocation, this.claimOf(record), now)
  }

  serviceGone({ key, uid }: Pick<LeasingService, 'key' | 'uid'>, now: number): Decided {
    this.#arrivals.delete(uid)
    return this.#allocation.claims.has(key) ? remove(this.#allocation, key, now) : new Map()
  }

  poolsChanged(now: number): Decided {
    const wereReady = new Map(this.#allocation.pools.map((pool) => [pool.name, pool.state.ready]))
    return repool(this.#allocation, this.#pools(wereReady), now)
  }

  namespaceChanged(namespace: string, now: number): Decided {
    const decided = new Map<string, Decision>()
    for (const record of this.#view.services.values()) {
      if (record.facts.namespace !== namespace || !this.#concerns(record)) continue
      for (const [key, decision] of this.service(record, now)) decided.set(key, decision)
    }
    return decided
  }

  lapse(now: number): Decided {
    return lapse(this.#allocation, now)
  }

  /** Takes in what other devices answer for; from those that hold one of the `withdrawn` addresses it is taken away. */
  quarantine(entries: readonly Quarantined[], withdrawn: readonly Address[], now: number): Decided {
    return quarantine(this.#allocation, entries, now, withdrawn)
  }

  /** What the Service asks for; it arrives when this is first asked of it. */
  claimOf({ uid, facts }: LeasingService): Claim {
    const arrival = this.#arrivals.get(uid) ?? this.#latest
    if (!this.#arrivals.has(uid) && this.#latest > 0) this.#latest++
    this.#arrivals.set(uid, arrival)
    const namespaceLabels = this.#view.namespaces.get(facts.namespace)?.labels ?? {}
    return claimOf(facts, { namespaceLabels, arrival, classLess: this.#classLess })
  }

  /** Ours, or one that has to be told that it no longer is. */
  #concerns({ facts }: LeasingService): boolean {
    return isOurs(facts, this.#classLess) || isAnswered(facts)
  }

  #pools(wereReady: ReadonlyMap<string, boolean>): readonly Pool[] {
    const ageOf = (record: LeasingPool) => ({
      createdAt: record.createdAt,
      wasReady: wereReady.get(record.pool.name) ?? record.wasReady,
      version: Number(record.resourceVersion) || 0,
      name: record.pool.name,
      isLeaving: record.pool.isLeaving,
    })
    const records = [...this.#view.pools.values()]
    return settleOverlaps(records.toSorted((a, b) => compareAge(ageOf(a), ageOf(b))).map(({ pool }) => pool))
  }
}

function* memoryIn({ pools, gone = [] }: LeasingView): Iterable<Remembered> {
  for (const { status } of pools.values()) {
    for (const { address: text, service, freedAt } of status.remembered ?? []) {
      const address = parseAddress(text)
      if (address) yield { address, service, freedAt: parseMoment(freedAt) ?? 0 }
    }
  }
  yield* gone
}

function quarantineIn({ pools }: LeasingView): readonly Quarantined[] {
  const entries = [...pools.values()].flatMap(({ status }) => status.quarantine ?? [])
  return entries.flatMap(({ address: text, mac, seen }) => {
    const address = parseAddress(text)
    return address ? [{ address, mac, seen: parseMoment(seen) ?? 0 }] : []
  })
}
