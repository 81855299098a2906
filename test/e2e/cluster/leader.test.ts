import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaseName, systemNamespace } from '../../../src/core/api/names.ts'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { loadConfig } from '../../../src/platform/kubernetes/config.ts'
import { openCluster, type Cluster } from '../ground.ts'
import { Installation } from '../installation.ts'
import type { PodObject, ServiceObject } from '../objects.ts'
import { Operator } from '../operator.ts'

const count = 1000

interface LeaseObject {
  readonly spec: {
    readonly holderIdentity?: string
    readonly renewTime: string
    readonly acquireTime: string
  }
}

describe('1,000 Services that wait for an address, and the leading controller goes in the middle of it', () => {
  let cluster: Cluster
  let operator: Operator
  let installation: Installation
  let api: Api

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    installation = new Installation(operator)
    api = new Api(await loadConfig({ kubeconfig: cluster.kubeconfig }))
    await installation.rolledOut('controller')
  })
  afterAll(async () => {
    await api?.close()
    await cluster?.close()
  })

  const lease = async (): Promise<LeaseObject['spec']> => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${systemNamespace}/leases/${leaseName}`
    return (await api.request<LeaseObject>('GET', path)).spec
  }

  /** Services that no pool is for yet, all in a namespace of their own. */
  async function createServices(namespace: string): Promise<void> {
    const metadata = { name: namespace }
    await api.request('POST', '/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata },
    })
    const spec = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] }
    const names = Array.from({ length: count }, (_, at) => `bulk-${at}`)
    while (names.length > 0) {
      const batch = names
        .splice(0, 20)
        .map((name) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec }))
      await Promise.all(
        batch.map((body) => api.request('POST', `/api/v1/namespaces/${namespace}/services`, { body })),
      )
    }
  }

  function createPool(namespace: string, range: string): Promise<unknown> {
    const spec = { addresses: [range], namespaces: [namespace] }
    const body = {
      apiVersion: 'lanlord.dev/v1beta1',
      kind: 'AddressPool',
      metadata: { name: namespace },
      spec,
    }
    return api.request('POST', '/apis/lanlord.dev/v1beta1/addresspools', { body })
  }

  /** The addresses of each Service that has any. */
  async function addressesIn(namespace: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const path = `/api/v1/namespaces/${namespace}/services`
    const { items } = await api.request<{ items: readonly ServiceObject[] }>('GET', path)
    const held = items.map(({ metadata, status }) => {
      return [metadata.name, (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)] as const
    })
    return new Map(held.filter(([, addresses]) => addresses.length > 0))
  }

  function atLeast(namespace: string, enough: number): Promise<ReadonlyMap<string, readonly string[]>> {
    let seen = 0
    return operator.eventually(
      () => `${enough} Services have addresses; ${seen} have`,
      async () => {
        const held = await addressesIn(namespace)
        seen = held.size
        return seen >= enough ? held : undefined
      },
      200_000,
    )
  }

  /** From the last sign of the former leader to the first one of the next, by the times that they write themselves. */
  async function interregnum(former: string): Promise<{ readonly leader: string; readonly ms: number }> {
    let last = await lease()
    return operator.eventually('somebody else leads', async () => {
      const now = await lease()
      const leader = now.holderIdentity ?? ''
      if (leader !== '' && leader !== former) {
        return { leader, ms: Date.parse(now.acquireTime) - Date.parse(last.renewTime) }
      }
      last = now
      await sleep(5)
      return undefined
    })
  }

  /** Gives the Services of a namespace a pool, makes the leader go in the middle of it, and looks at what came out. */
  async function survives(
    namespace: string,
    range: string,
    go: (leader: PodObject) => Promise<void>,
  ): Promise<void> {
    await createServices(namespace)
    const pods = await installation.pods('controller')
    const former = (await lease()).holderIdentity ?? ''
    const leader = pods.find(({ metadata }) => metadata.name === former)
    if (!leader) throw new Error(`${former} holds the Lease and is none of the controllers`)
    await createPool(namespace, range)
    const before = await atLeast(namespace, 50)
    const [{ ms, leader: next }] = await Promise.all([interregnum(former), go(leader)])
    const after = await atLeast(namespace, count)
    console.info(`${before.size} had addresses when ${former} went; nobody led for ${ms} ms, then ${next}`)
    expect(before.size).toBeLessThan(count) // It was in the middle of it.
    expect([...after.values()].filter((addresses) => addresses.length !== 1)).toEqual([])
    expect(new Set([...after.values()].flat()).size).toBe(count)
    for (const [name, addresses] of before) expect(after.get(name)).toEqual(addresses)
    await poolCounts(namespace)
  }

  async function poolCounts(name: string): Promise<void> {
    await operator.eventually(`pool ${name} counts ${count}`, async () => {
      const { status } = await operator.get<{ status?: { ipv4?: { allocated: number } } }>('pool', name)
      return status?.ipv4?.allocated === count || undefined
    })
  }

  it('each gets exactly one address, and none is shared or lost, when its Pod is deleted', async () => {
    await survives('deleted', '10.250.0.0/22', async ({ metadata }) => {
      await installation.kubectl('delete', 'pod', metadata.name, '--wait=false')
    })
    await installation.rolledOut('controller')
  })

  it('each gets exactly one address, and none is shared or lost, when its node is powered off', async () => {
    let off = ''
    try {
      await survives('unplugged', '10.251.0.0/22', async ({ spec }) => {
        off = spec.nodeName ?? ''
        await cluster.powerOff(off)
      })
    } finally {
      if (off !== '') await cluster.powerOn(off)
    }
    await operator.nodesReady()
    await operator.settled()
  })
})
