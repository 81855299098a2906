import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { RequestLog } from '../../../src/sandbox/api-server/request-log.ts'
import { apiServer } from '../../../src/sandbox/api-server/server.ts'
import { openCluster } from '../../../src/sandbox/api-server/start.ts'

/** An answer of the server; `object` is its body read as JSON. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly object: Loose
}

/** A Kubernetes object of which a test reads whatever it looks for. */
export interface Loose {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly resourceVersion: string
    readonly generation?: number
    readonly creationTimestamp: string
    readonly deletionTimestamp?: string
    readonly continue?: string
    readonly [field: string]: unknown
  }
  readonly items: readonly Loose[]
  readonly spec: { readonly [field: string]: unknown }
  readonly message: string
  readonly reason: string
  readonly [field: string]: unknown
}

export interface WatchEvent {
  readonly type: string
  readonly object: Loose
}

interface Extras {
  readonly contentType?: string
  readonly accept?: string
  readonly userAgent?: string
}

/** The server in this process, on a port of its own, with its state in a folder of its own. */
export class LocalApi {
  readonly #folder: string
  readonly #historySize: number
  #server: Server | undefined
  #cluster: ReturnType<typeof openCluster> | undefined
  url = ''

  private constructor(historySize: number) {
    this.#folder = mkdtempSync(join(tmpdir(), 'lanlord-local-api-'))
    this.#historySize = historySize
  }

  static async start(historySize = 1000): Promise<LocalApi> {
    const api = new LocalApi(historySize)
    await api.#open()
    return api
  }

  async restart(): Promise<void> {
    await this.#close()
    await this.#open()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
    rmSync(this.#folder, { recursive: true })
  }

  async request(method: string, path: string, body?: unknown, extras: Extras = {}): Promise<Reply> {
    const { contentType = 'application/json', accept = 'application/json', userAgent = 'test' } = extras
    const headers = { 'content-type': contentType, accept, 'user-agent': userAgent }
    const text =
      body === undefined ? null : Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body)
    const response = await fetch(this.url + path, { method, headers, body: text })
    return { status: response.status, headers: response.headers, object: (await response.json()) as Loose }
  }

  /** The object that a request which must succeed answered with. */
  async ok(method: string, path: string, body?: unknown, extras: Extras = {}): Promise<Loose> {
    const { status, object } = await this.request(method, path, body, extras)
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${object.message}`)
    return object
  }

  mergePatch(path: string, patch: object): Promise<Reply> {
    return this.request('PATCH', path, patch, { contentType: 'application/merge-patch+json' })
  }

  /** What a watch tells, one event after the other; breaking off the loop ends the watch. */
  async *watch(path: string, query = ''): AsyncGenerator<WatchEvent> {
    const aborter = new AbortController()
    const response = await fetch(`${this.url}${path}?watch=true&${query}`, { signal: aborter.signal })
    if (response.status !== 200 || response.body === null) throw new Error(`watch: ${response.status}`)
    try {
      let rest = ''
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) yield JSON.parse(line) as WatchEvent
      }
    } finally {
      aborter.abort()
    }
  }

  async #open(): Promise<void> {
    const state = join(this.#folder, 'state')
    const cluster = openCluster({ state, historySize: this.#historySize, compactAfter: this.#historySize })
    const log = pino({ level: 'silent' })
    const server = apiServer({ cluster, requests: new RequestLog(), log })
    this.#cluster = cluster
    this.#server = server
    server.listen({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async #close(): Promise<void> {
    const closed = this.#server === undefined ? undefined : once(this.#server, 'close')
    this.#server?.close()
    this.#server?.closeAllConnections()
    await closed
    this.#cluster?.store.close()
  }
}

/** Takes events until there are as many as wanted. */
export async function take(
  events: AsyncGenerator<WatchEvent>,
  count: number,
): Promise<readonly WatchEvent[]> {
  const taken: WatchEvent[] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done === true) throw new Error(`the watch ended after ${taken.length} events`)
    taken.push(value)
  }
  return taken
}
