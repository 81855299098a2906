import { readFileSync } from 'node:fs'
import { Agent, fetch } from 'undici'
import { parse } from 'yaml'

/** What somebody asks of the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object
  /** Somebody else to act as. */
  readonly as?: string
}

/** The status code, and what the server said to it. */
export interface ApiAnswer {
  readonly status: number
  readonly message: string
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: ClusterEntry }]
}

interface ClusterEntry {
  readonly server: string
  readonly 'certificate-authority'?: string
  readonly 'certificate-authority-data'?: string
}

/** Somebody who has a token, and nothing else, and reaches the API server. */
export class TokenClient implements AsyncDisposable {
  readonly #server: string
  readonly #agent: Agent

  constructor(kubeconfig: string) {
    const { cluster } = (parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig).clusters[0]
    this.#server = cluster.server
    this.#agent = new Agent({ connect: { ca: authorityOf(cluster) } })
  }

  async ask(token: string, { method, path, body, as }: ApiRequest): Promise<ApiAnswer> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      ...(as !== undefined && { 'impersonate-user': as }),
    }
    const text = body ? JSON.stringify(body) : null
    const options = { method, headers, body: text, dispatcher: this.#agent }
    const response = await fetch(this.#server + path, options)
    const answer = await response.text()
    return { status: response.status, message: messageIn(answer) }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#agent.destroy()
  }
}

function authorityOf(cluster: ClusterEntry): string {
  const data = cluster['certificate-authority-data']
  if (data !== undefined) return Buffer.from(data, 'base64').toString()
  return readFileSync(cluster['certificate-authority'] ?? '', 'utf8')
}

/** An object of the kind Status says it in words; anything else is what was asked for. */
function messageIn(answer: string): string {
  try {
    const { kind, message } = JSON.parse(answer) as { readonly kind: string; readonly message?: string }
    return kind === 'Status' ? (message ?? '') : ''
  } catch {
    return answer.slice(0, 200)
  }
}
