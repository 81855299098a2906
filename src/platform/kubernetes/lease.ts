/**
 * Leader election as client-go does it. Nobody compares wall clocks: a contender measures on its own monotonic clock how
 * long the Lease has not changed, and takes it when that is longer than the duration written in it. The holder measures
 * from the moment it *sent* its last successful renewal and stops at `renewDeadlineMs`, which is shorter:
 *
 *      sent   applied  seen by others                                     others may take it
 *     --|--------|--------|------------- - - - ---|------------------- - - - ---|---->
 *       |<------- renewDeadlineMs (10 s) -------->| isHolding() is false        |
 *                         |<------------ leaseDurationMs (15 s) --------------->|
 *
 * Each write holds only for the version it was made from, so a request that is delivered late changes nothing.
 */
import type { Api } from './api.ts'
import { asError, hasStatus } from './api-error.ts'
import { durationMsOf, given, holderOf, newLease, taken } from './lease-record.ts'
import { timesOf } from './lease-options.ts'
import type { LeaseOptions, LeaseTimes } from './lease-options.ts'
import type { Lease, Taker } from './lease-record.ts'
import { apiLeaseStore } from './lease-store.ts'
import type { LeaseStore } from './lease-store.ts'
import { realClock, within } from './monotonic-clock.ts'
import type { MonotonicClock } from './monotonic-clock.ts'

export type { LeaseOptions } from './lease-options.ts'

/** Contends for one Lease and keeps it; `isHolding()` is false before anyone else could have it. */
export class LeaseHolder implements AsyncDisposable {
  readonly #options: LeaseOptions
  readonly #store: LeaseStore
  readonly #clock: MonotonicClock
  readonly #times: LeaseTimes
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  #rest = new AbortController()
  #lease: Lease | undefined
  #seenMs = -Infinity
  #heldUntilMs = -Infinity
  #told = false
  #problem: string | undefined
  #known = false
  #watchProblem: string | undefined

  constructor(target: Api | LeaseStore, options: LeaseOptions, clock = realClock) {
    this.#options = options
    this.#store = 'read' in target ? target : apiLeaseStore(target, options.namespace, options.name)
    this.#clock = clock
    this.#times = timesOf(options)
  }

  /** Who holds the Lease as far as was seen; undefined when nobody does. */
  get holder(): string | undefined {
    return this.#lease && holderOf(this.#lease)
  }

  /** Whether the Lease was read or written since the start. */
  get isKnown(): boolean {
    return this.#known
  }

  isHolding(): boolean {
    return this.#clock.now() < this.#heldUntilMs
  }

  start(): void {
    this.#running ??= this.#run(this.#stopping.signal)
  }

  /** Stops holding and gives the Lease back, so that another can take it at once. Finish writing before. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#rest.abort()
    await this.#running
    this.#heldUntilMs = -Infinity
    this.#tell('stopped')
    if (this.holder === this.#options.identity) await this.#giveBack()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #run(signal: AbortSignal): Promise<void> {
    const watch = this.#store.watch(
      (holder) => this.#heard(holder),
      (error) => this.#noteWatch(error),
    )
    while (!signal.aborted) {
      // Before the attempt, so that a word heard during it is not slept over.
      this.#rest = new AbortController()
      this.#tell(this.#whyLost())
      const failed = await this.#attempt(signal)
      if (signal.aborted) break
      this.#tell(this.#whyLost())
      if (!this.isHolding()) this.#options.onWaiting?.()
      await this.#clock.sleep(this.#restMs(failed), this.#rest.signal)
    }
    await watch.stop()
  }

  /** A word from the watch that is worth looking at now: it is free, or it is not ours although we thought so. */
  #heard(holder: string | undefined): void {
    const news = this.isHolding() ? holder !== this.#options.identity : holder === undefined
    if (news) this.#rest.abort()
  }

  /** Without the watch the Lease still passes on, only later; that is told where somebody has to grant it. */
  #noteWatch(error: Error): void {
    if (!hasStatus(error, 403) || this.#watchProblem === error.message) return
    this.#watchProblem = error.message
    this.#options.onProblem?.(error)
  }

  async #attempt(signal: AbortSignal): Promise<boolean> {
    try {
      await within(this.#clock, this.#attemptMs(), signal, (limit) => this.#renewOrTake(limit))
      this.#known = true
      this.#problem = undefined
      this.#options.onHeard?.()
      return false
    } catch (error) {
      if (!signal.aborted) this.#report(error)
      return true
    }
  }

  /** Half the deadline, so that there is a second attempt; while holding, never beyond what is left of it. */
  #attemptMs(): number {
    const half = this.#times.renewDeadlineMs / 2
    return this.isHolding() ? Math.min(half, this.#heldUntilMs - this.#clock.now()) : half
  }

  async #renewOrTake(signal: AbortSignal): Promise<void> {
    try {
      if (!this.isHolding()) await this.#look(signal)
      if (this.#mayTake()) await this.#take(signal)
    } catch (error) {
      if (!this.#isOutdated(error)) throw error
      await this.#look(signal)
      if (this.#mayTake()) await this.#take(signal)
    }
  }

  /** Somebody else wrote or deleted it, or a renewal of ours was applied although its answer was lost. */
  #isOutdated(error: unknown): boolean {
    return hasStatus(error, 409) || (this.#lease !== undefined && hasStatus(error, 404))
  }

  async #look(signal: AbortSignal): Promise<void> {
    const lease = await this.#store.read(signal)
    if (lease) return this.#see(lease)
    this.#heldUntilMs = -Infinity
    // A Lease that was deleted under its holder counts as held until it would have expired.
    if (this.#mayTake()) this.#lease = undefined
  }

  #see(lease: Lease): void {
    if (lease.metadata.resourceVersion !== this.#lease?.metadata.resourceVersion) {
      this.#seenMs = this.#clock.now()
    }
    this.#lease = lease
    if (holderOf(lease) !== this.#options.identity) this.#heldUntilMs = -Infinity
  }

  #mayTake(): boolean {
    const { holder } = this
    return holder === undefined || holder === this.#options.identity || this.#clock.now() >= this.#freeAtMs()
  }

  #freeAtMs(): number {
    return this.#seenMs + Math.max(this.#lease ? durationMsOf(this.#lease) : 0, this.#times.leaseDurationMs)
  }

  async #take(signal: AbortSignal): Promise<void> {
    const { namespace, name, identity } = this.#options
    const taker: Taker = { identity, durationMs: this.#times.leaseDurationMs, at: new Date() }
    const sentMs = this.#clock.now()
    const written = this.#lease
      ? await this.#store.update(taken(this.#lease, taker), signal)
      : await this.#store.create(newLease(namespace, name, taker), signal)
    this.#see(written)
    this.#heldUntilMs = sentMs + this.#times.renewDeadlineMs
  }

  #restMs(failed: boolean): number {
    const jittered = this.#times.retryPeriodMs * (1 + (this.#options.random ?? Math.random)() / 5)
    if (failed) return jittered
    const untilMs = this.isHolding() ? this.#heldUntilMs : this.#freeAtMs()
    return Math.max(1, Math.min(jittered, untilMs - this.#clock.now()))
  }

  /** A renewal that was under way may have changed the version: then it is looked up and given back again. */
  async #giveBack(): Promise<void> {
    try {
      await within(this.#clock, this.#times.retryPeriodMs, undefined, async (limit) => {
        while (
          this.#lease &&
          this.holder === this.#options.identity &&
          !(await this.#gaveBack(this.#lease, limit))
        )
          await this.#look(limit)
      })
    } catch (error) {
      this.#report(error)
    }
  }

  async #gaveBack(lease: Lease, signal: AbortSignal): Promise<boolean> {
    try {
      this.#lease = await this.#store.update(given(lease, new Date()), signal)
      return true
    } catch (error) {
      if (this.#isOutdated(error)) return false
      throw error
    }
  }

  #tell(why: string): void {
    const holding = this.isHolding()
    if (holding === this.#told) return
    this.#told = holding
    if (holding) this.#options.onAcquired?.()
    else this.#options.onLost?.(why)
  }

  #whyLost(): string {
    const { holder } = this
    if (holder === this.#options.identity) return `not renewed for ${this.#times.renewDeadlineMs} ms`
    return holder ? `${holder} took it` : 'it was deleted'
  }

  /** Each problem once, until it has passed. */
  #report(error: unknown): void {
    const { message } = asError(error)
    if (message === this.#problem) return
    this.#problem = message
    this.#options.onProblem?.(asError(error))
  }
}
