import type { Compatibility } from '../../core/allocation/compatibility.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import type { ContactLog } from '../../platform/kubernetes/contact-log.ts'
import type { EventRecorder } from '../../platform/kubernetes/events.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import type { Cluster, ClusterListener } from './cluster.ts'
import type { ControllerMetrics, Written } from './controller-metrics.ts'
import type { Doubts } from './doubts.ts'
import { EstrangedEvents } from './estranged-events.ts'
import { Plan } from './plan.ts'
import { PoolWriter } from './pool-writer.ts'
import { ServiceWriter } from './service-writer.ts'
import { SilenceWriter } from './silence-writer.ts'
import { SpeakerWriter } from './speaker-writer.ts'

export interface SessionOptions {
  readonly api: Api
  readonly cluster: Cluster
  /** Hears of writes that fail and succeed. */
  readonly contactLog: ContactLog
  readonly events: EventRecorder
  readonly log: Log
  readonly metrics: ControllerMetrics
  /** Whether Services without a class are ours. */
  readonly classLess: boolean
  readonly compatibility: Compatibility | undefined
  /** Whether the Lease is held: nothing is written while it is not. */
  readonly mayWrite: () => boolean
}

interface Writers {
  readonly services: ServiceWriter
  readonly speakers: SpeakerWriter
  readonly silences: SilenceWriter
  readonly pools: PoolWriter
}

/**
 * The controller for as long as it holds the Lease. Once it has the Lease it catches up with the cluster, so that it
 * knows all that the holder before it wrote; adopts what is there; and from then on answers each change: decide, place,
 * and write the placement and the status that makes an address public, both at once: speakers leave an address that
 * nobody ever held to the node it is placed on, whichever of the two they hear of first. What comes in one turn of the
 * loop is one batch.
 */
export class Session implements AsyncDisposable {
  readonly #options: SessionOptions
  readonly #cluster: Cluster
  #plan: Plan | undefined
  #writers: Writers | undefined
  #turn: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#cluster = options.cluster
  }

  /** Why it does not serve yet. */
  get obstacles(): readonly string[] {
    return this.#plan ? [] : ['leads, and reads what the one before wrote last']
  }

  /** Whether statuses of Services wait to be written. */
  get isBusy(): boolean {
    return this.#writers?.services.isBusy ?? false
  }

  async start(): Promise<void> {
    await this.#cluster.catchUp()
    if (this.#ended) return
    const { services, pools, speakers } = this.#cluster
    const { classLess } = this.#options
    this.#plan = new Plan(this.#cluster, { classLess, wallMs: () => Date.now() })
    this.#writers = this.#writersFor(this.#plan)
    const found = {
      services: services.records.size,
      pools: pools.records.size,
      speakers: speakers.records.size,
    }
    this.#options.log.info(found, 'read the cluster')
    this.#cluster.tell(this.#listener())
    this.#act()
  }

  /** Ends when the writes under way have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    clearImmediate(this.#turn)
    clearTimeout(this.#timer)
    this.#cluster.tell(undefined)
    const writers: readonly AsyncDisposable[] = Object.values(this.#writers ?? {})
    await Promise.all(writers.map((writer) => writer[Symbol.asyncDispose]()))
  }

  #listener(): ClusterListener {
    const tell = (take: (plan: Plan) => void): void => {
      const plan = this.#plan
      if (!plan) return
      dieOf(() => take(plan))
      if (!this.#ended) this.#turn ??= setImmediate(() => this.#act())
    }
    const estranged = new EstrangedEvents({ record: (event) => this.#options.events.record(event) })
    return {
      service: (change) => tell((plan) => plan.service(change)),
      pool: (change) => tell((plan) => plan.pool(change)),
      node: (change) => tell((plan) => plan.node(change)),
      slice: (change) => tell((plan) => plan.slice(change)),
      speaker: (change) => {
        estranged.note(change)
        tell((plan) => plan.speaker(change))
      },
      namespace: (change) => tell((plan) => plan.namespace(change)),
    }
  }

  #act(): void {
    this.#turn = undefined
    if (!this.#plan || !this.#writers || this.#ended) return
    const now = performance.now()
    const touched = this.#plan.turn(now)
    for (const node of this.#plan.takeStale()) this.#writers.speakers.request(node)
    for (const service of touched) this.#writers.services.request(service)
    this.#writers.pools.request()
    this.#writers.silences.review()
    this.#options.metrics.observe(this.#plan.allocation)
    this.#tellDoubts(this.#plan.doubts)
    clearTimeout(this.#timer)
    const waitMs = this.#plan.waitMs(now)
    if (waitMs < Infinity) this.#timer = setTimeout(() => this.#act(), timeoutOf(waitMs))
  }

  #tellDoubts(doubts: Doubts): void {
    const begun = doubts.takeBegun()
    this.#options.metrics.doubted(doubts.count, begun.length)
    const words = 'nobody hears the node answer for the address that it announces; another one gets it'
    for (const { address, node } of begun) this.#options.log.warn({ address, node }, words)
  }

  #writersFor(plan: Plan): Writers {
    const { api, mayWrite, log, events, compatibility } = this.#options
    const { services, speakers, pools } = this.#cluster
    return {
      services: new ServiceWriter({
        api,
        compatibility,
        services,
        mayWrite,
        plan,
        record: (event) => events.record(event),
        onWritten: (service, verdict) => {
          this.#wrote('service')
          if (verdict) log.info({ service, reason: verdict.reason }, verdict.message)
        },
        onProblem: this.#onProblem('service'),
      }),
      speakers: new SpeakerWriter({
        api,
        speakers,
        mayWrite,
        plan,
        onRead: (speaker) => this.#cluster.noteSpeaker(speaker),
        onWritten: () => this.#wrote('speaker'),
        onProblem: this.#onProblem('speaker'),
      }),
      silences: this.#silenceWriterFor(plan),
      pools: new PoolWriter({
        api,
        pools,
        mayWrite,
        plan,
        record: (event) => events.record(event),
        onWritten: () => this.#wrote('pool'),
        onProblem: this.#onProblem('pool'),
      }),
    }
  }

  #silenceWriterFor(plan: Plan): SilenceWriter {
    const { api, mayWrite, log } = this.#options
    return new SilenceWriter({
      api,
      speakers: this.#cluster.speakers,
      mayWrite,
      plan,
      contact: () => this.#cluster.contact,
      onWritten: (node) => {
        this.#wrote('speaker')
        log.warn({ node }, 'nobody hears the speaker of the node any more')
      },
      onProblem: this.#onProblem('speaker'),
    })
  }

  #wrote(what: Written): void {
    this.#options.metrics.wrote(what)
    this.#options.contactLog.heard(what)
  }

  #onProblem(what: Written): (err: Error, name: string) => void {
    return (err) => {
      this.#options.metrics.writeFailed(what)
      this.#options.contactLog.failed(what, err)
    }
  }
}

/** A wall clock may be set meanwhile, and a timer of more than 2^31 ms would end at once. */
const longestWaitMs = 60_000

function timeoutOf(waitMs: number): number {
  return Math.min(Math.max(1, Math.ceil(waitMs)), longestWaitMs)
}

/** A fault of ours must end the process; the watch, which calls us, would only report it and go on. */
function dieOf(call: () => void): void {
  try {
    call()
  } catch (error) {
    setImmediate(() => {
      throw error
    })
  }
}
