import type { MonotonicClock } from '../../../src/platform/kubernetes/monotonic-clock.ts'

interface Due {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** Time that passes only when told, for several processes whose clocks need not agree. */
export class VirtualTime {
  nowMs = 0
  #due: Due[] = []
  #order = 0

  at(ms: number, run: () => void): void {
    this.#due.push({ atMs: Math.max(ms, this.nowMs), order: this.#order++, run })
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      this.at(this.nowMs + ms, resolve)
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Runs everything that is due until then; `check` after each step. */
  async runUntil(ms: number, check: () => void = () => undefined): Promise<void> {
    for (;;) {
      await settle()
      check()
      const next = this.#takeNext(ms)
      if (!next) break
      this.nowMs = next.atMs
      check()
      next.run()
    }
    this.nowMs = ms
    check()
  }

  #takeNext(beforeMs: number): Due | undefined {
    let best = -1
    for (const [index, due] of this.#due.entries()) {
      const than = this.#due[best]
      if (!than || due.atMs < than.atMs || (due.atMs === than.atMs && due.order < than.order)) best = index
    }
    const next = this.#due[best]
    if (!next || next.atMs > beforeMs) return undefined
    this.#due.splice(best, 1)
    return next
  }
}

/** One process's clock: it may run fast or slow, and the process may be stopped while the clock goes on. */
export class ProcessClock implements MonotonicClock {
  readonly #time: VirtualTime
  readonly #rate: number
  #frozenUntilMs = -Infinity
  #aheadMs = 12_345

  constructor(time: VirtualTime, rate = 1) {
    this.#time = time
    this.#rate = rate
  }

  now(): number {
    return this.#aheadMs + this.#time.nowMs * this.#rate
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await this.#time.sleep(ms / this.#rate, signal)
    await this.thawed()
  }

  /** SIGSTOP for so long. */
  freeze(ms: number): void {
    this.#frozenUntilMs = Math.max(this.#frozenUntilMs, this.#time.nowMs + ms)
  }

  jump(ms: number): void {
    this.#aheadMs += ms
  }

  async thawed(): Promise<void> {
    while (this.#time.nowMs < this.#frozenUntilMs)
      await this.#time.sleep(this.#frozenUntilMs - this.#time.nowMs)
  }
}

/** Lets everything run that does not wait for time. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
