import { heldAfter } from '../../core/allocation/decision.ts'
import type { Decision } from '../../core/allocation/decision.ts'
import type { Decided } from '../../core/allocation/allocation.ts'
import { announcedVerdict } from '../../core/allocation/standing.ts'
import type { Verdict } from '../../core/allocation/standing.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import type { EventRecorder } from '../../platform/kubernetes/events.ts'
import type { Change } from '../../platform/kubernetes/reflector.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { Cluster } from './cluster.ts'
import type { ControllerMetrics } from './controller-metrics.ts'
import { LanView } from './lan-view.ts'
import { Leasing } from './leasing.ts'
import { Placing } from './placing.ts'
import { PoolWriter } from './pool-writer.ts'
import type { NodeRecord, PoolRecord, ServiceRecord, SliceRecord, SpeakerRecord } from './projections.ts'
import { ServiceWriter } from './service-writer.ts'
import { SpeakerWriter } from './speaker-writer.ts'

export interface SessionOptions {
  readonly api: Api
  readonly events: EventRecorder
  readonly log: Log
  readonly metrics: ControllerMetrics
  readonly classLess: boolean
  /** Whether the Lease is held: nothing is written while it is not. */
  readonly mayWrite: () => boolean
}

/** Everything that is known and decided, from the moment that the cluster was read once. */
interface State {
  readonly leasing: Leasing
  readonly lan: LanView
  readonly placing: Placing
}

/**
 * The controller for as long as it holds the Lease. It reads the cluster after it has the Lease, so that it knows all
 * that the holder before it wrote; adopts what is there; and from then on answers each change: decide, place, write the
 * placement, then the status that makes an address public. What comes in one turn of the loop is one batch.
 */
export class Session implements AsyncDisposable {
  readonly #options: SessionOptions
  readonly #cluster: Cluster
  readonly #services: ServiceWriter
  readonly #speakers: SpeakerWriter
  readonly #pools: PoolWriter
  readonly #touched = new Set<string>()
  #state: State | undefined
  #turn: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(options: SessionOptions) {
    const { api, mayWrite, metrics, log, events } = options
    this.#options = options
    this.#cluster = new Cluster(api, this.#listener())
    const { services, speakers, pools } = this.#cluster
    const onProblem = (what: 'service' | 'node' | 'pool') => (err: Error, name: string) => {
      metrics.writeFailed(what)
      log.warn({ err, [what]: name }, `the ${what} was not written; it is tried again`)
    }
    this.#services = new ServiceWriter({
      api,
      services,
      mayWrite,
      decisionOf: (key) => this.#state?.leasing.decisionOf(key) ?? { kind: 'release' },
      announcedOf: (decision) => this.#announcedOf(decision),
      isPlaced: (decision) => this.#isPlaced(decision),
      record: (event) => events.record(event),
      onWritten: (service, decision) => this.#wrote(service, decision),
      onProblem: onProblem('service'),
    })
    this.#speakers = new SpeakerWriter({
      api,
      speakers,
      mayWrite,
      specFor: (node) => this.#state?.placing.specFor(node) ?? { revision: 0, addresses: [] },
      onWritten: () => this.#services.placementWritten(),
      onProblem: onProblem('node'),
    })
    const current = () => this.#known().leasing.allocation
    this.#pools = new PoolWriter({ api, pools, mayWrite, current, onWritten: () => undefined, onProblem: onProblem('pool') })
  }

  /** Why it does not serve yet, or not now. */
  get obstacles(): readonly string[] {
    if (!this.#state) return ['the cluster has not been read yet']
    return this.#cluster.contact ? [] : ['the API server is away']
  }

  start(): void {
    this.#cluster.start()
    void this.#cluster.synced.then(() => this.#begin()).catch(() => undefined)
  }

  /** Ends when the writes under way have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearImmediate(this.#turn)
    clearTimeout(this.#timer)
    await this.#cluster[Symbol.asyncDispose]()
    clearImmediate(this.#turn)
    await Promise.all([this.#services, this.#speakers, this.#pools].map((writer) => writer[Symbol.asyncDispose]()))
    this.#state = undefined
  }
}
