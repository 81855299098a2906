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
  const abort = () => limit.abort()
  outer?.addEventListener('abort', abort, { once: true })
  void clock.sleep(ms, done.signal).then(abort)
  try {
    await work(limit.signal)
  } finally {
    outer?.removeEventListener('abort', abort)
    done.abort()
  }
}
