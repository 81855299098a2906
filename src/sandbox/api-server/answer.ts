import type { ServerResponse } from 'node:http'
import type { Failure } from './failure.ts'

/** What a handler answers: JSON text, or an object to be written as JSON. */
export interface Answer {
  readonly code?: number
  readonly json: string | object
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

/** `undefined` where the handler has taken the response over, as a watch does. */
export type Handled = Answer | undefined

export function send(response: ServerResponse, answer: Answer, warnings: readonly string[]): void {
  const { code = 200, json, headers } = answer
  const body = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))
  const usual = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' }
  response.writeHead(code, {
    ...usual,
    'content-length': body.length,
    ...(headers as Record<string, string>),
    ...warningHeaders(warnings),
  })
  response.end(body)
}

export function failureAnswer(failure: Failure): Answer {
  const wait = failure.details?.retryAfterSeconds
  const headers = wait === undefined ? {} : { 'retry-after': String(wait) }
  return { code: failure.code, json: failure.toStatus(), headers }
}

/** Warnings go back in headers, which kubectl prints. */
function warningHeaders(warnings: readonly string[]): Record<string, string[]> {
  if (warnings.length === 0) return {}
  return { warning: [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`) }
}
