import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { openSandbox } from '../../../src/sandbox/open-sandbox.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import type { Deployment, EndpointSlice, Pod } from '../../../src/sandbox/cluster/objects.ts'
import { until } from '../../../src/sandbox/until.ts'

const execute = promisify(execFile)

/** A sandbox without Lanlord itself: the test gives Services their addresses and says which node answers for them. */
export class Ground implements AsyncDisposable {
  readonly sandbox: Sandbox
  readonly api: Api
  readonly #closing: AsyncDisposable[]

  private constructor(sandbox: Sandbox, api: Api) {
    this.sandbox = sandbox
    this.api = api
    this.#closing = [api, sandbox]
  }

  static async open(nodes: number): Promise<Ground> {
    const sandbox = await openSandbox({ nodes, controller: false, speakers: false })
    return new Ground(sandbox, new Api(plainConfig(sandbox.server)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#closing) await each[Symbol.asyncDispose]()
  }

  /** An address of the LAN that is free for Services. */
  address(offset: number): string {
    return this.sandbox.client.address.replace(/\d+$/, String(200 + offset))
  }

  nodeAddress(index: number): string {
    return this.sandbox.nodes[index]?.address ?? ''
  }

  async deploy(name: string, replicas: number): Promise<void> {
    await this.api.request('POST', '/apis/apps/v1/namespaces/default/deployments', {
      body: deployment(name, replicas),
    })
    await this.available(name, replicas)
  }

  async available(name: string, replicas: number): Promise<void> {
    await this.eventually(`${replicas} available of ${name}`, async () => {
      const found = await this.api.request<Deployment>('GET', deploymentPath(name))
      const status: Readonly<Record<string, unknown>> = { ...found.status }
      const counts = [status['availableReplicas'], status['replicas'], status['updatedReplicas']]
      return counts.every((count) => (count ?? 0) === replicas)
    })
  }

  async scale(name: string, replicas: number): Promise<void> {
    await this.api.request('PATCH', deploymentPath(name), { body: { spec: { replicas } } })
    await this.available(name, replicas)
  }

  /** A LoadBalancer Service with this address, whose TCP port 80 and UDP port 53 lead to the Pods of a Deployment. */
  async expose(name: string, address: string, policy: 'Cluster' | 'Local', app = name): Promise<void> {
    const path = '/api/v1/namespaces/default/services'
    await this.api.request('POST', path, { body: service(name, app, policy) })
    const status = { loadBalancer: { ingress: [{ ip: address, ipMode: 'VIP' }] } }
    await this.api.request('PATCH', `${path}/${name}/status`, { body: { status } })
  }

  /** From now on the client sends what is for the address to this node, as if that node had answered ARP. */
  async pointAt(address: string, node: number): Promise<void> {
    const mac = this.sandbox.nodes[node]?.mac ?? ''
    await this.inClient(['ip', 'neigh', 'replace', address, 'lladdr', mac, 'dev', 'eth0', 'nud', 'permanent'])
  }

  async inClient(argv: readonly string[]): Promise<string> {
    return this.run(this.sandbox.client.exec, argv)
  }

  async onNode(node: number, argv: readonly string[]): Promise<string> {
    return this.run(this.sandbox.nodes[node]?.exec ?? [], argv)
  }

  /** The answer of a Pod, line by line: pod, node, client, path; undefined when there was none. */
  async curl(address: string, path = '/'): Promise<Answer | undefined> {
    try {
      const text = await this.inClient(['curl', '-sf', '-m', '2', `http://${address}${path}`])
      return Object.fromEntries(text.split('\n').map((line) => line.split(': '))) as Answer
    } catch {
      return undefined
    }
  }

  async curlEventually(address: string): Promise<Answer> {
    let answer: Answer | undefined
    await this.eventually(
      `an answer from ${address}`,
      async () => (answer = await this.curl(address)) !== undefined,
    )
    return answer as Answer
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.api.request<{ items: readonly Pod[] }>('GET', '/api/v1/namespaces/default/pods')).items
  }

  async slices(): Promise<readonly EndpointSlice[]> {
    const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
    return (await this.api.request<{ items: readonly EndpointSlice[] }>('GET', path)).items
  }

  eventually(what: string, isSo: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
    return until(isSo, { describe: () => what, timeoutMs })
  }

  async run(place: readonly string[], argv: readonly string[]): Promise<string> {
    const [program = '', ...args] = [...place, ...argv]
    return (await execute(program, args)).stdout
  }
}

export interface Answer {
  readonly pod: string
  readonly node: string
  readonly client: string
  readonly path: string
}

export function deploymentPath(name: string): string {
  return `/apis/apps/v1/namespaces/default/deployments/${name}`
}

function deployment(name: string, replicas: number): object {
  const ports = [
    { name: 'http', containerPort: 8080 },
    { name: 'echo', containerPort: 5353, protocol: 'UDP' },
  ]
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'web', image: 'sandbox/web:1', ports }] },
      },
    },
  }
}

function service(name: string, app: string, externalTrafficPolicy: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy,
      selector: { app },
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'echo', port: 53, protocol: 'UDP', targetPort: 'echo' },
      ],
    },
  }
}
