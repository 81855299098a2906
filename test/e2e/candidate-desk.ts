import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NodeObject, ServiceObject, SpeakerObject } from './objects.ts'
import type { Operator } from './operator.ts'

/** One endpoint of a Service, as an EndpointSlice has it. */
export interface Endpoint {
  /** Nobody's unless it is said. */
  readonly address?: string
  readonly nodeName?: string
  readonly ready?: boolean
  readonly serving?: boolean
  readonly terminating?: boolean
}

/** Who announces an address, as Speakers say it. */
export interface Announcer {
  readonly node: string
  readonly since: string
  readonly cause: string
}

/** Longer than everything that happens to an address takes here, so that after it nothing will happen. */
const restMs = 1_000

const otherPort = 19_256
const unhealthy = `require('http').createServer((_, answer) => answer.writeHead(503).end()).listen(${otherPort})`
const table = 'ip lanlord_test'

/** What changes who may announce an address, done by kubectl and on the nodes; and who announces it, by kubectl and on the wire. */
export class CandidateDesk {
  readonly #operator: Operator
  readonly #servers: ChildProcess[] = []

  constructor(operator: Operator) {
    this.#operator = operator
  }

  /** A Service without a selector, whose endpoints are written by hand. */
  async service(name: string, spec: object, annotations: Readonly<Record<string, string>>): Promise<void> {
    const ports = [{ port: 80 }]
    const object = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports, ...spec }
    const metadata = { name, annotations }
    await this.#operator.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec: object }))
  }

  async endpoints(service: string, ...endpoints: readonly Endpoint[]): Promise<void> {
    const written = endpoints.map(
      ({ address, nodeName, ready = true, serving = ready, terminating = false }, at) => {
        const conditions = { ready, serving, terminating }
        return { addresses: [address ?? `192.0.2.${at + 1}`], conditions, ...(nodeName && { nodeName }) }
      },
    )
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${service}-by-hand`, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      ports: [{ port: 8080 }],
      endpoints: written,
    }
    await this.#operator.apply(JSON.stringify(slice))
  }

  async pool(name: string, addresses: readonly string[], l2: object): Promise<void> {
    const metadata = { name }
    const spec = { addresses, l2: { readiness: 'None', ...l2 } }
    const object = { apiVersion: 'lanlord.dev/v1beta1', kind: 'AddressPool', metadata, spec }
    await this.#operator.apply(JSON.stringify(object))
  }

  async gone(service: string): Promise<void> {
    const names = [`service/${service}`, `endpointslice/${service}-by-hand`]
    await this.#operator.kubectl('delete', '--ignore-not-found', ...names)
  }

  async annotate(service: string, node: string | undefined): Promise<void> {
    const word = node === undefined ? '-' : `=${node}`
    await this.#operator.kubectl(
      'annotate',
      '--overwrite',
      'service',
      service,
      `lanlord.dev/preferred-node${word}`,
    )
  }

  label(node: string, ...labels: readonly string[]): Promise<unknown> {
    return this.#operator.kubectl('label', '--overwrite', 'node', node, ...labels)
  }

  taint(node: string, taint: string): Promise<unknown> {
    return this.#operator.kubectl('taint', 'node', node, taint)
  }

  cordon(to: 'cordon' | 'uncordon', ...nodes: readonly string[]): Promise<unknown> {
    return this.#operator.kubectl(to, ...nodes)
  }

  /** As a network plugin says that it has not set the node up. */
  async network(node: string, unavailable: 'True' | 'False'): Promise<void> {
    const { status } = await this.#operator.get<NodeObject>('node', node)
    const others = status.conditions.filter(({ type }) => type !== 'NetworkUnavailable')
    const reason = 'Test'
    const own = { type: 'NetworkUnavailable', status: unavailable, reason, message: '' }
    const patch = JSON.stringify({ status: { conditions: [...others, own] } })
    const flags = ['--subresource=status', '--type=merge', `--patch=${patch}`]
    await this.#operator.kubectl('patch', 'node', node, ...flags)
  }

  /** Whoever asks the kube-proxy of the node for its health is answered 503 from now on. */
  async spoilProxyHealth(node: string): Promise<void> {
    const exec = this.#execOf(node)
    const [command, ...rest] = [...exec, process.execPath, '-e', unhealthy]
    this.#servers.push(spawn(command, rest, { stdio: 'ignore' }))
    const chain = `add chain ${table} out { type nat hook output priority -150; }`
    const rule = `add rule ${table} out tcp dport 10256 redirect to :${otherPort}`
    await this.#operator.at(exec, 'nft', `add table ${table}; ${chain}; ${rule}`)
  }

  async mendProxyHealth(node: string): Promise<void> {
    await this.#operator.at(this.#execOf(node), 'nft', `delete table ${table}`)
    this.close()
    await this.#operator.eventually(`the kube-proxy of ${node} is healthy`, async () => {
      const { status } = await this.#operator.get<SpeakerObject>('speaker', node)
      return status?.kubeProxy === 'Healthy' || undefined
    })
  }

  close(): void {
    for (const server of this.#servers.splice(0)) server.kill('SIGKILL')
  }

  /** The node that announces the address, on however many interfaces, since when and why; `nobody` when none does. */
  async announcerOf(address: string): Promise<Announcer> {
    const speakers = await this.#operator.list<SpeakerObject>('speakers')
    const found = speakers.flatMap(({ metadata, status }) => {
      const own = status?.announcing?.find((entry) => entry.address === address)
      return own === undefined ? [] : { node: metadata.name, since: own.since, cause: own.cause }
    })
    const nodes = found.map(({ node }) => node).join(' and ')
    const [{ since, cause } = { since: '', cause: '' }] = found
    return { node: nodes === '' ? 'nobody' : nodes, since, cause }
  }

  /** Who answers for it on the wire. */
  async answererOf(address: string): Promise<string> {
    const asked = `arping -c 1 -w 1 -I eth0 ${address} || true`
    const told = (await this.#operator.asClient('sh', '-c', asked)).toLowerCase()
    const names = this.#operator.cluster.nodes.filter(({ mac }) => told.includes(`[${mac}]`))
    return names.length === 0 ? 'nobody' : names.map(({ name }) => name).join(' and ')
  }

  /** Waits until Speakers say that it is announced there; answers since when, as milliseconds of the wall clock. */
  isSaidOf(address: string, node: string): Promise<number> {
    let last = ''
    const words = (): string => `${address} is announced by ${node}, and not by ${last}`
    return this.#operator.eventually(words, async () => {
      const found = await this.announcerOf(address)
      last = found.node
      if (last !== node) return undefined
      return found.since === '' ? Date.now() : Date.parse(found.since)
    })
  }

  /** The same, and until it is answered for on the wire. */
  async comesTo(address: string, node: string): Promise<number> {
    const sinceMs = await this.isSaidOf(address, node)
    await this.#operator.eventually(`${node} answers for ${address}`, async () => {
      return (await this.answererOf(address)) === node || undefined
    })
    return sinceMs
  }

  /** Waits long enough for anything to happen to the address that will. */
  async staysOn(address: string, node: string): Promise<void> {
    await sleep(restMs)
    await this.comesTo(address, node)
  }

  /** Waits until the Service says in its condition Announced what is expected. */
  says(service: string, expected: string): Promise<string> {
    let last = ''
    const words = (): string => `Service ${service} says "${expected}", and not "${last}"`
    return this.#operator.eventually(words, async () => {
      const { status } = await this.#operator.get<ServiceObject>('service', service)
      const condition = status?.conditions?.find(({ type }) => type === 'lanlord.dev/Announced')
      last = condition ? `${condition.status} ${condition.reason} ${condition.message}` : 'nothing'
      return last.includes(expected) ? last : undefined
    })
  }

  #execOf(node: string): readonly string[] {
    return this.#operator.cluster.nodes.find(({ name }) => name === node)?.exec ?? []
  }
}
