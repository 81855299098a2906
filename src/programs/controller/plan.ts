import { isDeepStrictEqual } from 'node:util'
import type { Allocation, Decided } from '../../core/allocation/allocation.ts'
import { heldAfter } from '../../core/allocation/decision.ts'
import type { Decision } from '../../core/allocation/decision.ts'
import { answersAll } from '../../core/allocation/answers-all.ts'
import { Leasing } from '../../core/allocation/leasing.ts'
import { leftBehind } from '../../core/allocation/left-behind.ts'
import type { Remembered } from '../../core/allocation/memory.ts'
import type { Remark } from '../../core/allocation/remark.ts'
import { announcedVerdict } from '../../core/allocation/announced-verdict.ts'
import type { AddressOnLan, AnnouncedVerdict } from '../../core/allocation/announced-verdict.ts'
import type { SpeakerSpec } from '../../core/api/speaker-spec.ts'
import type { RollCall } from '../../core/election/roll-call.ts'
import type { SpeakerFacts } from '../../core/election/speaker-facts.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'
import type { Pool } from '../../core/pool/pool.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import type { Cluster } from './cluster.ts'
import type { Doubts } from './doubts.ts'
import { LanView } from './lan-view.ts'
import { Placing } from './placing.ts'
import { PoolReview } from './pool-review.ts'
import { Quarantining } from './quarantining.ts'
import type {
  NamespaceRecord,
  NodeRecord,
  PoolRecord,
  ServiceRecord,
  SliceRecord,
  SpeakerRecord,
} from './projections.ts'

export interface PlanOptions {
  /** Whether Services without a class are ours. */
  readonly classLess: boolean
  /** The wall clock, in milliseconds since the epoch: for how long an address is kept outlives this process. */
  readonly wallMs: () => number
}

/** What should be: who has which address and who announces it, kept up to date with the cluster. It writes nothing. */
export class Plan {
  readonly #leasing: Leasing
  readonly #lan: LanView
  readonly #placing: Placing
  readonly #review: PoolReview
  readonly #quarantining: Quarantining
  readonly #wallMs: () => number
  readonly #touched = new Set<string>()

  /** Takes up what the cluster holds: call `turn` before anything is asked of it. */
  constructor(cluster: Cluster, { classLess, wallMs }: PlanOptions) {
    const now = wallMs()
    const { services, pools, namespaces } = cluster
    const view = { services: services.records, pools: pools.records, namespaces: namespaces.records }
    this.#wallMs = wallMs
    this.#leasing = new Leasing({ ...view, gone: goneMeanwhile(cluster, now) }, { classLess }, now)
    this.#review = new PoolReview(cluster)
    this.#lan = new LanView(cluster)
    this.#placing = new Placing(cluster)
    const { quarantined } = this.allocation.ledger
    this.#quarantining = new Quarantining(cluster, quarantined.values(), performance.now())
    this.#notePools()
    this.#touch(this.allocation.decisions)
  }

  get allocation(): Allocation {
    return this.#leasing.allocation
  }

  /** In how many milliseconds to take a turn though nothing has happened. */
  waitMs(now: number): number {
    const dueAt = Math.min(this.#placing.dueAt, this.#quarantining.dueAt)
    return Math.min(dueAt - now, this.#leasing.dueAt - this.#wallMs())
  }

  /** Whose speakers are there. */
  get rollCall(): RollCall {
    return this.#placing.rollCall
  }

  service(change: Change<ServiceRecord>): void {
    const { key } = change.object
    const take = change.kind === 'removed' ? 'serviceGone' : 'service'
    this.#touch(this.#leasing[take](change.object, this.#wallMs()))
    this.#lan.heldChanged(key, this.#addressesOf(key))
  }

  pool(change: Change<PoolRecord>): void {
    if (change.kind === 'changed' && isSameSpec(change.object, change.before)) return
    this.#touch(this.#leasing.poolsChanged(this.#wallMs()))
    this.#notePools()
  }

  namespace(change: Change<NamespaceRecord>): void {
    if (change.kind === 'changed' && isDeepStrictEqual(change.object.labels, change.before.labels)) return
    this.#touch(this.#leasing.namespaceChanged(change.object.key, this.#wallMs()))
  }

  slice(change: Change<SliceRecord>): void {
    const { key, facts } = change.object
    const [before, after] = change.kind === 'removed' ? [facts, undefined] : [beforeOf(change), facts]
    this.#lan.sliceChanged(key, before, after)
    if (isDeepStrictEqual(before, after)) return
    for (const service of new Set([before?.service, after?.service])) {
      if (service === undefined) continue
      this.#lan.heldChanged(service, this.#addressesOf(service))
      this.#touched.add(service)
    }
  }

  node(change: Change<NodeRecord>): void {
    if (change.kind === 'changed' && isDeepStrictEqual(change.object.facts, change.before.facts)) return
    this.#lan.nodesChanged()
    this.#review.networkChanged()
  }

  speaker(change: Change<SpeakerRecord>): void {
    const { key, facts } = change.object
    const before = change.kind === 'changed' ? change.before.facts : undefined
    if (!isDeepStrictEqual(before?.spec, facts.spec)) this.#placing.speakerChanged(key)
    if (!before || !isSameNode(before, facts)) this.#lan.nodesChanged()
    if (!before || !isDeepStrictEqual(before.network, facts.network)) this.#review.networkChanged()
    this.#quarantining.speakerChanged(change)
  }

  /**
   * Ends what was kept long enough, places what has to be placed, and answers the Services whose status may be another
   * one now.
   */
  turn(now: number): readonly string[] {
    if (this.#leasing.dueAt <= this.#wallMs()) this.#touch(this.#leasing.lapse(this.#wallMs()))
    this.#quarantine(now)
    const changed = this.#placing.update(this.#lan.changes(this.allocation.ledger), now)
    for (const key of changed) {
      for (const service of this.#placing.leased(key)?.services ?? []) this.#touched.add(service)
    }
    const touched = [...this.#touched]
    this.#touched.clear()
    return touched
  }

  /** The nodes whose Speaker may have to be written, since this was asked last. */
  takeStale(): readonly string[] {
    return this.#placing.takeStale()
  }

  /** Undefined while a turn is due: the decision is not placed then, and the turn answers the Service. */
  decisionOf(service: string): Decision | undefined {
    return this.#touched.has(service) ? undefined : this.#leasing.decisionOf(service)
  }

  /** What speakers doubt of each other's addresses. */
  get doubts(): Doubts {
    return this.#placing.doubts
  }

  specFor(node: string): SpeakerSpec {
    return this.#placing.specFor(node)
  }

  /** What is legal about the pool and surely unmeant. */
  remarksOn(pool: Pool): readonly Remark[] {
    return [...this.#review.remarksOn(pool), ...answersAll(this.allocation.ledger, pool)]
  }

  /** What a rebalance would move of the pool, in words; undefined while it would move nothing. */
  unevennessOf({ name }: Pool): string | undefined {
    return this.#placing.rebalancer.unevennessOf(name)
  }

  /** The condition Announced for what the decision gives. */
  announcedOf(decision: Decision): AnnouncedVerdict | undefined {
    return announcedVerdict(heldAfter(decision).map((address) => this.#onLan(address)))
  }

  #notePools(): void {
    const { pools } = this.allocation
    this.#lan.poolsChanged(pools)
    this.#placing.rebalancer.poolsChanged(pools)
  }

  #quarantine(now: number): void {
    const news = this.#quarantining.look(now, (key) => {
      return this.#placing.announcedBy(key).map(({ node }) => node)
    })
    if (news) this.#touch(this.#leasing.quarantine(news.entries, news.withdrawn, this.#wallMs()))
  }

  #onLan(address: Address): AddressOnLan {
    const key = formatAddress(address)
    const leased = this.#placing.leased(key)
    return {
      address,
      announcedBy: this.#placing.announcedBy(key),
      placedOn: this.#placing.placedOn(key),
      obstacle: leased?.obstacle,
      heldBackBy: this.#placing.heldBackBy(key),
      isServed: leased?.isServed ?? false,
      wish: leased?.wish,
      unheard: this.#placing.doubts.of(key),
      isWishPresent: leased?.wish !== undefined && this.#placing.isPresent(leased.wish.node),
    }
  }

  #touch(decided: Decided): void {
    for (const [key, decision] of decided) {
      this.#touched.add(key)
      this.#lan.heldChanged(key, heldAfter(decision))
    }
  }

  #addressesOf(service: string): readonly Address[] {
    return heldAfter(this.#leasing.decisionOf(service))
  }
}

/** What Services had that were deleted while no controller led: it stands in the specs of Speakers still. */
function goneMeanwhile({ services, pools, speakers }: Cluster, now: number): readonly Remembered[] {
  const announced = [...speakers.records.values()].flatMap(({ facts }) => facts.spec.addresses)
  const remembered = [...pools.records.values()].flatMap(({ status }) => status.remembered ?? [])
  return leftBehind(announced, (service) => services.get(service) !== undefined, remembered, now)
}

/** Whether it says the same about what its node can do. */
function isSameNode(a: SpeakerFacts, b: SpeakerFacts): boolean {
  return a.proxyUnhealthy === b.proxyUnhealthy && isDeepStrictEqual(a.interfaces, b.interfaces)
}

function beforeOf(change: Change<SliceRecord>): SliceRecord['facts'] {
  return change.kind === 'changed' ? change.before.facts : undefined
}

/** What we wrote into a pool ourselves, its status and our finalizer, is no change of it. */
function isSameSpec(a: PoolRecord, b: PoolRecord): boolean {
  return a.generation !== 0 && a.generation === b.generation && a.pool.isLeaving === b.pool.isLeaving
}
