import { asError } from './api-error.ts'
import { delayAfter } from './backoff.ts'
import type { BackoffLimits } from './backoff.ts'
import { FairLine } from './fair-line.ts'

export interface WorkQueueOptions {
  /** Does what the key needs now. When it rejects, that is reported and the key is tried again after a backoff. */
  readonly work: (key: string) => Promise<void>
  /** How many keys are worked on at the same time. */
  readonly concurrency?: number
  /** Groups of keys take turns; all keys are one group unless told otherwise. */
  readonly groupOf?: (key: string) => string
  readonly backoff?: BackoffLimits
  readonly onProblem?: (error: Error, key: string, attempt: number) => void
}

/**
 * Keys that need work: each waits at most once, none is worked on twice at the same time, and one that is added while it
 * is at work is worked on once more after that.
 */
export class WorkQueue implements AsyncDisposable {
  readonly #options: WorkQueueOptions
  readonly #waiting: FairLine<string>
  readonly #working = new Map<string, Promise<void>>()
  readonly #delayed = new Map<string, { readonly timer: NodeJS.Timeout; readonly dueMs: number }>()
  readonly #failures = new Map<string, number>()
  #idle: (() => void)[] = []
  #scheduled = false
  #closed = false

  constructor(options: WorkQueueOptions) {
    this.#options = options
    this.#waiting = new FairLine(options.groupOf ?? (() => ''))
  }

  /** Keys that wait for their turn, not counting those at work or delayed. */
  get size(): number {
    return this.#waiting.size
  }

  /** Asks for work on the key, now: a backoff that it may be in is cut short. */
  add(key: string): void {
    if (this.#closed) return
    this.#undelay(key)
    this.#waiting.add(key)
    this.#soon()
  }

  /** Asks for work on the key later, unless it comes up sooner. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed || this.#waiting.has(key)) return
    const dueMs = performance.now() + delayMs
    if ((this.#delayed.get(key)?.dueMs ?? Infinity) <= dueMs) return
    this.#undelay(key)
    this.#delayed.set(key, { dueMs, timer: setTimeout(() => this.add(key), delayMs) })
  }

  /** Fulfilled when nothing waits, is at work or is delayed. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#tellIdle()
    })
  }

  /** Forgets what waits and is fulfilled when the work under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.#waiting.clear()
    for (const key of this.#delayed.keys()) this.#undelay(key)
    await Promise.all(this.#working.values())
    this.#tellIdle()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Not before `add` has returned: what is added in one go is worked on once, and never under the caller's feet. */
  #soon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#next()
    })
  }

  #next(): void {
    const { concurrency = 8 } = this.#options
    while (this.#working.size < concurrency) {
      const key = this.#waiting.take((each) => !this.#working.has(each))
      if (key === undefined) break
      this.#working.set(key, this.#work(key))
    }
    this.#tellIdle()
  }

  async #work(key: string): Promise<void> {
    try {
      // In a microtask of its own, so that work which throws before its first await is caught here as well.
      await Promise.resolve().then(() => this.#options.work(key))
      if (this.#failures.delete(key)) this.#hasten()
    } catch (error) {
      this.#failed(key, error)
    } finally {
      this.#working.delete(key)
      this.#soon()
    }
  }

  #failed(key: string, error: unknown): void {
    const attempt = (this.#failures.get(key) ?? 0) + 1
    this.#failures.set(key, attempt)
    const { onProblem, backoff = { baseMs: 50, capMs: 30_000 } } = this.#options
    this.addAfter(key, delayAfter(attempt, error, backoff))
    onProblem?.(asError(error), key, attempt)
  }

  /** What stood in the way of one key may have stood in the way of all that failed. */
  #hasten(): void {
    for (const key of this.#failures.keys()) if (this.#delayed.has(key)) this.add(key)
  }

  #undelay(key: string): void {
    clearTimeout(this.#delayed.get(key)?.timer)
    this.#delayed.delete(key)
  }

  #tellIdle(): void {
    if (this.#waiting.size + this.#working.size + this.#delayed.size > 0) return
    const told = this.#idle
    this.#idle = []
    for (const tell of told) tell()
  }
}
