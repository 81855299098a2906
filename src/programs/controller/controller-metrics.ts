import type { Counter, Gauge } from 'prom-client'
import { waitingFor } from '../../core/allocation/allocation.ts'
import type { Allocation } from '../../core/allocation/allocation.ts'
import { poolUsage } from '../../core/allocation/pool-usage.ts'
import type { Pool } from '../../core/pool/pool.ts'
import { Metrics } from '../../platform/telemetry/metrics.ts'

/** What the controller writes. */
export type Written = 'service' | 'speaker' | 'pool'

const states = ['total', 'allocated', 'retained', 'quarantined', 'available'] as const

/** The controller's metrics; the reasons are those of conditions and Events. */
export class ControllerMetrics {
  readonly source: Metrics
  readonly #leading: Gauge
  readonly #services: Gauge<'reason'>
  readonly #addresses: Gauge<'pool' | 'family' | 'state'>
  readonly #waiting: Gauge<'pool'>
  readonly #unanswered: Gauge
  readonly #detours: Counter
  readonly #writes: Counter<'kind'>
  readonly #failures: Counter<'kind'>
  #allocation: Allocation | undefined

  constructor() {
    const metrics = new Metrics()
    this.source = metrics
    this.#leading = metrics.gauge('controller_leading', 'Whether this controller holds the Lease and writes.')
    this.#services = metrics.gauge(
      'services',
      'Services of ours by what was decided: Assigned, or why not.',
      ['reason'],
    )
    const addresses = `Addresses of a pool by state: ${states.join(', ')}.`
    this.#addresses = metrics.gauge('pool_addresses', addresses, ['pool', 'family', 'state'])
    const waiting = 'Services that have no address, or not the one they ask for, and wait for the pool.'
    this.#waiting = metrics.gauge('pool_waiting_services', waiting, ['pool'])
    this.#unanswered = metrics.gauge(
      'unanswered_addresses',
      'Addresses for which the node that announces them does not answer, as other nodes find.',
    )
    this.#detours = metrics.counter(
      'detours_total',
      'Addresses that were to be given to another node because the one that announced them did not answer.',
    )
    this.#writes = metrics.counter('writes_total', 'Objects written, by kind.', ['kind'])
    this.#failures = metrics.counter(
      'write_errors_total',
      'Writes that failed and are tried again, by kind.',
      ['kind'],
    )
  }

  get contentType(): string {
    return this.source.registry.contentType
  }

  /** Counted when asked for, not at each decision. */
  metrics(): Promise<string> {
    if (this.#allocation) this.#count(this.#allocation)
    return this.source.registry.metrics()
  }

  /** One that leads no more tells nothing of what it knew: its successor does, and sums would count it twice. */
  leading(isLeading: boolean): void {
    this.#leading.set(Number(isLeading))
    if (isLeading) return
    this.#allocation = undefined
    this.#services.reset()
    this.#addresses.reset()
    this.#waiting.reset()
    this.#unanswered.set(0)
  }

  observe(allocation: Allocation): void {
    this.#allocation = allocation
  }

  /** So many addresses are not answered for, and so many are to go elsewhere from now on. */
  doubted(unanswered: number, detours: number): void {
    this.#unanswered.set(unanswered)
    this.#detours.inc(detours)
  }

  wrote(kind: Written): void {
    this.#writes.inc({ kind })
  }

  writeFailed(kind: Written): void {
    this.#failures.inc({ kind })
  }

  #count(allocation: Allocation): void {
    this.#services.reset()
    for (const decision of allocation.decisions.values()) {
      if (decision.kind === 'release') continue
      this.#services.inc({ reason: decision.kind === 'refuse' ? decision.reason : 'Assigned' })
    }
    this.#addresses.reset()
    this.#waiting.reset()
    for (const pool of allocation.pools) this.#countPool(allocation, pool)
  }

  #countPool(allocation: Allocation, pool: Pool): void {
    this.#waiting.set({ pool: pool.name }, waitingFor(allocation, pool.name))
    for (const family of ['IPv4', 'IPv6'] as const) {
      const usage = poolUsage(allocation.ledger, pool, family)
      for (const state of states) this.#addresses.set({ pool: pool.name, family, state }, usage[state])
    }
  }
}
