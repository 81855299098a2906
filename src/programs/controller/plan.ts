import { isDeepStrictEqual } from 'node:util'
import type { Allocation, Decided } from '../../core/allocation/allocation.ts'
import { heldAfter } from '../../core/allocation/decision.ts'
import type { Decision } from '../../core/allocation/decision.ts'
import { announcedVerdict } from '../../core/allocation/standing.ts'
import type { AddressOnLan, AnnouncedVerdict } from '../../core/allocation/standing.ts'
import type { SpeakerSpec } from '../../core/api/speaker.ts'
import type { RollCall } from '../../core/election/roll-call.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import type { Cluster } from './cluster.ts'
import { LanView } from './lan-view.ts'
import { Leasing } from './leasing.ts'
import { Placing } from './placing.ts'
import type {
  NamespaceRecord,
  NodeRecord,
  PoolRecord,
  ServiceRecord,
  SliceRecord,
  SpeakerRecord,
} from './projections.ts'

/** What should be: who has which address and who announces it, kept up to date with the cluster. It writes nothing. */
export class Plan {
  readonly #leasing: Leasing
  readonly #lan: LanView
  readonly #placing: Placing
  readonly #touched = new Set<string>()
  #isAllTouched = false

  /** Takes up what the cluster holds: call `turn` before anything is asked of it. */
  constructor(cluster: Cluster, classLess: boolean) {
    this.#leasing = new Leasing(cluster, classLess)
    this.#lan = new LanView(cluster)
    this.#placing = new Placing(cluster)
    this.#lan.poolsChanged(this.allocation.pools)
    this.#touch(this.allocation.decisions)
  }

  get allocation(): Allocation {
    return this.#leasing.allocation
  }

  /** When to take a turn though nothing has happened. */
  get dueAt(): number {
    return this.#placing.dueAt
  }

  /** Whose speakers are there. */
  get rollCall(): RollCall {
    return this.#placing.rollCall
  }

  service(change: Change<ServiceRecord>): void {
    const { key } = change.object
    const isGone = change.kind === 'removed'
    this.#touch(isGone ? this.#leasing.serviceGone(change.object) : this.#leasing.service(change.object))
    this.#lan.heldChanged(this.#addressesOf(key))
  }

  pool(change: Change<PoolRecord>): void {
    if (change.kind === 'changed' && isSameSpec(change.object, change.before)) return
    this.#touch(this.#leasing.poolsChanged())
    this.#lan.poolsChanged(this.allocation.pools)
  }

  namespace(change: Change<NamespaceRecord>): void {
    if (change.kind === 'changed' && isDeepStrictEqual(change.object.labels, change.before.labels)) return
    this.#touch(this.#leasing.namespaceChanged(change.object.key))
  }

  slice(change: Change<SliceRecord>): void {
    const { key, facts } = change.object
    const [before, after] = change.kind === 'removed' ? [facts, undefined] : [beforeOf(change), facts]
    this.#lan.sliceChanged(key, before, after)
    if (isDeepStrictEqual(before, after)) return
    for (const service of new Set([before?.service, after?.service])) {
      if (service === undefined) continue
      this.#lan.heldChanged(this.#addressesOf(service))
      this.#touched.add(service)
    }
  }

  node(change: Change<NodeRecord>): void {
    if (change.kind === 'changed' && isDeepStrictEqual(change.object.facts, change.before.facts)) return
    this.#nodesChanged()
  }

  speaker(change: Change<SpeakerRecord>): void {
    const { key, facts } = change.object
    const before = change.kind === 'changed' ? change.before.facts : undefined
    if (!isDeepStrictEqual(before?.spec, facts.spec)) this.#placing.speakerChanged(key)
    if (!before || !isDeepStrictEqual(before.interfaces, facts.interfaces)) this.#nodesChanged()
  }

  /** Places what has to be placed, and answers the Services whose status may be another one now. */
  turn(now: number): readonly string[] {
    const leased = this.#lan.addresses(this.allocation.ledger)
    const changed = this.#placing.update(leased, now)
    for (const { key, services } of leased) {
      if (!this.#isAllTouched && !changed.has(key)) continue
      for (const service of services) this.#touched.add(service)
    }
    const touched = [...this.#touched]
    this.#touched.clear()
    this.#isAllTouched = false
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

  specFor(node: string): SpeakerSpec {
    return this.#placing.specFor(node)
  }

  /** The condition Announced for what the decision gives. */
  announcedOf(decision: Decision): AnnouncedVerdict | undefined {
    return announcedVerdict(heldAfter(decision).map((address) => this.#onLan(address)))
  }

  #onLan(address: Address): AddressOnLan {
    const key = formatAddress(address)
    const leased = this.#placing.leased(key)
    return {
      address,
      announcedBy: this.#placing.announcedBy(key),
      placedOn: this.#placing.placedOn(key),
      hasCandidate: leased?.hasCandidate ?? false,
      isServed: leased?.isServed ?? false,
    }
  }

  #nodesChanged(): void {
    this.#lan.nodesChanged()
    this.#isAllTouched = true
  }

  #touch(decided: Decided): void {
    for (const key of decided.keys()) this.#touched.add(key)
  }

  #addressesOf(service: string): readonly Address[] {
    return heldAfter(this.#leasing.decisionOf(service))
  }
}

function beforeOf(change: Change<SliceRecord>): SliceRecord['facts'] {
  return change.kind === 'changed' ? change.before.facts : undefined
}

/** What we wrote into the status of a pool ourselves is no change of it. */
function isSameSpec(a: PoolRecord, b: PoolRecord): boolean {
  return a.generation !== 0 && a.generation === b.generation
}
