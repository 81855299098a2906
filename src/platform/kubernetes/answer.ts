import type { Dispatcher } from 'undici'
import { ApiError } from './api-error.ts'

/** The parts of a Kubernetes Status that explain a refusal. */
interface Refusal {
  readonly message?: string
  readonly reason?: string
  readonly details?: { readonly retryAfterSeconds?: number }
}

/** The JSON of an answer; undefined for an empty one. */
export async function readJson(answer: Dispatcher.ResponseData, what: string): Promise<unknown> {
  const text = await answer.body.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    const message = `${what}: the answer is not JSON (${excerpt(text)}); is this a Kubernetes API server?`
    throw new ApiError(message, { status: answer.statusCode, reason: 'Unreadable', cause })
  }
}

/** What the server said instead of 2xx. */
export async function answerError(answer: Dispatcher.ResponseData, what: string): Promise<ApiError> {
  const text = await answer.body.text()
  const { message, reason, details } = refusalOf(text)
  const status = answer.statusCode
  const retryAfterMs = retryAfterOf(answer.headers['retry-after']) ?? secondsToMs(details?.retryAfterSeconds)
  return new ApiError(`${what}: ${status} ${message ?? excerpt(text)}`, {
    status,
    reason: reason ?? `Http${status}`,
    retryAfterMs,
  })
}

/** No answer: refused, reset, timed out. */
export function noAnswerError(what: string, cause: unknown, timeoutMs: number | undefined): ApiError {
  if (timeoutMs !== undefined) {
    return new ApiError(`${what}: no answer within ${timeoutMs} ms`, { status: 0, reason: 'Timeout', cause })
  }
  return new ApiError(`${what}: ${reasonOf(cause)}`, { status: 0, reason: 'Unreachable', cause })
}

function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ')
  if (cause instanceof Error) return cause.message || cause.name
  return String(cause)
}

function refusalOf(text: string): Refusal {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

function excerpt(text: string): string {
  return text.slice(0, 200).trim()
}

/** Seconds; Kubernetes never sends the form with a date. */
function retryAfterOf(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' ? secondsToMs(Number(header)) : undefined
}

/** A wait that nobody would want to sit out is cut to five minutes. */
function secondsToMs(seconds: number | undefined): number | undefined {
  return typeof seconds === 'number' && seconds >= 0 ? Math.min(seconds, 300) * 1000 : undefined
}
