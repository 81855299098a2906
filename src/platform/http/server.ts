import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Listen } from './listen.ts'

/** Reasons why not, in words; none when all is well. */
export type Check = () => readonly string[]

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
      return report(options.readyz)
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

function report(check: Check | undefined): Answer {
  const reasons = check?.() ?? []
  if (reasons.length === 0) return { status: 200, text: 'ok\n' }
  return { status: 503, text: `${reasons.join('\n')}\n` }
}

function listening(server: Server, { host, port }: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `cannot listen on ${host}:${port} (${cause.message}); choose another place with --http`
      reject(new Error(message, { cause }))
    })
    server.listen({ host, port }, resolve)
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
