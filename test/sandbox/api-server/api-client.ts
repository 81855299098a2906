import { Agent, fetch } from 'undici'

/** An answer of the server; `object` is its body read as JSON, `text` the body as it came. */
export interface Reply {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly object: Loose
  readonly text: string
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

export interface Extras {
  readonly contentType?: string
  readonly accept?: string
  readonly userAgent?: string
}

/** Where a server is, and how it knows that it is us. */
export interface Access {
  readonly url: string
  readonly token?: string
  /** The certificate of whoever signed the server's own. */
  readonly authority?: string
}

/** Requests to an API server, whichever one it is. */
export class ApiClient {
  readonly #access: () => Access
  #agent: Agent | undefined

  /** The access is asked for each time: a server that was started again may be elsewhere. */
  constructor(access: () => Access) {
    this.#access = access
  }

  get url(): string {
    return this.#access().url
  }

  async request(method: string, path: string, body?: unknown, extras: Extras = {}): Promise<Reply> {
    const { contentType = 'application/json', accept = 'application/json', userAgent = 'test' } = extras
    const headers = { 'content-type': contentType, accept, 'user-agent': userAgent }
    const text = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    const response = await this.#send(path, { method, headers, body: text as string | null })
    const answer = await response.text()
    return { status: response.status, headers: response.headers, object: parsed(answer), text: answer }
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
  async *watch(path: string, query = '', accept = 'application/json'): AsyncGenerator<WatchEvent> {
    const aborter = new AbortController()
    const options = { signal: aborter.signal, headers: { accept } }
    const response = await this.#send(`${path}?watch=true&${query}`, options)
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

  async close(): Promise<void> {
    await this.#agent?.destroy()
  }

  #send(path: string, options: Parameters<typeof fetch>[1] = {}): ReturnType<typeof fetch> {
    const { url, token, authority } = this.#access()
    this.#agent ??= new Agent(authority === undefined ? {} : { connect: { ca: authority } })
    const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const headers = { ...(options.headers as Record<string, string>), ...bearer }
    return fetch(url + path, { ...options, headers, dispatcher: this.#agent })
  }
}

/** A few answers, such as that of /readyz, are words and no JSON. */
function parsed(text: string): Loose {
  try {
    return JSON.parse(text) as Loose
  } catch {
    return { message: text } as Loose
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
