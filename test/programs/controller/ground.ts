import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'
import { poolFinalizer } from '../../../src/core/api/names.ts'
import { ApiProcess } from '../../sandbox/api-server/api-process.ts'

const program = new URL('../../../dist/controller.js', import.meta.url).pathname
export const own = '/apis/lanlord.dev/v1beta1'
export const services = '/api/v1/namespaces/default/services'
export const events = '/apis/events.k8s.io/v1/namespaces/default/events'
export const lease = '/apis/coordination.k8s.io/v1/namespaces/lanlord-system/leases/lanlord-controller'

/** An object as the API server gives it, as far as tests look at it. */
export interface Seen {
  readonly metadata: {
    readonly name: string
    readonly resourceVersion: string
    readonly uid: string
    readonly finalizers?: readonly string[]
  }
  readonly spec?: {
    readonly addresses?: readonly { readonly address: string }[]
    readonly holderIdentity?: string
  }
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip: string; readonly ipMode: string }[] }
    readonly conditions?: readonly Condition[]
    readonly ipv4?: object
    readonly remembered?: readonly { readonly address: string; readonly service: string }[]
  }
}

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** What one client did to one resource how often. */
interface RequestLine {
  readonly verb: string
  readonly resource: string
  readonly userAgent: string
  readonly count: number
}

/** An embedded API server with our kinds, and controllers on it, each its own process. */
export class Ground implements AsyncDisposable {
  readonly api: ApiProcess
  readonly #controllers: ControllerProcess[] = []

  private constructor(api: ApiProcess) {
    this.api = api
  }

  static async start(): Promise<Ground> {
    const ground = new Ground(await ApiProcess.start())
    for (const crd of customResourceDefinitions()) {
      await ground.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd)
    }
    await ground.create('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'lanlord-system' },
    })
    return ground
  }

  controller(identity = 'one', ...flags: readonly string[]): ControllerProcess {
    const controller = new ControllerProcess(this.api.kubeconfig, identity, flags)
    this.#controllers.push(controller)
    return controller
  }

  async request<T = Seen>(method: string, path: string, body?: unknown): Promise<T> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const headers = { 'content-type': type, 'user-agent': 'test' }
    const answer = await fetch(this.api.url + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  create(path: string, object: unknown): Promise<Seen> {
    return this.request('POST', path, object)
  }

  async list(path: string): Promise<readonly Seen[]> {
    return (await this.request<{ readonly items: readonly Seen[] }>('GET', path)).items
  }

  pool(name: string, addresses: readonly string[], more: object = {}): Promise<Seen> {
    const spec = { addresses, ...more }
    return this.create(`${own}/addresspools`, {
      apiVersion: 'lanlord.dev/v1beta1',
      kind: 'AddressPool',
      metadata: { name },
      spec,
    })
  }

  /** Waits until the pool bears the mark of one in use. */
  async marked(pool: string): Promise<void> {
    await eventually(`${pool} is marked`, async () => {
      const { metadata } = await this.request('GET', `${own}/addresspools/${pool}`)
      return metadata.finalizers?.includes(poolFinalizer)
    })
  }

  /** Waits until the status of the pool says that the Service had an address of it. */
  async remembers(pool: string, service: string): Promise<void> {
    await eventually(`${pool} remembers ${service}`, async () => {
      const { status } = await this.request('GET', `${own}/addresspools/${pool}`)
      return status?.remembered?.some((each) => each.service === service)
    })
  }

  service(
    name: string,
    annotations: Readonly<Record<string, string>> = {},
    more: object = {},
  ): Promise<Seen> {
    const spec = { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }], ...more }
    return this.create(services, { apiVersion: 'v1', kind: 'Service', metadata: { name, annotations }, spec })
  }

  /** A Node that is ready, and its speaker as if it ran and heard these peers. */
  async node(name: string, peers: readonly string[] = []): Promise<void> {
    await this.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } })
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'Test',
      message: '',
      lastTransitionTime: '2024-01-01T00:00:00Z',
    }
    await this.request('PATCH', `/api/v1/nodes/${name}/status`, { status: { conditions: [ready] } })
    await this.create(`${own}/speakers`, {
      apiVersion: 'lanlord.dev/v1beta1',
      kind: 'Speaker',
      metadata: { name },
      spec: {},
    })
    await this.says(name, { conditions: [ready], peers: peers.map((node) => peer(node)) })
  }

  async says(node: string, status: object): Promise<void> {
    await this.request('PATCH', `${own}/speakers/${node}/status`, { status })
  }

  /** Something serves behind the Service, on a node. */
  async endpoint(service: string, nodeName: string): Promise<void> {
    const metadata = { name: service, labels: { 'kubernetes.io/service-name': service } }
    const endpoints = [{ addresses: ['10.244.0.9'], nodeName, conditions: { ready: true } }]
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      endpoints,
    }
    await this.create('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', slice)
  }

  /** Writes of the controllers by resource, those that failed included. */
  async writes(): Promise<Readonly<Record<string, number>>> {
    const { requests } = await this.request<{ readonly requests: readonly RequestLine[] }>(
      'GET',
      '/debug/requests',
    )
    const counted: Record<string, number> = {}
    for (const { verb, resource, userAgent, count } of requests) {
      if (userAgent !== 'lanlord-controller' || ['get', 'list', 'watch'].includes(verb.toLowerCase()))
        continue
      counted[resource] = (counted[resource] ?? 0) + count
    }
    return counted
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#controllers.map((each) => each.end('SIGKILL')))
    await this.api[Symbol.asyncDispose]()
  }
}

/** A controller as it runs in a cluster, and its log. */
export class ControllerProcess {
  readonly log: string[] = []
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  constructor(kubeconfig: string, identity: string, flags: readonly string[]) {
    const argv = [program, '--kubeconfig', kubeconfig, '--identity', identity, '--http', 'off', ...flags]
    this.#child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.log.push(...chunk.toString().trimEnd().split('\n')))
    }
    this.#exited = once(this.#child, 'exit')
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  has(word: string): boolean {
    return this.log.some((line) => line.includes(word))
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.isRunning) this.#child.kill(signal)
    await this.#exited
    return this.#child.exitCode
  }
}

function peer(node: string): object {
  return { node, interface: 'eth0', since: '2024-01-01T00:00:00Z' }
}

/** Waits until the check answers something, and answers that; a test that waits in vain says for what. */
export async function eventually<T>(what: string, check: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + 15_000
  for (;;) {
    const found = await check()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await sleep(10)
  }
}

export function addressOf(service: Seen): string | undefined {
  return service.status?.loadBalancer?.ingress?.map(({ ip }) => ip).join()
}

export function conditionOf({ status }: Seen, type: string): Condition | undefined {
  return status?.conditions?.find((each) => each.type === type)
}

/** `True Assigned 10.0.0.1 from AddressPool lab`. */
export function said(object: Seen, type: string): string {
  const condition = conditionOf(object, type)
  return condition ? `${condition.status} ${condition.reason} ${condition.message}` : 'nothing'
}
