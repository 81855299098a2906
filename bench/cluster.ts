import { Api } from '../src/platform/kubernetes/api.ts'
import { plainConfig } from '../src/platform/kubernetes/config.ts'
import type { Sandbox } from '../src/sandbox/sandbox.ts'
import { until } from '../src/sandbox/until.ts'

interface ServiceObject {
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } }
}

interface SpeakerObject {
  readonly metadata: { readonly name: string }
  readonly status?: {
    readonly announcing?: readonly { readonly address: string }[]
    readonly peers?: readonly unknown[]
  }
}

const services = '/api/v1/namespaces/default/services'
const speakers = '/apis/lanlord.dev/v1beta1/speakers'

/** The cluster of a sandbox, as a benchmark uses it. */
export class BenchCluster {
  readonly sandbox: Sandbox
  readonly api: Api

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox
    this.api = new Api(plainConfig(sandbox.server))
  }

  /** `10.1.2` of `10.1.2.0/24`. */
  get network(): string {
    return this.sandbox.subnet.split('.').slice(0, 3).join('.')
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

  /** One Pod for each node, which answers HTTP and echoes. */
  async addWorkload(): Promise<void> {
    const ports = [{ containerPort: 8080 }, { containerPort: 7777, protocol: 'UDP' }]
    const template = {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'lanlord.dev/web', ports }] },
    }
    await this.api.request('POST', '/apis/apps/v1/namespaces/default/deployments', {
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { replicas: this.sandbox.nodes.length, selector: { matchLabels: { app: 'web' } }, template },
      },
    })
    await this.eventually('every Pod is ready', async () => {
      const path = '/apis/apps/v1/namespaces/default/deployments/web'
      const { status } = await this.api.request<{ status?: { readyReplicas?: number } }>('GET', path)
      return status?.readyReplicas === this.sandbox.nodes.length
    })
  }

  async addService(name: string, policy: 'Cluster' | 'Local', selector = 'web'): Promise<void> {
    const ports = [
      { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' },
      { name: 'echo', port: 7, targetPort: 7777, protocol: 'UDP' },
    ]
    await this.api.request('POST', services, {
      body: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { type: 'LoadBalancer', externalTrafficPolicy: policy, selector: { app: selector }, ports },
      },
    })
  }

  async removeService(name: string): Promise<void> {
    await this.api.request('DELETE', `${services}/${name}`)
  }

  async addressOf(service: string): Promise<string | undefined> {
    const { status } = await this.api.request<ServiceObject>('GET', `${services}/${service}`)
    return status?.loadBalancer?.ingress?.[0]?.ip
  }

  async addressed(): Promise<number> {
    const { items } = await this.api.request<{ items: readonly ServiceObject[] }>('GET', services)
    return items.filter(({ status }) => status?.loadBalancer?.ingress?.[0]).length
  }

  /** The one node that says it announces the address. */
  async announcerOf(address: string): Promise<string | undefined> {
    const { items } = await this.api.request<{ items: readonly SpeakerObject[] }>('GET', speakers)
    const names = items
      .filter(({ status }) => status?.announcing?.some((each) => each.address === address))
      .map(({ metadata }) => metadata.name)
    return names.length === 1 ? names[0] : undefined
  }

  async settled(): Promise<void> {
    await this.eventually('every speaker hears every other', async () => {
      const { items } = await this.api.request<{ items: readonly SpeakerObject[] }>('GET', speakers)
      return items.every(({ status }) => status?.peers?.length === this.sandbox.nodes.length - 1)
    })
  }

  async eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
    await until(isSo, { describe: () => what, timeoutMs: 120_000, everyMs: 20 })
  }
}
