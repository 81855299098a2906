import { ApiError } from './api-error.ts'
import { pause } from './backoff.ts'

/** A clock that never goes back, and sleep by it. */
export interface MonotonicClock {
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** The clock of this process. */
export const realClock: MonotonicClock = { now: () => performance.now(), sleep: pause }

/** Gives the work a signal that aborts after so long on the clock, or when `outer` aborts. */
export async function within(
  clock: MonotonicClock,
  ms: number,
  outer: AbortSignal | undefined,
  work: (limit: AbortSignal) => Promise<void>,
): Promise<void> {
  const limit = new AbortController()
  const done = new AbortController()
  const late = new ApiError(`no answer within ${Math.round(ms)} ms`, { status: 0, reason: 'Timeout' })
  const abort = () => limit.abort(outer?.reason)
  outer?.addEventListener('abort', abort, { once: true })
  void clock.sleep(ms, done.signal).then(() => limit.abort(late))
  try {
    await work(limit.signal)
  } finally {
    outer?.removeEventListener('abort', abort)
    done.abort()
  }
}
