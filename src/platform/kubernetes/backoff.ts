import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from './api-error.ts'

/** Times between attempts: at most `baseMs`, then twice that, and so on up to `capMs`. */
export interface BackoffLimits {
  readonly baseMs: number
  readonly capMs: number
}

/**
 * How long to wait between attempts to reach a server again: one that does not answer is asked soon, one that refuses
 * until somebody grants something less often, one that is in trouble least.
 */
export function reconnectLimits(failure: unknown): BackoffLimits {
  const status = failure instanceof ApiError ? failure.status : -1
  return { baseMs: 250, capMs: capsMs[status] ?? 30_000 }
}

const capsMs: Readonly<Record<number, number>> = { 0: 5_000, 401: 10_000, 403: 10_000, 404: 10_000 }

/**
 * How long to wait after the n-th failure in a row (n from 1): full jitter, so that a thousand clients that
 * lost the same server do not come back in step. A Retry-After of the server is a floor below the jitter.
 */
export function delayAfter(
  failures: number,
  error: unknown,
  limits: BackoffLimits,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(failures - 1, 30))
  return askedMs(error) + random() * ceiling
}

/** How long the server asked to be left alone. */
export function askedMs(error: unknown): number {
  return error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
}

/** Waits, or returns early when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    if (!signal?.aborted) throw error
  }
}
