import type { Log } from '../../../platform/telemetry/log.ts'
import { keyOf, type EndpointSlice, type Service } from '../../cluster/objects.ts'
import type { IpBatch } from '../ip-batch.ts'
import { readyOn } from './endpoint-choice.ts'
import { frontendsOf, type Frontend } from './frontends.ts'
import { HealthChecks } from './health-checks.ts'
import type { Listener, NodeSide } from './listener.ts'
import { planOf, routeLines, routeProtocol, takingLine, type Taking } from './plan.ts'
import { listenTcp } from './tcp-listener.ts'
import { listenUdp } from './udp-listener.ts'

/** At least this long between two rounds of work, and twenty times what a round costs: a thousand Services at once must not mean a thousand rounds. */
const leastPauseMs = 10
const pauseFactor = 20
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
  readonly #listeners = new Map<string, { readonly listener: Listener; frontend: Frontend }>()
  /** What could not be listened on, and was reported. */
  readonly #failing = new Set<string>()
  readonly #health = new HealthChecks()
  #taken: ReadonlyMap<string, Taking> = new Map()
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> = Promise.resolve()
  #dueMs = Infinity
  #nextRoundMs = -Infinity
  #closed = false

  constructor(options: ServiceProxyOptions) {
    this.#options = options
  }

  /** Sweeps up what a former run left. */
  async start(): Promise<void> {
    await this.#options.ip.run([
      `route flush table local proto ${routeProtocol}`,
      `route flush table main proto ${routeProtocol} type blackhole`,
      `route flush table all proto ${routeProtocol} root ::/0`,
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
    for (const { listener } of this.#listeners.values()) listener.close()
    this.#listeners.clear()
    this.#health.close()
  }

  #serviceChanged(key: string): void {
    const service = this.#services.get(key)
    const slices = [...(this.#slices.get(key)?.values() ?? [])]
    this.#health.set(key, service && healthOf(service, slices, this.#options.node))
    if (service) this.#frontends.set(key, frontendsOf(service, slices, this.#options.node))
    else this.#frontends.delete(key)
    this.#schedule(Math.max(0, this.#nextRoundMs - performance.now()))
  }

  #schedule(delayMs: number): void {
    const dueMs = performance.now() + delayMs
    if (this.#closed || (this.#timer && this.#dueMs <= dueMs)) return
    clearTimeout(this.#timer)
    this.#dueMs = dueMs
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#round = this.#round.then(() => this.#work())
    }, delayMs)
  }

  async #work(): Promise<void> {
    const startMs = performance.now()
    const { frontends, addresses } = planOf(this.#frontends.values())
    // The node's own address is the kernel's business: taking it, and giving it back later, would cut the node off.
    const own = this.#options.side.address()
    const wanted = new Map([...addresses].filter(([address]) => address !== own))
    const open = [...frontends.values()].filter((each) => listensFor(each, addresses.get(each.address)))
    const keys = new Set(open.map(({ key }) => key))
    for (const [key, entry] of this.#listeners) if (!keys.has(key)) this.#shut(key, entry.listener)
    const changed = open.filter((each) => this.#listeners.get(each.key)?.frontend !== each)
    const costMs = performance.now() - startMs
    this.#nextRoundMs = startMs + Math.max(leastPauseMs, costMs * pauseFactor)
    await this.#take(wanted)
    await Promise.all(changed.map((each) => this.#listen(each)))
  }

  /** What `ip` refused to take counts as not taken, and is tried again. */
  async #take(wanted: ReadonlyMap<string, Taking>): Promise<void> {
    const { ip, log } = this.#options
    const before = this.#taken
    this.#taken = wanted
    try {
      const refused = await ip.run(routeLines(before, wanted))
      for (const { line, message } of refused) log.warn({ line, reason: message }, 'ip refused a route')
      const failed = refused.filter(({ line }) => line.startsWith('route replace'))
      if (failed.length === 0) return
      const lines = new Set(failed.map(({ line }) => line))
      this.#taken = new Map([...wanted].filter((entry) => !lines.has(takingLine(...entry))))
    } catch (err) {
      log.error({ err }, 'ip could not be run')
      this.#taken = new Map()
    }
    this.#schedule(retryMs)
  }

  #shut(key: string, listener: Listener): void {
    listener.close()
    this.#listeners.delete(key)
  }

  async #listen(frontend: Frontend): Promise<void> {
    const known = this.#listeners.get(frontend.key)
    if (known) {
      known.listener.update(frontend)
      known.frontend = frontend
      return
    }
    const open = frontend.protocol === 'TCP' ? listenTcp : listenUdp
    try {
      const listener = await open(frontend, this.#options.side)
      this.#listeners.set(frontend.key, { listener, frontend })
      this.#failing.delete(frontend.key)
    } catch (err) {
      const { service, address, port } = frontend
      if (!this.#failing.has(frontend.key))
        this.#options.log.warn({ err, service, address, port }, 'cannot listen yet, trying again')
      this.#failing.add(frontend.key)
      this.#schedule(retryMs)
    }
  }
}

/** Without a backend TCP is refused by having no listener, and UDP where it is not to be swallowed. */
function listensFor(frontend: Frontend, taking: Taking | undefined): boolean {
  if (frontend.backends.length > 0) return true
  return taking === 'local' && frontend.protocol === 'UDP' && frontend.empty === 'drop'
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
