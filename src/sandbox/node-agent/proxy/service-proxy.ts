import type { Log } from '../../../platform/telemetry/log.ts'
import { keyOf, type EndpointSlice, type Service } from '../../cluster/objects.ts'
import type { IpBatch } from '../ip-batch.ts'
import { readyOn } from './endpoint-choice.ts'
import { frontendsOf, type Frontend } from './frontends.ts'
import { HealthChecks } from './health-checks.ts'
import type { Listener, NodeSide } from './listener.ts'
import { emptyPlan, planOf, routeLines, routeProtocol, type Plan } from './plan.ts'
import { listenTcp } from './tcp-listener.ts'
import { listenUdp } from './udp-listener.ts'

/** Between two rounds of work, so that a thousand Services at once do not cost a thousand rounds. */
const roundMs = 10
const retryMs = 200

export interface ServiceProxyOptions {
  readonly node: string
  readonly ip: IpBatch
  readonly side: NodeSide
  readonly log: Log
}

/** Stands in for kube-proxy: takes the Services' addresses on this node and listens on their ports. */
export class ServiceProxy {
  readonly #options: ServiceProxyOptions
  readonly #services = new Map<string, Service>()
  readonly #slices = new Map<string, Map<string, EndpointSlice>>()
  readonly #frontends = new Map<string, readonly Frontend[]>()
  readonly #listeners = new Map<string, Listener>()
  readonly #health = new HealthChecks()
  #plan: Plan = emptyPlan
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> = Promise.resolve()
  #lastRoundMs = -Infinity
  #closed = false

  constructor(options: ServiceProxyOptions) {
    this.#options = options
  }

  /** Sweeps up what a former run left. */
  async start(): Promise<void> {
    await this.#options.ip.run([
      `route flush table local proto ${routeProtocol}`,
      `route flush table main proto ${routeProtocol} type blackhole`,
    ])
  }

  setService(key: string, service: Service | undefined): void {
    if (service) this.#services.set(key, service)
    else this.#services.delete(key)
    this.#serviceChanged(key)
  }

  setSlice(key: string, slice: EndpointSlice | undefined, before: EndpointSlice | undefined): void {
    const former = before && serviceOf(before)
    const current = slice && serviceOf(slice)
    if (former) this.#slices.get(former)?.delete(key)
    if (current && slice) {
      const siblings = this.#slices.get(current) ?? new Map<string, EndpointSlice>()
      this.#slices.set(current, siblings.set(key, slice))
    }
    for (const service of new Set([former, current])) if (service) this.#serviceChanged(service)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#round
    for (const listener of this.#listeners.values()) listener.close()
    this.#listeners.clear()
    this.#health.close()
  }

  #serviceChanged(key: string): void {
    const service = this.#services.get(key)
    const slices = [...(this.#slices.get(key)?.values() ?? [])]
    this.#health.set(key, service && healthOf(service, slices, this.#options.node))
    if (service) this.#frontends.set(key, frontendsOf(service, slices, this.#options.node))
    else this.#frontends.delete(key)
    this.#schedule(Math.max(0, this.#lastRoundMs + roundMs - performance.now()))
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#round = this.#round.then(() => this.#work())
    }, delayMs)
  }

  async #work(): Promise<void> {
    this.#lastRoundMs = performance.now()
    const next = planOf(this.#frontends.values())
    const before = this.#plan.addresses
    this.#plan = next
    for (const [key, listener] of this.#listeners)
      if (!listensFor(next.frontends.get(key))) this.#shut(key, listener)
    try {
      for (const { line, message } of await this.#options.ip.run(routeLines(before, next.addresses)))
        this.#options.log.warn({ line, reason: message }, 'ip refused a route')
    } catch (err) {
      this.#options.log.error({ err }, 'ip could not be run')
      this.#plan = { ...next, addresses: new Map() } // Nothing is known to be there: all of it is put again.
      return this.#schedule(retryMs)
    }
    await Promise.all([...next.frontends.values()].map((frontend) => this.#listen(frontend)))
  }

  #shut(key: string, listener: Listener): void {
    listener.close()
    this.#listeners.delete(key)
  }

  async #listen(frontend: Frontend): Promise<void> {
    const known = this.#listeners.get(frontend.key)
    if (known) return known.update(frontend)
    if (!listensFor(frontend)) return
    const open = frontend.protocol === 'TCP' ? listenTcp : listenUdp
    try {
      this.#listeners.set(frontend.key, await open(frontend, this.#options.side))
    } catch (err) {
      const { service, address, port } = frontend
      this.#options.log.warn({ err, service, address, port }, 'cannot listen yet, trying again')
      this.#schedule(retryMs)
    }
  }
}

/** Without a backend TCP is refused by having no listener, and UDP where it is not to be swallowed. */
function listensFor(frontend: Frontend | undefined): boolean {
  if (!frontend) return false
  return frontend.backends.length > 0 || (frontend.protocol === 'UDP' && frontend.empty === 'drop')
}

function serviceOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.['kubernetes.io/service-name']
  return name && keyOf({ ...metadata, name })
}

function healthOf(service: Service, slices: readonly EndpointSlice[], node: string) {
  const port = service.spec?.healthCheckNodePort
  if (!port || service.spec?.externalTrafficPolicy !== 'Local') return undefined
  const { namespace = 'default', name } = service.metadata
  return { port, namespace, name, localEndpoints: readyOn(slices, node) }
}
