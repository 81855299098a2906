import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Thing {
  readonly metadata: {
    readonly namespace: string
    readonly name: string
    readonly uid: string
    readonly resourceVersion: string
  }
  readonly text: string
}

interface Event {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: Thing
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

const collection = '/apis/test/v1/things'

/**
 * An API server for one collection, in memory, that does what it is told: the next lists or watches can be answered by
 * any function, open watches can be reset, silenced, ended or fed with bytes.
 */
export class EvilServer {
  readonly things = new Map<string, Thing>()
  readonly lists: URLSearchParams[] = []
  readonly watches: URLSearchParams[] = []
  /** What lists and watches in turn get instead of an answer; `always` after that. */
  readonly nextLists: Answer[] = []
  readonly nextWatches: Answer[] = []
  alwaysWatch: Answer | undefined
  readonly #server: Server
  readonly #open = new Set<ServerResponse>()
  #history: Event[] = []
  #forgottenUpTo = 0
  #version = 100
  #uids = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#answer(request, response),
    )
  }

  static async start(port = 0): Promise<EvilServer> {
    const server = createServer()
    server.keepAliveTimeout = 0
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return new EvilServer(server)
  }

  readonly path = collection

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get watchers(): number {
    return this.#open.size
  }

  /** Creates or changes a thing. */
  put(name: string, text = ''): void {
    const former = this.things.get(`shop/${name}`)
    const uid = former?.metadata.uid ?? `uid-${++this.#uids}`
    const metadata = { namespace: 'shop', name, uid, resourceVersion: String(++this.#version) }
    const object = { metadata, text }
    this.things.set(`shop/${name}`, object)
    this.#publish({ type: former ? 'MODIFIED' : 'ADDED', object })
  }

  remove(name: string): void {
    const former = this.things.get(`shop/${name}`)
    if (!former) throw new Error(`no ${name}`)
    this.things.delete(`shop/${name}`)
    const metadata = { ...former.metadata, resourceVersion: String(++this.#version) }
    this.#publish({ type: 'DELETED', object: { ...former, metadata } })
  }

  /** Forgets what happened until now: a watch from an earlier version is too old. */
  compact(): void {
    this.#history = []
    this.#forgottenUpTo = ++this.#version
  }

  bookmark(): void {
    const object = { metadata: { resourceVersion: String(++this.#version) } }
    this.say(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
  }

  /** Writes bytes to every open watch. */
  say(bytes: string | Uint8Array): void {
    for (const response of this.#open) response.write(bytes)
  }

  endWatches(): void {
    for (const response of this.#open) response.end()
    this.#open.clear()
  }

  resetWatches(): void {
    for (const response of this.#open) response.socket?.resetAndDestroy()
    this.#open.clear()
  }

  /** Open watches hear nothing any more, and nobody tells them: a half-open connection. */
  silenceWatches(): void {
    this.#open.clear()
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #publish(event: Event): void {
    this.#history.push(event)
    this.say(lineOf(event))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const query = new URL(request.url ?? '', this.url).searchParams
    const isWatch = query.get('watch') === 'true'
    ;(isWatch ? this.watches : this.lists).push(query)
    const evil = isWatch ? (this.nextWatches.shift() ?? this.alwaysWatch) : this.nextLists.shift()
    if (evil) return evil(response, request)
    if (isWatch) return this.#watch(query, response)
    this.#list(query, response)
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('continue') ?? 0)
    const limit = Number(query.get('limit') ?? Infinity)
    const all = [...this.things.values()]
    const rest = from + limit < all.length ? { continue: String(from + limit) } : {}
    const metadata = { resourceVersion: String(this.#version), ...rest }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ kind: 'ThingList', metadata, items: all.slice(from, from + limit) }))
  }

  #watch(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'))
    if (from < this.#forgottenUpTo) return refuse(410, 'Expired')(response)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    this.#open.add(response)
    response.on('close', () => this.#open.delete(response))
    for (const event of this.#history) {
      if (Number(event.object.metadata.resourceVersion) > from) response.write(lineOf(event))
    }
  }
}

export function lineOf(event: object): string {
  return `${JSON.stringify(event)}\n`
}

/** An answer that refuses as an API server does. */
export function refuse(code: number, reason: string, headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers })
    response.end(
      JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message: `no: ${reason}` }),
    )
  }
}

/** The connection is reset instead of an answer. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}

/** A 200 answer with these bytes and then its end. */
export function streamOf(...bytes: readonly string[]) {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(bytes.join(''))
  }
}
