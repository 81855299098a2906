import type { Compatibility } from '../../core/allocation/compatibility.ts'
import type { Api } from '../../platform/kubernetes/api.ts'
import { ContactLog } from '../../platform/kubernetes/contact-log.ts'
import { EventRecorder } from '../../platform/kubernetes/events.ts'
import { explain } from '../../platform/kubernetes/explain.ts'
import { LeaseHolder } from '../../platform/kubernetes/lease.ts'
import type { LeaseOptions } from '../../platform/kubernetes/lease.ts'
import { endsWithin } from '../../platform/process/ends.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { Cluster } from './cluster.ts'
import { ControllerMetrics } from './controller-metrics.ts'
import { Session } from './session.ts'

export interface ControllerOptions {
  readonly api: Api
  readonly lease: Pick<LeaseOptions, 'namespace' | 'name' | 'identity'>
  /** Whether Services without a class are ours. */
  readonly classLess: boolean
  /** Whose annotations are read beside our own. */
  readonly compatibility?: Compatibility
  readonly log: Log
}

const endMs = 2_000
/** A pool that is created may serve so many Services at once; each waits for its Event with about a kilobyte. */
const mostEvents = 20_000
/** Addresses come first, and their story after them. */
const eventPace = { besideStatuses: { lanes: 1, pauseMs: 25 }, alone: { lanes: 4, pauseMs: 0 } }
const reading = {
  before: 'nothing is given before it was read',
  after: 'what was given stays, and nothing new is given',
}
const writing = {
  before: 'what was decided is not written',
  after: 'what was decided is not written',
}

/** Contends for the Lease, and leads a session for as long as it holds it; until then it keeps up with the cluster. */
export class Controller implements AsyncDisposable {
  readonly metrics = new ControllerMetrics()
  readonly #options: ControllerOptions
  readonly #lease: LeaseHolder
  readonly #events: EventRecorder
  readonly #cluster: Cluster
  readonly #reading: ContactLog
  readonly #writing: ContactLog
  #session: Session | undefined
  #ending: Promise<void> = Promise.resolve()

  constructor(options: ControllerOptions) {
    const { api, lease, log, compatibility } = options
    this.#options = options
    this.#reading = new ContactLog({ log, meaning: reading })
    this.#writing = new ContactLog({ log, meaning: writing })
    this.#cluster = new Cluster(api, this.#reading, compatibility)
    this.#events = new EventRecorder(api, {
      reportingController: 'lanlord.dev/controller',
      reportingInstance: lease.identity,
      limit: mostEvents,
      pace: () => (this.#session?.isBusy ? eventPace.besideStatuses : eventPace.alone),
      onProblem: (err) => log.warn({ reason: explain(err).words }, 'an event was lost'),
    })
    this.#lease = new LeaseHolder(api, {
      ...lease,
      onAcquired: () => this.#lead(),
      onLost: (why) => this.#follow(why),
      onWaiting: () => this.#cluster.start(),
      onHeard: () => this.#reading.heard('leases'),
      onProblem: (err) => this.#reading.failed('leases', err),
    })
    this.metrics.leading(false)
  }

  /** Why it is not ready. One that waits for the Lease is, once it could lead. */
  get obstacles(): readonly string[] {
    const troubles = [...this.#reading.troubles, ...this.#writing.refusals]
    if (troubles.length > 0) return troubles
    if (!this.#lease.isKnown) return ['the Lease has not been read yet']
    if (!this.#cluster.isSynced) return ['the cluster has not been read yet']
    return this.#session?.obstacles ?? []
  }

  /** What it does while it is ready. */
  get remarks(): readonly string[] {
    if (this.#session) return ['leads']
    return [`stands by; ${this.#lease.holder ?? 'nobody'} leads`]
  }

  start(): void {
    this.#lease.start()
  }

  /**
   * Ends the writes under way, gives the Lease back so that the next one leads, and only then tells the rest. What takes
   * too long is left, and the Lease then runs out.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!(await endsWithin(endMs, this.#end())))
      this.#options.log.warn('ended before all writes under way were answered')
  }

  async #end(): Promise<void> {
    this.#endSession()
    await this.#ending
    await this.#lease.stop()
    await Promise.all([this.#events.close(), this.#cluster[Symbol.asyncDispose]()])
  }

  #lead(): void {
    const { log, classLess, compatibility, api } = this.#options
    log.info('holds the Lease')
    this.metrics.leading(true)
    const session = new Session({
      api,
      log,
      classLess,
      compatibility,
      cluster: this.#cluster,
      contactLog: this.#writing,
      mayWrite: () => this.#lease.isHolding(),
      metrics: this.metrics,
      events: this.#events,
    })
    this.#session = session
    session.start().catch((err: unknown) => {
      if (this.#session === session) throw err
    })
  }

  #follow(why: string): void {
    this.#options.log.warn({ reason: why }, 'holds the Lease no more, and writes nothing')
    this.metrics.leading(false)
    this.#endSession()
  }

  #endSession(): void {
    const session = this.#session
    this.#session = undefined
    if (session) this.#ending = this.#ending.then(() => session[Symbol.asyncDispose]())
  }
}
