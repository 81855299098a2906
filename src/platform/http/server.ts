import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { formatListen } from './listen.ts'
import type { Listen } from './listen.ts'

/** Reasons why not, in words; none when all is well. */
export type Check = () => readonly string[]

/** What else is to be known while all is well, in words. */
export type Remark = () => readonly string[]

/** What a prom-client registry offers. */
export interface MetricsSource {
  readonly contentType: string
  metrics(): Promise<string>
}

export interface ServerOptions extends Listen {
  /** What is so wrong that the process should be restarted. */
  readonly healthz?: Check
  /** Why it is not ready yet, or not ready now. */
  readonly readyz?: Check
  /** Stands behind the ok of /readyz. */
  readonly remark?: Remark
  readonly metrics?: MetricsSource
}

export interface HttpServer extends AsyncDisposable {
  readonly host: string
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly contentType?: string
}

/**
 * Serves /healthz, /readyz and /metrics; fulfilled when it listens, rejected with a clear reason when it cannot. Three
 * routes need no framework: one that speaks in Request and Response makes Node load its fetch, which takes 6 MB.
 */
export async function serve(options: ServerOptions): Promise<HttpServer> {
  const server = createServer((request, response) => void respond(options, request, response))
  await listening(server, options)
  const { address, port } = server.address() as AddressInfo
  const close = () => closed(server)
  return { host: address, port, close, [Symbol.asyncDispose]: close }
}

async function respond(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, text, contentType = 'text/plain; charset=UTF-8' } = await answerTo(request, options)
  response.writeHead(status, { 'content-type': contentType }).end(text)
}

async function answerTo({ method, url = '' }: IncomingMessage, options: ServerOptions): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return notFound
  const [path = ''] = url.split('?', 1)
  switch (path) {
    case '/healthz':
      return report(options.healthz)
    case '/readyz':
      return report(options.readyz, options.remark)
    case '/metrics':
      return metricsOf(options.metrics)
    default:
      return notFound
  }
}

const notFound: Answer = { status: 404, text: '404 Not Found' }

async function metricsOf(metrics: MetricsSource | undefined): Promise<Answer> {
  if (!metrics) return notFound
  try {
    return { status: 200, text: await metrics.metrics(), contentType: metrics.contentType }
  } catch (error) {
    return { status: 500, text: `the metrics cannot be collected: ${String(error)}\n` }
  }
}

function report(check: Check | undefined, remark?: Remark): Answer {
  const reasons = check?.() ?? []
  if (reasons.length === 0) return { status: 200, text: `${['ok', ...(remark?.() ?? [])].join('\n')}\n` }
  return { status: 503, text: `${reasons.join('\n')}\n` }
}

function listening(server: Server, listen: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(listen, cause)))
    const { host, port } = listen
    server.listen(host === undefined ? { port } : { host, port }, resolve)
  })
}

const why: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; end it, or choose another place with --http',
  EADDRNOTAVAIL: 'this host has no such address; choose another place with --http',
  EACCES: 'ports below 1024 need the capability NET_BIND_SERVICE; choose another place with --http',
}

function cannotListen(listen: Listen, cause: NodeJS.ErrnoException): Error {
  const mend = why[cause.code ?? ''] ?? `${cause.message}; choose another place with --http`
  return new Error(`cannot listen on ${formatListen(listen)}: ${mend}`, { cause })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
