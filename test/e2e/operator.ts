import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Findings } from '../../src/sandbox/probe/ask.ts'
import type { Outage } from '../../src/sandbox/probe/outage.ts'
import { startProbe, type Probe } from './client-probe.ts'
import { environmentOf, lookEveryMs, patienceMs, type Cluster } from './ground.ts'
import type { NodeObject, ServiceObject, SpeakerObject, WorkloadObject } from './objects.ts'

const execute = promisify(execFile)
const maxBuffer = 64 * 1024 * 1024

/** Someone with kubectl and a machine on the LAN: does to a cluster what a user does, and looks at it as one does. */
export class Operator {
  readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /** Real kubectl; fails with what kubectl said. */
  kubectl(...args: readonly string[]): Promise<string> {
    return this.run('kubectl', ...args)
  }

  /** Any program, in the environment of someone who works with this cluster. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    const options = { env: environmentOf(this.cluster), timeout: 2 * patienceMs, maxBuffer }
    return (await execute(command, args, options)).stdout
  }

  async apply(...manifests: readonly string[]): Promise<string> {
    const options = { env: environmentOf(this.cluster), timeout: 2 * patienceMs, maxBuffer }
    const running = execute('kubectl', ['apply', '-f', '-'], options)
    running.child.stdin?.end(manifests.join('---\n'))
    return (await running).stdout
  }

  async list<T>(what: string, ...flags: readonly string[]): Promise<readonly T[]> {
    return (JSON.parse(await this.kubectl('get', what, ...flags, '-o', 'json')) as { items: readonly T[] })
      .items
  }

  async get<T>(what: string, name: string, ...flags: readonly string[]): Promise<T> {
    return JSON.parse(await this.kubectl('get', what, name, ...flags, '-o', 'json')) as T
  }

  service(name: string): Promise<ServiceObject> {
    return this.get<ServiceObject>('service', name)
  }

  /** Waits until every Pod of the Deployment is a current one and ready. */
  async deployed(name = 'web', ...flags: readonly string[]): Promise<void> {
    await this.eventually(`every Pod of Deployment ${name} is ready`, async () => {
      const { metadata, status } = await this.get<WorkloadObject>('deployment', name, ...flags)
      const isCurrent = status?.observedGeneration === metadata.generation
      return (isCurrent && status?.readyReplicas === status?.replicas && status?.replicas) || undefined
    })
  }

  /** Waits until the Service has an address, and answers it. */
  addressOf(service: string): Promise<string> {
    return this.eventually(`Service ${service} has an address`, async () => {
      return (await this.service(service)).status?.loadBalancer?.ingress?.[0]?.ip
    })
  }

  /**
   * Waits until exactly one Speaker says that it announces the address, and answers its node. That is the one on which
   * it is placed, too: else it is about to move, as the address of a Local Service may be while its first Pods come.
   */
  announcerOf(address: string, isOther?: string): Promise<string> {
    return this.eventually(`one node announces ${address}`, async () => {
      const speakers = await this.list<SpeakerObject>('speakers')
      const names = speakers
        .filter((each) => each.status?.announcing?.some((entry) => entry.address === address))
        .map((each) => each.metadata.name)
      const [name] = names
      const isAtRest = names.length === 1 && name === placeOf(address, speakers)
      return isAtRest && name !== isOther ? name : undefined
    })
  }

  macOf(node: string): string {
    return this.cluster.nodes.find(({ name }) => name === node)?.mac ?? ''
  }

  /** Waits until every speaker hears every other; one that is on two networks with it is heard twice. */
  async settled(): Promise<void> {
    await this.eventually('every speaker hears every other', async () => {
      const speakers = await this.list<SpeakerObject>('speakers')
      const heard = speakers.map(({ status }) => new Set(status?.peers?.map(({ node }) => node)).size)
      const others = this.cluster.nodes.length - 1
      return (heard.length > others && heard.every((count) => count === others)) || undefined
    })
  }

  /** Waits until Kubernetes calls every node ready. */
  async nodesReady(): Promise<void> {
    await this.eventually('every node is ready', async () => {
      const nodes = await this.list<NodeObject>('nodes')
      const isReady = ({ status }: NodeObject): boolean =>
        status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True')
      return (nodes.length === this.cluster.nodes.length && nodes.every(isReady)) || undefined
    })
  }

  /** Waits until the client reaches the address by HTTP, and answers what it was told. */
  reaches(address: string): Promise<string> {
    return this.eventually(`the client reaches ${address}`, () => this.curl(address).catch(() => undefined))
  }

  /** Runs a command on the client machine. */
  asClient(...args: readonly string[]): Promise<string> {
    return this.at(this.cluster.client.exec, ...args)
  }

  /** Runs a command where `exec` says. */
  async at(exec: readonly string[], ...args: readonly string[]): Promise<string> {
    const [command = '', ...rest] = [...exec, ...args]
    return (await execute(command, rest, { timeout: 60_000, maxBuffer })).stdout
  }

  curl(address: string): Promise<string> {
    const url = address.includes(':') ? `http://[${address}]` : `http://${address}`
    return this.asClient('curl', '--silent', '--show-error', '--max-time', '5', url)
  }

  /** A datagram each millisecond to the echo port, until `stop`. */
  probeUdp(address: string): Promise<Probe<Outage>> {
    return startProbe(this.cluster, 'udp', address, '7', '--seconds', '600')
  }

  /** An ARP question every 5 ms, until `stop`. */
  probeArp(address: string): Promise<Probe<Findings>> {
    return startProbe(this.cluster, 'arp', address, '--seconds', '600')
  }

  /** Asks until the answer is something; a test that waits in vain says for what. */
  async eventually<T>(
    what: string | (() => string),
    ask: () => Promise<T | undefined>,
    withinMs: number = patienceMs,
  ): Promise<T> {
    const deadline = performance.now() + withinMs
    for (;;) {
      const answer = await ask()
      if (answer !== undefined) return answer
      if (performance.now() > deadline) {
        throw new Error(`not within ${withinMs / 1000} s: ${typeof what === 'string' ? what : what()}`)
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  }
}

/** The node with the newest placement of the address. */
function placeOf(address: string, speakers: readonly SpeakerObject[]): string | undefined {
  const revisionAt = ({ spec }: SpeakerObject): number =>
    spec?.addresses?.find((entry) => entry.address === address)?.revision ?? -1
  return speakers.toSorted((a, b) => revisionAt(b) - revisionAt(a))[0]?.metadata.name
}
