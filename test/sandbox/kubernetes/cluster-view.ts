import { Api } from '../../../src/platform/kubernetes/api.ts'
import { loadConfig } from '../../../src/platform/kubernetes/config.ts'
import { run } from '../../../src/sandbox/lan/command.ts'
import type { Playground } from '../../../src/sandbox/playground.ts'
import { until } from '../../../src/sandbox/until.ts'

export interface PodObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly spec: { readonly nodeName?: string }
  readonly status: {
    readonly podIPs?: readonly { readonly ip: string }[]
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly containerID?: string }[]
  }
}

interface NodeObject {
  readonly metadata: { readonly name: string }
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] }
}

const workloads = '/apis/apps/v1/namespaces/default/daemonsets'

/** A cluster as a test looks at it, and the sample workload that it runs there: one Pod on each node. */
export class ClusterView implements AsyncDisposable {
  readonly cluster: Playground
  readonly api: Api

  private constructor(cluster: Playground, api: Api) {
    this.cluster = cluster
    this.api = api
  }

  static async of(cluster: Playground): Promise<ClusterView> {
    return new ClusterView(cluster, new Api(await loadConfig({ kubeconfig: cluster.kubeconfig })))
  }

  async readyNodes(): Promise<readonly string[]> {
    const { items } = await this.api.request<{ items: readonly NodeObject[] }>('GET', '/api/v1/nodes')
    return items
      .filter(({ status }) => isTrue(status.conditions, 'Ready'))
      .map(({ metadata }) => metadata.name)
      .toSorted()
  }

  async pods(): Promise<readonly PodObject[]> {
    const path = '/api/v1/namespaces/default/pods'
    return (await this.api.request<{ items: readonly PodObject[] }>('GET', path)).items
  }

  /** Pods of the workload that are Ready, by their node. */
  async readyPods(): Promise<ReadonlyMap<string, PodObject>> {
    const ready = (await this.pods()).filter(({ status }) => isTrue(status.conditions ?? [], 'Ready'))
    return new Map(ready.map((pod) => [pod.spec.nodeName ?? '', pod]))
  }

  async runWorkload(): Promise<void> {
    const labels = { app: 'web' }
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: 'web', image: 'lanlord.dev/web' }] },
    }
    await this.api.request('POST', workloads, {
      body: {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: labels }, template },
      },
    })
    await this.eventually('a Pod is ready on each node', async () => {
      return (await this.readyPods()).size === this.cluster.nodes.length
    })
  }

  /** A LoadBalancer Service in front of the workload, with these addresses written into its status by hand. */
  async expose(name: string, addresses: readonly string[], spec: object = {}): Promise<void> {
    const services = '/api/v1/namespaces/default/services'
    const ports = [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }]
    const body = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports, ...spec },
    }
    await this.api.request('POST', services, { body })
    const ingress = addresses.map((ip) => ({ ip, ipMode: 'VIP' }))
    await this.api.request('PATCH', `${services}/${name}/status`, {
      body: { status: { loadBalancer: { ingress } } },
    })
  }

  async asClient(...argv: readonly string[]): Promise<string> {
    return run([...this.cluster.client.exec, ...argv])
  }

  eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const check = (): Promise<boolean> => isSo().catch(() => false)
    return until(check, { describe: () => `waiting until ${what}`, timeoutMs: 90_000, everyMs: 50 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api.close()
    await this.cluster.close()
  }
}

function isTrue(conditions: readonly { type: string; status: string }[], type: string): boolean {
  return conditions.some((one) => one.type === type && one.status === 'True')
}
