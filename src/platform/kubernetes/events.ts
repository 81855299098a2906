import type { Api } from './api.ts'
import { ApiError, asError, hasStatus } from './api-error.ts'
import { delayAfter, pause } from './backoff.ts'
import type { BackoffLimits } from './backoff.ts'
import { eventObject, namespaceOf, samenessOf } from './event-record.ts'
import type { EventObject, EventRecord, Reporter } from './event-record.ts'
import { FairLine } from './fair-line.ts'
import { microTime } from './micro-time.ts'

export type { EventRecord } from './event-record.ts'

export interface EventRecorderOptions extends Reporter {
  /** An event that could not be sent is reported once and forgotten. */
  readonly onProblem?: (error: Error) => void
  /** Events that wait to be sent; more are dropped. */
  readonly limit?: number
  /** How fast they may be sent now: slower while there is something better to send. */
  readonly pace?: () => EventPace
  readonly attempts?: number
  readonly backoff?: BackoffLimits
  /** A repetition after a longer time is a new event, not one more of the series. */
  readonly seriesMs?: number
}

export interface EventPace {
  /** How many may be on their way at the same time. */
  readonly lanes: number
  /** The pause after each. */
  readonly pauseMs: number
}

/** What was said before and can be said to have happened again. */
interface Series {
  object: EventObject | undefined
  path: string | undefined
  count: number
  lastMs: number
  lastAt: Date
  /** Whether a write of it is under way. */
  isSending: boolean
  readonly event: EventRecord
}

const remembered = 2_000
const timeoutMs = 5_000

/** Tells people what happened (events.k8s.io/v1). `record` never blocks and never throws; delivery is best effort. */
export class EventRecorder implements AsyncDisposable {
  readonly #api: Api
  readonly #options: EventRecorderOptions
  readonly #series = new Map<string, Series>()
  /** Namespaces take turns here, too. */
  readonly #queue = new FairLine<Series>(({ event }) => namespaceOf(event))
  readonly #stopping = new AbortController()
  readonly #lanes = new Set<Promise<void>>()
  /** How many lanes there are that have not come to their end. */
  #open = 0
  #sequence = 0
  #dropped = 0
  #closed = false

  constructor(api: Api, options: EventRecorderOptions) {
    this.#api = api
    this.#options = options
  }

  /** Events lost since the start: too many at once, refused, or the API server was away for too long. */
  get dropped(): number {
    return this.#dropped
  }

  record(event: EventRecord): void {
    if (this.#closed) return
    const series = this.#seriesOf(event)
    series.count++
    series.lastMs = performance.now()
    series.lastAt = new Date()
    if (this.#queue.has(series)) return
    if (this.#queue.size >= (this.#options.limit ?? 1_000)) return this.#drop(series)
    this.#queue.add(series)
    this.#openLanes()
  }

  /** Fulfilled when everything recorded so far was sent or given up. */
  async flush(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes)
  }

  /** Sends what waits, for at most so long, and stops. */
  async close(withinMs = 1_000): Promise<void> {
    this.#closed = true
    const timer = setTimeout(() => this.#stopping.abort(), withinMs)
    await this.flush()
    clearTimeout(timer)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #seriesOf(event: EventRecord): Series {
    const sameness = samenessOf(event)
    const known = this.#series.get(sameness)
    const isFresh = known && performance.now() - known.lastMs < (this.#options.seriesMs ?? 360_000)
    const series = isFresh ? known : newSeries(event)
    // Put last: the one that was silent for longest is forgotten first.
    this.#series.delete(sameness)
    this.#series.set(sameness, series)
    if (this.#series.size > remembered) this.#forgetOldest()
    return series
  }

  #forgetOldest(): void {
    const [oldest] = this.#series.keys()
    if (oldest !== undefined) this.#series.delete(oldest)
  }

  #openLanes(): void {
    const most = Math.min(this.#pace().lanes, this.#queue.size)
    while (this.#open < most) {
      this.#open++
      const lane: Promise<void> = this.#send().then(() => void this.#lanes.delete(lane))
      this.#lanes.add(lane)
    }
  }

  /** One lane: sends until nothing waits, or until there are too many lanes. */
  async #send(): Promise<void> {
    for (let series = this.#next(); series; series = this.#next()) {
      series.isSending = true
      await this.#deliver(series)
      series.isSending = false
      const { lanes, pauseMs } = this.#pace()
      if (this.#open > lanes) break
      this.#openLanes()
      if (pauseMs > 0) await pause(pauseMs, this.#stopping.signal)
    }
    this.#open--
  }

  #pace(): EventPace {
    return this.#options.pace?.() ?? { lanes: 1, pauseMs: 0 }
  }

  #next(): Series | undefined {
    return this.#queue.take(({ isSending }) => !isSending)
  }

  async #deliver(series: Series): Promise<void> {
    const { attempts = 5, backoff = { baseMs: 200, capMs: 10_000 } } = this.#options
    const { signal } = this.#stopping
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await this.#write(series, signal)
      } catch (error) {
        if (attempt >= attempts || !isWorthRetrying(error)) return this.#giveUp(series, error)
        await pause(delayAfter(attempt, error, backoff), signal)
      }
    }
    this.#drop(series)
  }

  async #write(series: Series, signal: AbortSignal): Promise<void> {
    if (series.path === undefined) return this.#create(series, signal)
    try {
      const body = { series: seriesBody(series) }
      await this.#api.request('PATCH', series.path, { body, signal, timeoutMs })
    } catch (error) {
      if (!hasStatus(error, 404)) throw error
      // The API server forgets events after an hour.
      series.count = 1
      series.object = undefined
      await this.#create(series, signal)
    }
  }

  async #create(series: Series, signal: AbortSignal): Promise<void> {
    const { event, count, lastAt } = series
    const collection = `/apis/events.k8s.io/v1/namespaces/${namespaceOf(event)}/events`
    // Made once: when an answer is lost, the second attempt meets the name of the first.
    series.object ??= eventObject(event, this.#options, lastAt, ++this.#sequence)
    const body = count > 1 ? { ...series.object, series: seriesBody(series) } : series.object
    try {
      await this.#api.request('POST', collection, { body, signal, timeoutMs })
    } catch (error) {
      if (!hasStatus(error, 409)) throw error
    }
    series.path = `${collection}/${series.object.metadata.name}`
  }

  #giveUp(series: Series, error: unknown): void {
    this.#drop(series)
    const { reason, regarding } = series.event
    const what = `the event ${reason} of ${regarding.kind} ${regarding.name} was not sent`
    this.#options.onProblem?.(new Error(`${what}: ${asError(error).message}`, { cause: error }))
  }

  #drop(series: Series): void {
    this.#dropped++
    this.#series.delete(samenessOf(series.event))
  }
}

function seriesBody({ count, lastAt }: Series): object {
  return { count, lastObservedTime: microTime(lastAt) }
}

function newSeries(event: EventRecord): Series {
  return {
    event,
    object: undefined,
    path: undefined,
    count: 0,
    lastMs: performance.now(),
    lastAt: new Date(),
    isSending: false,
  }
}

/** What the server refuses now it refuses always, but for too many requests. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status === 0 || error.status === 429 || error.status >= 500
}
