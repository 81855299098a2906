import { arch, cpus, release, totalmem } from 'node:os'
import type { Api } from '../../../platform/kubernetes/api.ts'
import { hasStatus } from '../../../platform/kubernetes/api-error.ts'
import { objectPath } from '../../../platform/kubernetes/object.ts'
import { WorkQueue } from '../../../platform/kubernetes/work-queue.ts'
import type { Log } from '../../../platform/telemetry/log.ts'
import { timestamp, type ClusterNode } from '../../cluster/objects.ts'
import { nodeLabels, nodeObject, nodeStatus, showsWell, type NodeFacts } from './node-object.ts'

/** A quarter of the time after which the stand-in for the controller-manager gives a node up. */
const renewMs = 2500
const statusMs = 60_000
const leasePath = '/apis/coordination.k8s.io/v1'

export interface NodeKeeperOptions {
  readonly node: string
  readonly podCidr: string
  readonly api: Api
  readonly hostAddress: () => string
  readonly find: () => ClusterNode | undefined
  readonly log: Log
}

/** Registers this node, keeps its Node object true and renews its Lease. */
export class NodeKeeper {
  readonly #options: NodeKeeperOptions
  readonly #queue: WorkQueue
  readonly #timers: readonly NodeJS.Timeout[]
  #statusDueMs = -Infinity

  constructor(options: NodeKeeperOptions) {
    this.#options = options
    this.#queue = new WorkQueue({
      concurrency: 2,
      backoff: { baseMs: 50, capMs: 1000 },
      work: (key) => (key === 'lease' ? this.#renew() : this.#keep()),
      onProblem: (err, key) => options.log.debug({ err, what: key }, 'API server not reached, trying again'),
    })
    this.#timers = [
      setInterval(() => this.#queue.add('lease'), renewMs),
      setInterval(() => this.changed(), statusMs),
    ]
  }

  /** Looks at the Node object again. */
  changed(): void {
    this.#queue.add('node')
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#queue.close()
  }

  async #keep(): Promise<void> {
    const { api, find } = this.#options
    const facts = this.#facts()
    const known = find() ?? (await this.#register(facts))
    if (showsWell(known, facts) && performance.now() < this.#statusDueMs) return
    await this.#renew() // First, so that nobody takes the node for lost on the old Lease.
    const path = objectPath('/api/v1', 'nodes', facts.name)
    if (!showsWell(known, facts)) {
      const spec = known.spec?.podCIDR ? {} : { podCIDR: facts.podCidr, podCIDRs: [facts.podCidr] }
      await api.request('PATCH', path, { body: { metadata: { labels: nodeLabels(facts) }, spec } })
    }
    await api.request('PATCH', `${path}/status`, {
      body: { status: nodeStatus(facts, known.status?.conditions) },
    })
    this.#statusDueMs = performance.now() + statusMs * 0.9
  }

  async #register(facts: NodeFacts): Promise<ClusterNode> {
    const { api } = this.#options
    try {
      return await api.request<ClusterNode>('POST', '/api/v1/nodes', { body: nodeObject(facts) })
    } catch (error) {
      if (!hasStatus(error, 409)) throw error
      return api.request<ClusterNode>('GET', objectPath('/api/v1', 'nodes', facts.name))
    }
  }

  async #renew(): Promise<void> {
    const { api, node } = this.#options
    const spec = {
      holderIdentity: node,
      leaseDurationSeconds: 10,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    }
    const path = objectPath(leasePath, 'leases', `kube-node-lease/${node}`)
    try {
      await api.request('PATCH', path, { body: { spec } })
    } catch (error) {
      if (!hasStatus(error, 404)) throw error
      await this.#createLease(spec)
    }
  }

  async #createLease(spec: object): Promise<void> {
    const { api, node } = this.#options
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: node }, spec }
    try {
      await api.request('POST', `${leasePath}/namespaces/kube-node-lease/leases`, { body })
    } catch (error) {
      if (!hasStatus(error, 404)) throw error
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-node-lease' } }
      await api.request('POST', '/api/v1/namespaces', { body: namespace })
      throw error // The next try finds the namespace.
    }
  }

  #facts(): NodeFacts {
    return {
      name: this.#options.node,
      address: this.#options.hostAddress(),
      podCidr: this.#options.podCidr,
      cpus: cpus().length,
      memoryBytes: totalmem(),
      kernelVersion: release(),
      architecture: arch() === 'x64' ? 'amd64' : arch(),
      now: timestamp(),
    }
  }
}
