import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { ArpFindings } from '../../src/sandbox/probe/arp.ts'
import type { Outage } from '../../src/sandbox/probe/outage.ts'
import type { Cluster } from './ground.ts'

const execute = promisify(execFile)

/** What the suite reads of a Service. */
export interface ServiceObject {
  readonly metadata: { readonly name: string; readonly resourceVersion: string }
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly ip: string; readonly ipMode?: string }[]
    }
    readonly conditions?: readonly ConditionObject[]
  }
}

export interface ConditionObject {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

export interface SpeakerObject {
  readonly metadata: { readonly name: string }
  readonly status?: {
    readonly announcing?: readonly {
      readonly address: string
      readonly mac: string
      readonly since: string
    }[]
    readonly peers?: readonly unknown[]
    readonly conditions?: readonly ConditionObject[]
  }
}

/** Someone with kubectl and a machine on the LAN: does to a cluster what a user does, and looks at it as one does. */
export class Operator {
  readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /** Real kubectl; fails with what kubectl said. */
  async kubectl(...args: readonly string[]): Promise<string> {
    const env = { ...process.env, KUBECONFIG: this.cluster.kubeconfig }
    return (await execute('kubectl', args, { env, timeout: 30_000 })).stdout
  }

  async apply(manifest: string): Promise<string> {
    const env = { ...process.env, KUBECONFIG: this.cluster.kubeconfig }
    const running = execute('kubectl', ['apply', '-f', '-'], { env, timeout: 30_000 })
    running.child.stdin?.end(manifest)
    return (await running).stdout
  }

  async list<T>(what: string): Promise<readonly T[]> {
    return (JSON.parse(await this.kubectl('get', what, '-o', 'json')) as { items: readonly T[] }).items
  }

  async service(name: string): Promise<ServiceObject> {
    return JSON.parse(await this.kubectl('get', 'service', name, '-o', 'json')) as ServiceObject
  }

  /** Waits until the Service has an address, and answers it. */
  async addressOf(service: string): Promise<string> {
    return this.eventually(`Service ${service} has an address`, async () => {
      return (await this.service(service)).status?.loadBalancer?.ingress?.[0]?.ip
    })
  }

  /** Waits until exactly one Speaker says that it announces the address, and answers its node. */
  async announcerOf(address: string, isOther?: string): Promise<string> {
    return this.eventually(`one node announces ${address}`, async () => {
      const names = (await this.list<SpeakerObject>('speakers'))
        .filter((each) => each.status?.announcing?.some((entry) => entry.address === address))
        .map((each) => each.metadata.name)
      return names.length === 1 && names[0] !== isOther ? names[0] : undefined
    })
  }

  /** Waits until every speaker hears every other. */
  async settled(): Promise<void> {
    await this.eventually('every speaker hears every other', async () => {
      const speakers = await this.list<SpeakerObject>('speakers')
      const others = this.cluster.nodes.length - 1
      return speakers.every((each) => each.status?.peers?.length === others) || undefined
    })
  }

  /** Runs a command on the client machine. */
  async asClient(...args: readonly string[]): Promise<string> {
    const [command = '', ...rest] = [...this.cluster.client.exec, ...args]
    return (await execute(command, rest, { timeout: 60_000 })).stdout
  }

  curl(address: string): Promise<string> {
    return this.asClient('curl', '--silent', '--show-error', '--max-time', '5', `http://${address}`)
  }

  /** A datagram each millisecond to the echo port, until `stop`. */
  probeUdp(address: string): Promise<Probe<Outage>> {
    return this.#probe('udp', address, '7')
  }

  /** An ARP question every 5 ms, until `stop`. */
  probeArp(address: string): Promise<Probe<ArpFindings>> {
    return this.#probe('arp', address)
  }

  async #probe<T>(...args: readonly string[]): Promise<Probe<T>> {
    const argv = [...this.cluster.client.exec, process.execPath, 'dist/probe.js', ...args]
    const child = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    await lines.next()
    return {
      stop: async () => {
        child.kill('SIGINT')
        return JSON.parse(String((await lines.next()).value)) as T
      },
    }
  }

  /** Asks until the answer is something; a test that waits in vain says for what. */
  async eventually<T>(what: string, ask: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> {
    const deadline = performance.now() + withinMs
    for (;;) {
      const answer = await ask()
      if (answer !== undefined) return answer
      if (performance.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export interface Probe<T> {
  stop(): Promise<T>
}

/** A pool of `size` addresses from .200 up of the cluster's subnet. */
export function pool(cluster: Cluster, name: string, from: number, to: number): string {
  return poolOf(name, `${networkOf(cluster)}.${from}-${networkOf(cluster)}.${to}`)
}

export function poolOf(name: string, ...addresses: readonly string[]): string {
  return `apiVersion: lanlord.dev/v1beta1
kind: AddressPool
metadata: { name: ${name} }
spec: { addresses: ${JSON.stringify(addresses)} }
`
}

export function networkOf(cluster: Cluster): string {
  return cluster.subnet.split('.').slice(0, 3).join('.')
}

export interface ServiceOptions {
  readonly policy?: 'Cluster' | 'Local'
  readonly annotations?: Readonly<Record<string, string>>
}

/** A LoadBalancer Service in front of the Pods of `workload`, for HTTP and for echo. */
export function service(name: string, { policy = 'Cluster', annotations = {} }: ServiceOptions = {}): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, annotations: ${JSON.stringify(annotations)} }
spec:
  type: LoadBalancer
  externalTrafficPolicy: ${policy}
  selector: { app: web }
  ports:
    - { name: http, port: 80, targetPort: 8080, protocol: TCP }
    - { name: echo, port: 7, targetPort: 7777, protocol: UDP }
`
}

/** One Pod on each of `replicas` nodes. */
export function workload(replicas: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: lanlord.dev/web
          ports: [{ containerPort: 8080 }, { containerPort: 7777, protocol: UDP }]
`
}
