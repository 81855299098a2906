import { createServer, type Server } from 'node:http'

/** What a healthCheckNodePort tells about one Service on this node. */
export interface ServiceHealth {
  readonly port: number
  readonly namespace: string
  readonly name: string
  readonly localEndpoints: number
}

/** The health of a Service: 200 where this node has a ready endpoint of it, else 503. */
function tellService(health: ServiceHealth): { readonly status: number; readonly body: object } {
  const { namespace, name, localEndpoints } = health
  return {
    status: localEndpoints > 0 ? 200 : 503,
    body: { service: { namespace, name }, localEndpoints, serviceProxyHealthy: true },
  }
}

/** The ports on which load balancers ask a node for its endpoints of Services with externalTrafficPolicy Local. */
export class HealthChecks {
  readonly #servers = new Map<string, { server: Server; health: ServiceHealth }>()

  /** Undefined: the Service has no such port (any more). */
  set(service: string, health: ServiceHealth | undefined): void {
    const known = this.#servers.get(service)
    if (known && known.health.port === health?.port) {
      known.health = health
      return
    }
    known?.server.close().closeAllConnections()
    this.#servers.delete(service)
    if (health) this.#servers.set(service, this.#open(health))
  }

  close(): void {
    for (const service of this.#servers.keys()) this.set(service, undefined)
  }

  #open(first: ServiceHealth): { server: Server; health: ServiceHealth } {
    const entry = {
      health: first,
      server: createServer((_, response) => {
        const { status, body } = tellService(entry.health)
        response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
      }),
    }
    entry.server.on('error', () => undefined) // The port is somebody else's: kube-proxy goes on without it too.
    entry.server.listen(first.port, '0.0.0.0')
    return entry
  }
}

/** kube-proxy's own health, `:10256/healthz`. */
export function serveHealthz(port: number): Server {
  const server = createServer((request, response) => {
    const found = request.url === '/healthz' || request.url === '/livez'
    const now = new Date().toISOString()
    const body = { lastUpdated: now, currentTime: now, nodeEligible: true }
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(found ? `${JSON.stringify(body)}\n` : '')
  })
  server.on('error', () => undefined)
  return server.listen(port, '0.0.0.0')
}
