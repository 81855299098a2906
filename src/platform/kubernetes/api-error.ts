/**
 * The outside said no, or said nothing. `status` is the HTTP status, 0 when there was no answer at all;
 * `reason` is the API's own word (`Conflict`, `Expired`, ...), or `Unreachable`, `Timeout`, `Unreadable`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly reason: string
  readonly retryAfterMs: number | undefined

  constructor(message: string, details: ApiErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.status = details.status
    this.reason = details.reason
    this.retryAfterMs = details.retryAfterMs
  }
}

export interface ApiErrorDetails {
  readonly status: number
  readonly reason: string
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** Whether the error is an answer of the API server with this status. */
export function hasStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status
}

/** The version asked for is gone from the server's memory: only a new list helps. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 410 || error.reason === 'Expired')
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
