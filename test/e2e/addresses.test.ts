import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from './ground.ts'
import { networkOf, pool, service, workload } from './manifests.ts'
import type { ServiceObject, SpeakerObject } from './objects.ts'
import { Operator } from './operator.ts'

const names = Array.from({ length: 12 }, (_, at) => `web-${String(at + 1).padStart(2, '0')}`)

describe('a pool of ten addresses and twelve Services', () => {
  let cluster: Cluster
  let operator: Operator

  beforeAll(async () => {
    cluster = await openCluster(3)
    operator = new Operator(cluster)
    await operator.apply(pool(cluster, 'lab', 200, 209), workload(3))
    await operator.deployed()
    for (const name of names) await operator.apply(service(name))
  })
  afterAll(() => cluster?.close())

  const ingressOf = (each: ServiceObject): string | undefined => each.status?.loadBalancer?.ingress?.[0]?.ip
  const addressed = async (): Promise<readonly ServiceObject[]> =>
    (await operator.list<ServiceObject>('services')).filter((each) => ingressOf(each) !== undefined)
  const tenAddressed = (): Promise<readonly ServiceObject[]> =>
    operator.eventually('ten Services have addresses', async () => {
      const services = await addressed()
      return services.length === 10 ? services : undefined
    })

  it('gives ten of them distinct addresses of the pool, with ipMode VIP', async () => {
    const services = await tenAddressed()
    const inPool = Array.from({ length: 10 }, (_, at) => `${networkOf(cluster)}.${200 + at}`)
    expect(new Set(services.map(ingressOf))).toEqual(new Set(inPool))
    expect(services.map((each) => each.status?.loadBalancer?.ingress?.[0]?.ipMode)).toEqual(
      Array.from({ length: 10 }, () => 'VIP'),
    )
  })

  it('says in `kubectl describe` of the others why they wait, naming the pool', async () => {
    const waiting = names.filter((name) => name > 'web-10')
    for (const name of waiting) {
      const text = await operator.eventually(`${name} has its Event`, async () => {
        const said = await operator.kubectl('describe', 'service', name)
        return said.includes('PoolExhausted') ? said : undefined
      })
      expect(text).toMatch(/PoolExhausted.*AddressPool lab.*10 IPv4 addresses/)
      expect(await operator.kubectl('get', 'service', name)).toContain('<pending>')
    }
  })

  it('shows pools and speakers at a glance', async () => {
    await operator.eventually('the pool counts ten', async () => {
      const text = await operator.kubectl('get', 'pools')
      return /lab\s+True\s+true\s+10\s+0\s/.test(text) ? text : undefined
    })
    const speakers = await operator.kubectl('get', 'speakers')
    expect(speakers.split('\n')[0]).toMatch(/NAME\s+READY\s+ADDRESSES\s+ANNOUNCING\s+PEERS\s+AGE/)
    for (const node of cluster.nodes) expect(speakers).toMatch(new RegExp(`${node.name}\\s+True`))
  })

  it('spreads the addresses over the nodes with a difference of one at the most', async () => {
    const counts = await operator.eventually('all ten are announced', async () => {
      const speakers = await operator.list<SpeakerObject>('speakers')
      const each = speakers.map((speaker) => speaker.status?.announcing?.length ?? 0)
      return each.reduce((sum, count) => sum + count, 0) === 10 ? each : undefined
    })
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  })

  it('answers curl on every address, at the MAC of the node that `kubectl get speakers` names', async () => {
    for (const each of await addressed()) {
      const address = ingressOf(each) ?? ''
      expect(await operator.reaches(address)).toMatch(/web-/)
      const announcer = await operator.announcerOf(address)
      const neighbour = await operator.asClient('ip', 'neigh', 'show', address)
      expect(neighbour).toContain(operator.macOf(announcer))
    }
  })

  it('lets nobody answer ARP for any other address of the subnet', async () => {
    const silent = Array.from({ length: 45 }, (_, at) => `${networkOf(cluster)}.${210 + at}`)
    const asked = silent.map(
      (address) => `arping -q -f -c 1 -w 1 -I eth0 ${address} && echo ${address} answers &`,
    )
    expect(await operator.asClient('sh', '-c', `${asked.join('\n')}\nwait`)).toBe('')
  })

  it('serves the Service that waited longest as soon as another is deleted', async () => {
    const freed = await operator.addressOf('web-03')
    await operator.kubectl('delete', 'service', 'web-03')
    expect(await operator.addressOf('web-11')).toBe(freed)
    expect(ingressOf(await operator.service('web-12'))).toBeUndefined()
    expect(await operator.reaches(freed)).toMatch(/web-/)
  })
})
