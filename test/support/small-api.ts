import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KubernetesObject } from '../../src/platform/kubernetes/object.ts'

type Stored = KubernetesObject & { spec?: unknown; status?: unknown }

/** What a test puts there. */
export interface Given {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: unknown
  }
  readonly spec?: unknown
  readonly status?: unknown
  readonly endpoints?: unknown
}

interface Collection {
  readonly objects: Map<string, Stored>
  readonly history: { readonly version: number; readonly line: string }[]
  readonly watchers: Set<ServerResponse>
}

/**
 * As much of an API server as one program needs: lists, watches, creation, patches of a status. It can be away, and
 * everything that was asked of it is on record.
 */
export class SmallApi implements Disposable {
  readonly requests: string[] = []
  /** What it refuses with 403, by what stands in `requests`, as the rules of a role would. */
  forbids: (request: string) => boolean = () => false
  readonly #collections = new Map<string, Collection>()
  readonly #server: Server
  readonly #firstVersion: number
  #version: number

  /** Another one after it knows no version of the first. */
  constructor(firstVersion = 100) {
    this.#firstVersion = firstVersion
    this.#version = firstVersion
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  /** Synchronous up to the bind, so that it can be done in another namespace. */
  listen(port: number): void {
    this.#server.listen(port)
  }

  /** Where it listens, as seen from its own namespace. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Gone as when its process is: no connection survives. */
  goAway(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** Puts an object there, new or not; whoever watches is told. */
  put(path: string, object: Given): void {
    const { objects } = this.#collectionOf(path)
    const key = keyOf(object.metadata)
    const uid = objects.get(key)?.metadata.uid ?? `uid-${this.#version}`
    const metadata = { ...object.metadata, uid, resourceVersion: `${++this.#version}` }
    const stored = { ...object, metadata } as Stored
    this.#tell(this.#collectionOf(path), objects.has(key) ? 'MODIFIED' : 'ADDED', stored)
    objects.set(key, stored)
  }

  remove(path: string, key: string): void {
    const collection = this.#collectionOf(path)
    const object = collection.objects.get(key)
    if (!object) return
    collection.objects.delete(key)
    const metadata = { ...object.metadata, resourceVersion: `${++this.#version}` }
    this.#tell(collection, 'DELETED', { ...object, metadata })
  }

  objectAt(path: string, key: string): Stored | undefined {
    return this.#collectionOf(path).objects.get(key)
  }

  requestsOf(verb: string): readonly string[] {
    return this.requests.filter((request) => request.startsWith(`${verb} `))
  }

  #collectionOf(path: string): Collection {
    const collection = this.#collections.get(path) ?? { objects: new Map(), history: [], watchers: new Set() }
    this.#collections.set(path, collection)
    return collection
  }

  #tell({ watchers, history }: Collection, type: string, object: Stored): void {
    const line = `${JSON.stringify({ type, object })}\n`
    history.push({ version: this.#version, line })
    for (const watcher of watchers) watcher.write(line)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://api')
    const isWatch = url.searchParams.get('watch') === 'true'
    const line = `${isWatch ? 'WATCH' : (request.method ?? '')} ${url.pathname}`
    this.requests.push(line)
    response.setHeader('content-type', 'application/json')
    if (this.forbids(line)) return refuse(response, 403, 'Forbidden', `User "x" cannot ${line}`)
    if (isWatch) return this.#watch(url.pathname, Number(url.searchParams.get('resourceVersion')), response)
    if (request.method === 'GET') return this.#read(url.pathname, response)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Stored
    if (request.method === 'POST') return this.#create(url.pathname, body, response)
    return this.#patchStatus(url.pathname, body, response)
  }

  #read(path: string, response: ServerResponse): void {
    const [, collection = '', name = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? []
    const object = this.#collections.get(collection)?.objects.get(name)
    if (!object) return this.#list(path, response)
    response.end(JSON.stringify(object))
  }

  #list(path: string, response: ServerResponse): void {
    const items = [...this.#collectionOf(path).objects.values()]
    response.end(JSON.stringify({ metadata: { resourceVersion: `${this.#version}` }, items }))
  }

  #watch(path: string, since: number, response: ServerResponse): void {
    if (since < this.#firstVersion || since > this.#version) return refuse(response, 410, 'Expired')
    const { watchers, history } = this.#collectionOf(path)
    watchers.add(response)
    response.on('close', () => watchers.delete(response))
    response.flushHeaders()
    for (const { version, line } of history) if (version > since) response.write(line)
  }

  #create(path: string, body: Stored, response: ServerResponse): void {
    this.put(path, body)
    response.statusCode = 201
    response.end(JSON.stringify(this.objectAt(path, keyOf(body.metadata))))
  }

  #patchStatus(path: string, body: Stored, response: ServerResponse): void {
    const [, collection = '', name = ''] = /^(.*)\/([^/]+)\/status$/.exec(path) ?? []
    const object = this.objectAt(collection, name)
    if (!object || object.metadata.resourceVersion !== body.metadata.resourceVersion) {
      return refuse(response, object ? 409 : 404, object ? 'Conflict' : 'NotFound')
    }
    this.put(collection, { ...object, status: { ...(object.status as object), ...(body.status as object) } })
    response.end(JSON.stringify(this.objectAt(collection, name)))
  }

  [Symbol.dispose](): void {
    this.goAway()
  }
}

function refuse(response: ServerResponse, code: number, reason: string, message = reason): void {
  response.statusCode = code
  response.end(JSON.stringify({ kind: 'Status', code, reason, message }))
}

function keyOf({ name, namespace }: { readonly name: string; readonly namespace?: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}
