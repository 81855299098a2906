import type { Dispatcher } from 'undici'
import { request } from 'undici/lib/api/index.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import { ApiError, asError } from './api-error.ts'
import { answerError, noAnswerError, readJson } from './answer.ts'
import type { ApiConfig } from './config.ts'
import { connectorFor } from './connector.ts'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type ContentType =
  | 'application/json'
  | 'application/merge-patch+json'
  | 'application/json-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/apply-patch+yaml'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface RequestOptions {
  readonly body?: unknown
  /** For PATCH a merge patch unless told otherwise. */
  readonly contentType?: ContentType
  readonly query?: Query
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

export interface ApiOptions {
  /** Connections for requests; each watch has one of its own besides. */
  readonly connections?: number
  readonly timeoutMs?: number
  readonly userAgent?: string
}

/** Requests sent since the start; watches are not counted among the GETs. */
export interface ApiStats {
  readonly get: number
  readonly post: number
  readonly put: number
  readonly patch: number
  readonly delete: number
  readonly watch: number
  /** Those of them that got no 2xx answer. */
  readonly failed: number
}

type Answer = Dispatcher.ResponseData

/** Requests and watches to one API server, over connections that are kept. */
export class Api implements AsyncDisposable {
  readonly #config: ApiConfig
  readonly #origin: string
  readonly #prefix: string
  readonly #timeoutMs: number
  readonly #userAgent: string
  readonly #requests: Agent
  readonly #watches: Agent
  readonly #stats = { get: 0, post: 0, put: 0, patch: 0, delete: 0, watch: 0, failed: 0 }

  constructor(config: ApiConfig, options: ApiOptions = {}) {
    const url = new URL(config.server)
    this.#config = config
    this.#origin = url.origin
    this.#prefix = url.pathname.replace(/\/+$/, '')
    this.#timeoutMs = options.timeoutMs ?? 30_000
    this.#userAgent = options.userAgent ?? 'lanlord'
    const connect = connectorFor(config)
    this.#requests = new Agent({
      connections: options.connections ?? 8,
      connect,
      bodyTimeout: this.#timeoutMs,
    })
    this.#watches = new Agent({ connect, bodyTimeout: 0, headersTimeout: this.#timeoutMs })
  }

  get stats(): ApiStats {
    return { ...this.#stats }
  }

  /** Sends JSON and returns the JSON of a 2xx answer; anything else throws an `ApiError`. */
  async request<T = unknown>(method: Verb, path: string, options: RequestOptions = {}): Promise<T> {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs
    const deadline = AbortSignal.timeout(timeoutMs)
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
    const attempt = { agent: this.#requests, counted: countedAs[method], method, path, options, signal }
    try {
      const answer = await this.#authorized(attempt)
      return (await readJson(answer, `${method} ${path}`)) as T
    } catch (error) {
      this.#stats.failed++
      if (options.signal?.aborted) throw asError(options.signal.reason)
      if (error instanceof ApiError) throw error
      throw noAnswerError(
        `${method} ${this.#config.server}${path}`,
        error,
        deadline.aborted ? timeoutMs : undefined,
      )
    }
  }

  /** Opens a watch: the chunks of a 200 answer, for as long as they come. */
  async watch(path: string, query: Query, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const options = { query: { ...query, watch: true } }
    const attempt = { agent: this.#watches, counted: 'watch', method: 'GET', path, options, signal } as const
    try {
      const answer = await this.#authorized(attempt)
      return answer.body
    } catch (error) {
      this.#stats.failed++
      if (signal.aborted) throw asError(signal.reason)
      if (error instanceof ApiError) throw error
      throw noAnswerError(`watch ${this.#config.server}${path}`, error, undefined)
    }
  }

  /** Ends every request and watch. */
  async close(): Promise<void> {
    await Promise.all([this.#requests.destroy(), this.#watches.destroy()])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** A token may have been renewed since it was read: one 401 is asked again with a fresh one. */
  async #authorized(attempt: Attempt): Promise<Answer> {
    const first = await this.#send(attempt, await this.#config.credentials())
    if (first.statusCode !== 401) return accepted(first, attempt)
    await first.body.dump()
    return accepted(await this.#send(attempt, await this.#config.credentials(true)), attempt)
  }

  #send(attempt: Attempt, credentials: Readonly<Record<string, string>>): Promise<Answer> {
    const { agent, counted, method, path, options, signal } = attempt
    this.#stats[counted]++
    const hasBody = options.body !== undefined
    const contentType = options.contentType ?? contentTypeOf[method]
    const headers = {
      accept: 'application/json',
      'user-agent': this.#userAgent,
      ...credentials,
      ...(hasBody ? { 'content-type': contentType } : {}),
    }
    const body = hasBody ? JSON.stringify(options.body) : null
    const target = this.#prefix + path + queryText(options.query)
    return request.call(agent, { origin: this.#origin, path: target, method, headers, body, signal })
  }
}

interface Attempt {
  readonly agent: Agent
  readonly counted: Exclude<keyof ApiStats, 'failed'>
  readonly method: Verb
  readonly path: string
  readonly options: RequestOptions
  readonly signal: AbortSignal
}

const countedAs = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

const contentTypeOf = {
  GET: 'application/json',
  POST: 'application/json',
  PUT: 'application/json',
  PATCH: 'application/merge-patch+json',
  DELETE: 'application/json',
} as const

async function accepted(answer: Answer, { counted, method, path }: Attempt): Promise<Answer> {
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer
  throw await answerError(answer, `${counted === 'watch' ? 'watch' : method} ${path}`)
}

function queryText(query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    return value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`]
  })
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
