import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addressOf, eventually, events, Ground, lease, own, said, services } from './ground.ts'
import type { ControllerProcess } from './ground.ts'

let ground: Ground

beforeEach(async () => {
  ground = await Ground.start()
})
afterEach(() => ground[Symbol.asyncDispose]())

const allocated = 'lanlord.dev/Allocated'

function service(name: string): Promise<Parameters<typeof said>[0]> {
  return ground.request('GET', `${services}/${name}`)
}

function saidOf(name: string, expected: string): Promise<string> {
  return eventually(`${name}: ${expected}`, async () => {
    const text = said(await service(name), allocated)
    return text.includes(expected) ? text : undefined
  })
}

describe('with a pool of ten addresses and twelve Services', () => {
  const names = Array.from({ length: 12 }, (_, index) => `web-${index + 1}`)

  async function twelve(): Promise<ControllerProcess> {
    const controller = ground.controller()
    await ground.pool('lab', ['10.0.0.200-10.0.0.209'])
    for (const name of names) await ground.service(name)
    await saidOf('web-12', 'PoolExhausted')
    await saidOf('web-10', 'Assigned')
    return controller
  }

  test('ten have distinct addresses of the pool, and two are told why they have none', async () => {
    await twelve()
    const all = await Promise.all(names.map(service))
    const given = all.slice(0, 10).map(addressOf)
    expect(given).toEqual(Array.from({ length: 10 }, (_, index) => `10.0.0.${200 + index}`))
    expect(all[0]?.status?.loadBalancer?.ingress).toEqual([{ ip: '10.0.0.200', ipMode: 'VIP' }])
    for (const name of ['web-11', 'web-12']) {
      const words =
        'AddressPool lab: all 10 IPv4 addresses are in use; add addresses to it or delete a Service'
      expect(await saidOf(name, 'False')).toBe(`False PoolExhausted ${words}`)
    }
    const noted = await eventually('twelve events', async () => {
      const list = await ground.list(events)
      return list.length === 12 && list
    })
    expect(noted.filter((each) => (each as { type?: string }).type === 'Warning')).toHaveLength(2)
  })

  test('deleting one serves the oldest that waits', async () => {
    await twelve()
    await ground.request('DELETE', `${services}/web-3`)
    expect(await saidOf('web-11', 'True')).toContain('10.0.0.202')
    expect(addressOf(await service('web-12'))).toBeUndefined()
  })

  test('the status of the pool counts them', async () => {
    await twelve()
    const use = { total: 10, allocated: 10, retained: 0, quarantined: 0, available: 0 }
    await eventually('the pool is counted', async () => {
      const { status } = await ground.request('GET', `${own}/addresspools/lab`)
      return JSON.stringify(status?.ipv4) === JSON.stringify(use)
    })
  })

  test('a controller that is killed and started again changes nothing and writes nothing but its Lease', async () => {
    await ground.node('n1')
    const first = await twelve()
    await eventually('all is written', async () => {
      const { spec } = await ground.request('GET', `${own}/speakers/n1`)
      const { status } = await ground.request('GET', `${own}/addresspools/lab`)
      const isCounted = JSON.stringify(status ?? {}).includes('"allocated":10')
      return spec?.addresses?.length === 10 && isCounted && (await ground.list(events)).length === 12
    })
    expect(await first.end('SIGKILL')).toBe(null)
    const statuses = async () =>
      (await ground.list(services)).map(({ metadata, status }) => ({ ...metadata, status }))
    const before = await statuses()
    const writes = await ground.writes()
    const second = ground.controller('one')
    await eventually('the second has read the cluster', async () => second.has('read the cluster'))
    // One change shows that it is at work; whatever it had to write on account of its start came before that.
    await ground.request('DELETE', `${services}/web-3`)
    await saidOf('web-11', 'True')
    await eventually('the event is there', async () => (await ground.list(events)).length === 13)
    await ground.remembers('lab', 'default/web-3')
    await eventually('it is placed', async () => {
      const { spec } = await ground.request('GET', `${own}/speakers/n1`)
      return JSON.stringify(spec ?? {}).includes('default/web-11')
    })
    const isOther = ({ name }: { readonly name: string }) => name !== 'web-3' && name !== 'web-11'
    expect((await statuses()).filter(isOther)).toEqual(before.filter(isOther))
    const after = await ground.writes()
    const more = Object.keys(after).map((kind) => [kind, Number(after[kind]) - Number(writes[kind])])
    expect(Object.fromEntries(more)).toEqual({
      'services/status': 1,
      'speakers.lanlord.dev': 1,
      'events.events.k8s.io': 1,
      'addresspools.lanlord.dev': 0,
      'addresspools.lanlord.dev/status': 1,
      'leases.coordination.k8s.io': expect.any(Number),
    })
  })
})

describe('a Service', () => {
  beforeEach(async () => {
    ground.controller()
    await ground.pool('lab', ['10.0.0.200-10.0.0.201'])
  })

  test('that is no load balancer any more gives its address to the one that waits', async () => {
    for (const name of ['a', 'b', 'c']) await ground.service(name)
    await saidOf('c', 'PoolExhausted')
    await ground.request('PATCH', `${services}/a`, { spec: { type: 'ClusterIP' } })
    expect(await saidOf('c', 'True')).toContain('10.0.0.200')
    await eventually('a says nothing of us', async () => said(await service('a'), allocated) === 'nothing')
    expect(addressOf(await service('a'))).toBeUndefined()
  })

  test('of another class is left alone', async () => {
    await ground.service('other', {}, { loadBalancerClass: 'example.io/lb' })
    await ground.service('ours', {}, { loadBalancerClass: 'lanlord.dev/lanlord' })
    await saidOf('ours', 'True')
    expect((await service('other')).status).toEqual({ loadBalancer: {} })
  })

  test('that asks for a taken address is told who has it, and gets it when that one goes', async () => {
    await ground.service('web')
    await saidOf('web', '10.0.0.200')
    await ground.service('wants', { 'lanlord.dev/addresses': '10.0.0.200' })
    const words =
      '10.0.0.200 belongs to default/web; give both Services the same lanlord.dev/sharing-key to share it'
    expect(await saidOf('wants', 'False')).toBe(`False AddressInUse ${words}`)
    await ground.request('DELETE', `${services}/web`)
    expect(await saidOf('wants', 'True')).toContain('10.0.0.200')
  })

  test('that asks for an address outside every pool is told what would mend it', async () => {
    await ground.service('wants', { 'lanlord.dev/addresses': '10.9.9.9' })
    expect(await saidOf('wants', 'False')).toContain(
      '10.9.9.9 is in no AddressPool; ask for an address of lab (10.0.0.200/31)',
    )
  })

  test('whose status somebody else changes has it put right', async () => {
    await ground.service('web')
    await saidOf('web', '10.0.0.200')
    await ground.request('PATCH', `${services}/web/status`, {
      status: { loadBalancer: { ingress: [{ ip: '10.0.0.7' }] } },
    })
    await eventually('the address is back', async () => addressOf(await service('web')) === '10.0.0.200')
  })

  test('moves in and out as the pools change', async () => {
    await ground.service('web')
    await saidOf('web', '10.0.0.200')
    await ground.request('PATCH', `${own}/addresspools/lab`, { spec: { addresses: ['10.0.1.0/30'] } })
    await saidOf('web', '10.0.1.0 from AddressPool lab')
    await ground.request('PATCH', `${own}/addresspools/lab`, { spec: { namespaces: ['elsewhere'] } })
    await saidOf('web', 'NotAdmitted')
    expect(addressOf(await service('web'))).toBeUndefined()
    await ground.request('DELETE', `${own}/addresspools/lab`)
    await saidOf('web', 'there is no AddressPool; create one')
  })

  test('keeps its address while the pool is being deleted, and the pool goes with the Service', async () => {
    await ground.service('web')
    await saidOf('web', '10.0.0.200')
    await ground.marked('lab')
    await ground.request('DELETE', `${own}/addresspools/lab`)
    await eventually('lab says so', async () => {
      const told = said(await ground.request('GET', `${own}/addresspools/lab`), 'Ready')
      return told.startsWith('False Leaving') && told.includes('default/web')
    })
    expect(addressOf(await service('web'))).toBe('10.0.0.200')
    await ground.request('DELETE', `${services}/web`)
    await eventually('lab is gone', async () => (await ground.list(`${own}/addresspools`)).length === 0)
  })

  test('follows the labels of its namespace', async () => {
    const open = { namespaceSelectors: [{ matchLabels: { team: 'a' } }], priority: 5 }
    await ground.pool('team', ['10.0.2.1'], open)
    await ground.service('web', { 'lanlord.dev/pool': 'team' })
    await saidOf('web', 'NotAdmitted')
    await ground.request('PATCH', '/api/v1/namespaces/default', { metadata: { labels: { team: 'a' } } })
    await saidOf('web', '10.0.2.1 from AddressPool team')
  })
})

test('a pool that overlaps an older one is not Ready and says why, and nothing else is disturbed', async () => {
  ground.controller()
  await ground.pool('zebra', ['10.0.0.0/29'])
  await ground.service('web')
  await saidOf('web', '10.0.0.0')
  await ground.pool('ant', ['10.0.0.4-10.0.0.20'])
  const ready = async (name: string) =>
    said(await ground.request('GET', `${own}/addresspools/${name}`), 'Ready')
  await eventually('ant is told', async () =>
    (await ready('ant')).startsWith('False Overlaps 10.0.0.4-10.0.0.20 overlaps 10.0.0.0/29'),
  )
  expect(await ready('zebra')).toMatch(/^True Accepted/)
  expect(addressOf(await service('web'))).toBe('10.0.0.0')
})

test('SIGTERM gives the Lease back and exits 0, and the one that waits takes over at once', async () => {
  const first = ground.controller('first')
  await eventually('first leads', async () => first.has('read the cluster'))
  const second = ground.controller('second')
  await eventually('second waits', async () => second.has('started'))
  await ground.pool('lab', ['10.0.0.200'])
  await ground.service('web')
  await saidOf('web', 'True')
  expect(second.has('holds the Lease')).toBe(false)
  expect(await first.end('SIGTERM')).toBe(0)
  await eventually('second leads', async () => second.has('read the cluster'))
  expect((await ground.request('GET', lease)).spec?.holderIdentity).toBe('second')
  await ground.request('DELETE', `${services}/web`)
  await ground.service('next')
  await saidOf('next', '10.0.0.200')
})
