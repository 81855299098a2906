import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import type { Context } from 'hono'
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
  /** Adds a program's own routes. */
  readonly routes?: (app: Hono) => void
}

export interface HttpServer extends AsyncDisposable {
  readonly host: string
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

/** Serves /healthz, /readyz and /metrics; fulfilled when it listens, rejected with a clear reason when it cannot. */
export async function serve(options: ServerOptions): Promise<HttpServer> {
  const server = createAdaptorServer({ fetch: appOf(options).fetch }) as Server
  await listening(server, options)
  const { address, port } = server.address() as AddressInfo
  const close = () => closed(server)
  return { host: address, port, close, [Symbol.asyncDispose]: close }
}

function appOf(options: ServerOptions): Hono {
  const app = new Hono()
  app.get('/healthz', (context) => report(context, options.healthz))
  app.get('/readyz', (context) => report(context, options.readyz))
  const { metrics } = options
  if (metrics) {
    app.get('/metrics', async (context) => {
      return context.body(await metrics.metrics(), 200, { 'content-type': metrics.contentType })
    })
  }
  options.routes?.(app)
  return app
}

function report(context: Context, check: Check | undefined): Response {
  const reasons = check?.() ?? []
  if (reasons.length === 0) return context.text('ok\n')
  return context.text(`${reasons.join('\n')}\n`, 503)
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
