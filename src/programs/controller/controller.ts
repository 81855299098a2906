import type { Api } from '../../platform/kubernetes/api.ts'
import { EventRecorder } from '../../platform/kubernetes/events.ts'
import { LeaseHolder } from '../../platform/kubernetes/lease.ts'
import type { LeaseOptions } from '../../platform/kubernetes/lease.ts'
import { endsWithin } from '../../platform/process/ends.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { ControllerMetrics } from './controller-metrics.ts'
import { Session } from './session.ts'

export interface ControllerOptions {
  readonly api: Api
  readonly lease: Pick<LeaseOptions, 'namespace' | 'name' | 'identity'>
  /** Whether Services without a class are ours. */
  readonly classLess: boolean
  readonly log: Log
}

const endMs = 2_000

/** Contends for the Lease, and leads a session for as long as it holds it. */
export class Controller implements AsyncDisposable {
  readonly metrics = new ControllerMetrics()
  readonly #options: ControllerOptions
  readonly #lease: LeaseHolder
  readonly #events: EventRecorder
  #session: Session | undefined
  #ending: Promise<void> = Promise.resolve()

  constructor(options: ControllerOptions) {
    const { api, lease, log } = options
    this.#options = options
    this.#events = new EventRecorder(api, {
      reportingController: 'lanlord.dev/controller',
      reportingInstance: lease.identity,
      onProblem: (err) => log.warn({ err }, 'an event was lost'),
    })
    this.#lease = new LeaseHolder(api, {
      ...lease,
      onAcquired: () => this.#lead(),
      onLost: (why) => this.#follow(why),
      onProblem: (err) => log.warn({ err }, 'the Lease could not be read or renewed; it is tried again'),
    })
    this.metrics.leading(false)
  }

  /** Why it is not ready; a controller that waits for the Lease is. */
  get obstacles(): readonly string[] {
    return this.#session?.obstacles ?? []
  }

  start(): void {
    this.#lease.start()
  }

  /** Ends the writes under way and gives the Lease back; what takes too long is left, and the Lease then runs out. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!(await endsWithin(endMs, this.#end())))
      this.#options.log.warn('ended before all writes under way were answered')
  }

  async #end(): Promise<void> {
    this.#endSession()
    await this.#ending
    await this.#events.close()
    await this.#lease.stop()
  }

  #lead(): void {
    const { api, log, classLess } = this.#options
    log.info('holds the Lease')
    this.metrics.leading(true)
    const mayWrite = () => this.#lease.isHolding()
    const session = new Session({
      api,
      log,
      classLess,
      mayWrite,
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
