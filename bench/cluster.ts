import type { Family } from '../src/core/ip/address.ts'
import { Api } from '../src/platform/kubernetes/api.ts'
import { loadConfig } from '../src/platform/kubernetes/config.ts'
import type { Playground } from '../src/sandbox/playground.ts'
import { until } from '../src/sandbox/until.ts'

interface ServiceObject {
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } }
}

interface SpeakerObject {
  readonly metadata: { readonly name: string }
  readonly status?: {
    readonly announcing?: readonly { readonly address: string }[]
    readonly peers?: readonly { readonly node: string }[]
  }
}

interface PoolObject {
  readonly status?: { readonly ipv4?: { readonly allocated?: number } }
}

interface NodeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

export const servicesPath = '/api/v1/namespaces/default/services'
const speakers = '/apis/lanlord.dev/v1beta1/speakers'

/** The cluster of a playground, as a benchmark uses it. */
export class BenchCluster implements AsyncDisposable {
  readonly playground: Playground
  readonly api: Api

  private constructor(playground: Playground, api: Api) {
    this.playground = playground
    this.api = api
  }

  static async on(playground: Playground): Promise<BenchCluster> {
    return new BenchCluster(playground, new Api(await loadConfig({ kubeconfig: playground.kubeconfig })))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api.close()
  }

  /** `10.1.2` of `10.1.2.0/24`. */
  get network(): string {
    return this.playground.subnet.split('.').slice(0, 3).join('.')
  }

  async addPool(name: string, ...addresses: readonly string[]): Promise<void> {
    await this.api.request('POST', '/apis/lanlord.dev/v1beta1/addresspools', {
      body: {
        apiVersion: 'lanlord.dev/v1beta1',
        kind: 'AddressPool',
        metadata: { name },
        spec: { addresses },
      },
    })
  }

  /** Whether addresses of the pool move by themselves to make its nodes even. */
  async setRebalance(pool: string, rebalance: 'Auto' | 'Manual'): Promise<void> {
    await this.api.request('PATCH', `/apis/lanlord.dev/v1beta1/addresspools/${pool}`, {
      body: { spec: { l2: { rebalance } } },
    })
  }

  /** Removes a pool that no Service holds addresses of, and waits until it is gone. */
  async removePool(name: string): Promise<void> {
    await this.api.request('DELETE', `/apis/lanlord.dev/v1beta1/addresspools/${name}`)
    await this.eventually(`AddressPool ${name} is gone`, async () => {
      const pools = await this.api.request<{ items: readonly { metadata: { name: string } }[] }>(
        'GET',
        '/apis/lanlord.dev/v1beta1/addresspools',
      )
      return pools.items.every(({ metadata }) => metadata.name !== name)
    })
  }

  /** One Pod for each node, which answers HTTP and echoes. */
  async addWorkload(): Promise<void> {
    const body = workload(this.playground.nodes.length)
    await this.api.request('POST', '/apis/apps/v1/namespaces/default/deployments', { body })
    await this.whole()
  }

  /** Waits until every node is ready, with its Pod, and every speaker hears every other. */
  async whole(): Promise<void> {
    const count = this.playground.nodes.length
    await this.eventually('every Pod is ready', async () => (await this.readyPods()) === count)
    await this.eventually('every node is ready', async () => {
      const { items } = await this.api.request<{ items: readonly NodeObject[] }>('GET', '/api/v1/nodes')
      return items.filter(isReady).length === count
    })
    await this.settled()
  }

  /** How many Pods of the workload are ready, as its Deployment says. */
  async readyPods(): Promise<number> {
    const path = '/apis/apps/v1/namespaces/default/deployments/web'
    const { status } = await this.api.request<{ status?: { readyReplicas?: number } }>('GET', path)
    return status?.readyReplicas ?? 0
  }

  async addService(
    name: string,
    policy: 'Cluster' | 'Local',
    selector = 'web',
    family: Family = 'IPv4',
  ): Promise<void> {
    const ports = [
      { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' },
      { name: 'echo', port: 7, targetPort: 7777, protocol: 'UDP' },
    ]
    await this.api.request('POST', servicesPath, {
      body: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: policy,
          selector: { app: selector },
          ports,
          ipFamilies: [family],
        },
      },
    })
  }

  async removeService(name: string): Promise<void> {
    await this.api.request('DELETE', `${servicesPath}/${name}`)
  }

  async addressOf(service: string): Promise<string | undefined> {
    const { status } = await this.api.request<ServiceObject>('GET', `${servicesPath}/${service}`)
    return status?.loadBalancer?.ingress?.[0]?.ip
  }

  /** How many IPv4 addresses of the pool are held, as its status says. */
  async allocatedOf(pool: string): Promise<number> {
    const path = `/apis/lanlord.dev/v1beta1/addresspools/${pool}`
    const { status } = await this.api.request<PoolObject>('GET', path)
    return status?.ipv4?.allocated ?? 0
  }

  /** The one node that says it announces the address. */
  async announcerOf(address: string): Promise<string | undefined> {
    const { items } = await this.api.request<{ items: readonly SpeakerObject[] }>('GET', speakers)
    const names = items
      .filter(({ status }) => status?.announcing?.some((each) => each.address === address))
      .map(({ metadata }) => metadata.name)
    return names.length === 1 ? names[0] : undefined
  }

  /** The same, once it is so: a speaker that comes back may still say what it said before. */
  async onlyAnnouncerOf(address: string): Promise<string> {
    let node: string | undefined
    await this.eventually(`one speaker says that it announces ${address}`, async () => {
      node = await this.announcerOf(address)
      return node !== undefined
    })
    return node ?? ''
  }

  /** All that a node's Speaker says it announces. */
  async announcedBy(node: string): Promise<ReadonlySet<string>> {
    const { status } = await this.api.request<SpeakerObject>('GET', `${speakers}/${node}`)
    return new Set(status?.announcing?.map(({ address }) => address))
  }

  async settled(): Promise<void> {
    await this.eventually('every speaker hears every other', async () => {
      const { items } = await this.api.request<{ items: readonly SpeakerObject[] }>('GET', speakers)
      const count = this.playground.nodes.length
      const heard = items.map(({ status }) => new Set(status?.peers?.map(({ node }) => node)).size)
      return heard.length === count && heard.every((each) => each === count - 1)
    })
  }

  /** Waits until the address has another announcer than this node, and one only. */
  async movedOff(address: string, node: string): Promise<void> {
    await this.eventually(`${address} has left ${node}`, async () => {
      const now = await this.announcerOf(address)
      return now !== undefined && now !== node
    })
  }

  /** Waits until another node says that it announces the address; the one that had it may not be able to say a word. */
  async takenFrom(address: string, node: string): Promise<void> {
    await this.eventually(`${address} is taken from ${node}`, async () => {
      const { items } = await this.api.request<{ items: readonly SpeakerObject[] }>('GET', speakers)
      return items.some(
        ({ metadata, status }) =>
          metadata.name !== node && status?.announcing?.some((each) => each.address === address),
      )
    })
  }

  /** The Service asks for a node to be announced by, or for none in particular. */
  async prefer(service: string, node: string | null): Promise<void> {
    const annotations = { 'lanlord.dev/preferred-node': node }
    await this.api.request('PATCH', `${servicesPath}/${service}`, { body: { metadata: { annotations } } })
  }

  /** Makes the node announce the address, as an operator would. */
  async moveTo(service: string, address: string, node: string): Promise<void> {
    await this.prefer(service, null) // Only one that asks for another node than before asks for a move.
    await this.prefer(service, node)
    await this.eventually(
      `${address} has come to ${node}`,
      async () => (await this.announcerOf(address)) === node,
    )
  }

  async cordon(node: string, unschedulable: boolean): Promise<void> {
    await this.api.request('PATCH', `/api/v1/nodes/${node}`, { body: { spec: { unschedulable } } })
  }

  async eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const everyMs = this.playground.ground === 'cluster' ? 250 : 20 // Asking takes time from what is measured.
    await until(isSo, { describe: () => what, timeoutMs: 120_000, everyMs })
  }
}

function isReady({ status }: NodeObject): boolean {
  return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false
}

/** The Deployment web with one Pod on each of so many nodes. */
function workload(replicas: number): unknown {
  const ports = [{ containerPort: 8080 }, { containerPort: 7777, protocol: 'UDP' }]
  const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1, timeoutSeconds: 5 }
  // Else it has the least weight of all, and a busy machine stops its answers, which look lost then.
  const resources = { requests: { cpu: '300m' } }
  const labels = { app: 'web' }
  const apart = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: labels },
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          topologySpreadConstraints: [apart],
          containers: [{ name: 'web', image: 'lanlord.dev/web', ports, readinessProbe, resources }],
        },
      },
    },
  }
}
