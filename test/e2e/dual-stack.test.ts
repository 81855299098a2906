import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Outage } from '../../src/sandbox/probe/outage.ts'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, poolOf, service, workload } from './manifests.ts'
import type { ConditionObject } from './objects.ts'
import { Operator } from './operator.ts'

/** A Service that requires both families. */
const both = (name: string): string =>
  service(name, { policy: 'Local', annotations: { 'lanlord.dev/pool': 'both' } }).replace(
    'type: LoadBalancer',
    'type: LoadBalancer\n  ipFamilyPolicy: RequireDualStack\n  ipFamilies: [IPv4, IPv6]',
  )

describe('a Service with addresses of both families', () => {
  let cluster: Cluster
  let operator: Operator
  let [ipv4, ipv6]: readonly string[] = []

  beforeAll(async () => {
    cluster = await openCluster(3, { dualStack: true })
    operator = new Operator(cluster)
    const network6 = (cluster.subnet6 ?? '').replace(/\/\d+$/, '')
    const ranges = [`${networkOf(cluster)}.200-${networkOf(cluster)}.209`, `${network6}200-${network6}209`]
    await operator.apply(poolOf('both', ...ranges), workload(3))
    await operator.deployed()
    await operator.apply(both('web'))
  })
  afterAll(() => cluster?.close())

  const neighbourOf = async (address: string): Promise<string> => {
    const line = await operator.asClient('ip', 'neigh', 'show', address)
    return /lladdr (\S+)/.exec(line)?.[1] ?? ''
  }

  const addresses = (): readonly string[] => [ipv4 ?? '', ipv6 ?? '']

  it('is reached over each of them', async () => {
    await operator.addressOf('web')
    const { status } = await operator.service('web')
    ;[ipv4, ipv6] = (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? '')
    expect(ipv4).toBe(`${networkOf(cluster)}.200`)
    expect(ipv6).toMatch(/^fd77:.*:200$/)
    for (const address of addresses()) await operator.reaches(address)
  })

  it('says that both are announced, and by whom', async () => {
    const condition = await operator.eventually('the Service says so', async () => {
      const conditions = (await operator.service('web')).status?.conditions as readonly ConditionObject[]
      return conditions?.find(
        ({ type, reason }) => type === 'lanlord.dev/Announced' && reason === 'Announced',
      )
    })
    for (const address of addresses()) {
      expect(condition.message).toContain(`${address} by ${await operator.announcerOf(address)} on `)
    }
  })

  it('is found by ndisc6 and by the kernel of the client at the node that announces it, and nowhere else', async () => {
    const mac = operator.macOf(await operator.announcerOf(ipv6 ?? ''))
    const told = await operator.asClient('ndisc6', '-q', '-m', '-w', '500', ipv6 ?? '', 'eth0')
    expect(new Set(told.toLowerCase().trim().split('\n'))).toEqual(new Set([mac]))
    await operator.reaches(ipv6 ?? '')
    expect(await neighbourOf(ipv6 ?? '')).toBe(mac)
  })

  /** What two clients, one of each family, see of it while something happens; the first entry is IPv4. */
  const watch = async (happening: () => Promise<unknown>): Promise<readonly Outage[]> => {
    const probes = await Promise.all(addresses().map((address) => operator.probeUdp(address)))
    await sleep(500)
    await happening()
    await sleep(500)
    return Promise.all(probes.map((probe) => probe.stop()))
  }

  it('moves without a loss, in either family, when a speaker is told to end', async () => {
    const leaving = await operator.announcerOf(ipv6 ?? '')
    const seen = await watch(async () => {
      await cluster.kill(`speaker/${leaving}`, 'SIGTERM')
      await operator.announcerOf(ipv6 ?? '', leaving)
    })
    expect(seen.map(({ lost }) => lost)).toEqual([0, 0])
    await operator.settled()
  })

  it('is answered over both again, from other nodes, when the one that announces the IPv6 address loses its cable', async () => {
    const lost = await operator.announcerOf(ipv6 ?? '')
    const bothLost = (await operator.announcerOf(ipv4 ?? '')) === lost
    const [four, six] = (await watch(async () => {
      await cluster.pullCable(lost)
      for (const address of addresses()) await operator.announcerOf(address, lost)
    })) as [Outage, Outage]
    expect(six.lost).toBeGreaterThan(0) // It was really without a path for a while…
    expect(six.answered).toBeGreaterThan(six.lost) // …and then had one again.
    expect(four.lost > 0).toBe(bothLost)
    for (const address of addresses()) {
      await operator.reaches(address)
      expect(await neighbourOf(address)).toBe(operator.macOf(await operator.announcerOf(address)))
    }
    await cluster.plugCable(lost)
    await operator.settled()
  })
})
