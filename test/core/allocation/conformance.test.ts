import { describe, expect, it } from 'vitest'
import { claimOf } from '../../../src/core/allocation/claim-of.ts'
import type { Claim } from '../../../src/core/allocation/claim.ts'
import { readService } from '../../../src/core/allocation/service.ts'
import type { ServiceObject } from '../../../src/core/allocation/service.ts'
import { unreadablePool } from '../../../src/core/pool/pool.ts'
import type { Labels } from '../../../src/core/pool/selector.ts'
import { pool } from '../pool/build.ts'
import { cluster, outcome, put, refusal, remove, repool } from './build.ts'

/*
 * What MetalLB's documentation promises of allocation, asked of Lanlord with Services as they are written for MetalLB:
 * docs/metallb.md is the table of it.
 */

interface Written {
  /** MetalLB’s annotations, without their prefix. */
  readonly asks?: Labels
  readonly spec?: NonNullable<ServiceObject['spec']>
  readonly labels?: Labels
  readonly namespaceLabels?: Labels
  readonly holds?: readonly string[]
  readonly createdAt?: string
  /** Whether Services without a class are ours. */
  readonly classLess?: boolean
}

/** A Service of type LoadBalancer as the API server has it, read with MetalLB’s annotations. */
function service(key: string, written: Written = {}): Claim {
  const { asks = {}, spec = {}, labels = {}, namespaceLabels = {}, holds = [], classLess = true } = written
  const [namespace, name = ''] = key.split('/')
  const annotations = Object.fromEntries(
    Object.entries(asks).map(([what, text]) => [`metallb.io/${what}`, text]),
  )
  const metadata = {
    namespace,
    name,
    labels,
    annotations,
    creationTimestamp: written.createdAt ?? '2024-01-01T00:00:00Z',
  } as ServiceObject['metadata']
  const ports = [{ port: 80 }]
  const status = { loadBalancer: { ingress: holds.map((ip) => ({ ip })) } }
  const raw = { metadata, spec: { type: 'LoadBalancer', ports, ...spec }, status }
  return claimOf(readService(raw, { metallb: true, kubeVip: false }), {
    namespaceLabels,
    arrival: 0,
    classLess,
  })
}

const require = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }
const prefer = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' }
const lab = pool('lab', '10.0.0.1-10.0.0.3')
const both = pool('both', '10.7.0.1-10.7.0.3,fd07::1-fd07::3')

describe('pools', () => {
  it('give an address to a Service that asks for nothing', () => {
    expect(outcome(cluster([lab], service('shop/web')), 'shop/web')).toBe('10.0.0.1')
  })

  it('with autoAssign false give only to a Service that asks for them', () => {
    const expensive = pool('expensive', '42.176.25.64/30', { autoAssign: false })
    const world = cluster(
      [expensive],
      service('shop/any'),
      service('shop/pool', { asks: { 'address-pool': 'expensive' } }),
      service('shop/address', { spec: { loadBalancerIP: '42.176.25.66' } }),
    )
    expect([outcome(world, 'shop/any'), outcome(world, 'shop/pool'), outcome(world, 'shop/address')]).toEqual(
      ['NoPool', '42.176.25.64', '42.176.25.66'],
    )
  })

  it('for which autoAssign becomes false take nothing away', () => {
    const world = cluster([lab], service('shop/web'))
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3', { autoAssign: false })])
    expect(outcome(world, 'shop/web')).toBe('10.0.0.1')
  })

  it('are tried by priority, the higher number first, and where that is equal always in the same order', () => {
    const pools = [
      pool('b', '10.2.0.1'),
      pool('a', '10.1.0.1'),
      pool('c', '10.3.0.1', { priority: 50 }),
      pool('d', '10.4.0.1', { priority: 1 }),
    ]
    const names = ['shop/1', 'shop/2', 'shop/3', 'shop/4']
    const given = ['10.3.0.1', '10.4.0.1', '10.1.0.1', '10.2.0.1']
    for (const order of [pools, pools.toReversed()]) {
      const world = cluster(order, ...names.map((name) => service(name)))
      expect(names.map((name) => outcome(world, name))).toEqual(given)
    }
  })

  it('for some Services come before open ones', () => {
    const pinned = pool('pinned', '10.9.0.1', { serviceSelectors: [{ matchLabels: { tier: 'edge' } }] })
    const world = cluster([lab, pinned], service('shop/web', { labels: { tier: 'edge' } }), service('shop/b'))
    expect([outcome(world, 'shop/web'), outcome(world, 'shop/b')]).toEqual(['10.9.0.1', '10.0.0.1'])
  })

  it('with namespaces, namespaceSelectors and serviceSelectors are for a namespace of either and a Service that one chooses', () => {
    const sample = pool('sample', '192.168.20.0/24', {
      avoidBuggyIPs: true,
      namespaces: ['a', 'b'],
      namespaceSelectors: [{ matchLabels: { foo: 'bar' } }],
      serviceSelectors: [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['bar'] }] }],
    })
    const labels = { app: 'bar' }
    const world = cluster(
      [sample],
      service('a/web', { labels }),
      service('c/web', { labels, namespaceLabels: { foo: 'bar' } }),
      service('a/other', { labels: { app: 'x' } }),
      service('d/web', { labels }),
    )
    expect(['a/web', 'c/web', 'a/other', 'd/web'].map((key) => outcome(world, key))).toEqual([
      '192.168.20.1',
      '192.168.20.2',
      'NotAdmitted',
      'NotAdmitted',
    ])
  })

  it('with avoidBuggyIPs give out neither .0 nor .255, not even to a Service that asks for one', () => {
    const buggy = pool('lab', '10.0.0.255-10.0.1.0,10.0.1.1', { avoidBuggyIPs: true })
    const asks = (text: string) => service(`shop/${text}`, { spec: { loadBalancerIP: text } })
    const world = cluster([buggy], service('shop/any'), asks('10.0.0.255'), asks('10.0.1.0'))
    expect(outcome(world, 'shop/any')).toBe('10.0.1.1')
    expect(outcome(world, 'shop/10.0.0.255')).toBe('AddressReserved')
    expect(outcome(world, 'shop/10.0.1.0')).toBe('AddressReserved')
  })

  it('that come to have avoidBuggyIPs leave what is held, and give it to nobody afterwards', () => {
    const all = '10.0.1.0-10.0.1.1'
    const world = cluster([pool('lab', all)], service('shop/web'))
    repool(world, [pool('lab', all, { avoidBuggyIPs: true })])
    expect(outcome(world, 'shop/web')).toBe('10.0.1.0')
    remove(world, 'shop/web')
    put(world, service('shop/web'))
    expect(outcome(world, 'shop/web')).toBe('10.0.1.1')
  })

  it('may have a single address as a CIDR, ranges, and both families', () => {
    const mixed = pool('lab', '10.5.0.1/32,10.6.0.1-10.6.0.2,fd06::1/128')
    const world = cluster([mixed], service('a/1', { spec: require }), service('a/2'))
    expect([outcome(world, 'a/1'), outcome(world, 'a/2')]).toEqual(['10.5.0.1,fd06::1', '10.6.0.1'])
  })
})

describe('a Service that asks', () => {
  it.each<[string, Written]>([
    ['spec.loadBalancerIP', { spec: { loadBalancerIP: '10.0.0.2' } }],
    ['loadBalancerIPs', { asks: { loadBalancerIPs: '10.0.0.2' } }],
  ])('for an address in %s gets that one', (_, written) => {
    expect(outcome(cluster([lab], service('shop/web', written)), 'shop/web')).toBe('10.0.0.2')
  })

  it('for an address that no pool has, or that another Service has, waits and is told why', () => {
    const world = cluster(
      [lab],
      service('shop/holder', { holds: ['10.0.0.2'] }),
      service('shop/outside', { asks: { loadBalancerIPs: '10.9.9.9' } }),
      service('shop/taken', { asks: { loadBalancerIPs: '10.0.0.2' } }),
    )
    expect(refusal(world, 'shop/outside')).toMatchObject({ reason: 'AddressNotInPool' })
    expect(refusal(world, 'shop/taken')).toMatchObject({
      reason: 'AddressInUse',
      message: expect.stringContaining('10.0.0.2 belongs to shop/holder'),
    })
    remove(world, 'shop/holder')
    expect(outcome(world, 'shop/taken')).toBe('10.0.0.2')
  })

  it('for an address in both places is refused where the two differ', () => {
    const web = service('shop/web', {
      asks: { loadBalancerIPs: '10.0.0.1' },
      spec: { loadBalancerIP: '10.0.0.2' },
    })
    expect(refusal(cluster([lab], web), 'shop/web').reason).toBe('InvalidRequest')
  })

  it('for an address of a family that it does not have, or for two of one, is refused', () => {
    const six = service('a/six', { asks: { loadBalancerIPs: 'fd07::1' } })
    const two = service('a/two', { asks: { loadBalancerIPs: '10.7.0.1,10.7.0.2' } })
    const world = cluster([both], six, two)
    expect([outcome(world, 'a/six'), outcome(world, 'a/two')]).toEqual(['InvalidRequest', 'InvalidRequest'])
  })

  it('for one address of each family gets both', () => {
    const web = service('a/web', { spec: require, asks: { loadBalancerIPs: 'fd07::3,10.7.0.2' } })
    expect(outcome(cluster([both], web), 'a/web')).toBe('10.7.0.2,fd07::3')
  })

  it('for a pool gets an address of that pool', () => {
    const asks = { 'address-pool': 'both' }
    expect(outcome(cluster([lab, both], service('shop/web', { asks })), 'shop/web')).toBe('10.7.0.1')
  })

  it('for another pool than before moves there, and stays when it asks for none any more', () => {
    const world = cluster([lab, both], service('shop/web'))
    put(world, service('shop/web', { asks: { 'address-pool': 'both' }, holds: ['10.0.0.1'] }))
    expect(outcome(world, 'shop/web')).toBe('10.7.0.1')
    put(world, service('shop/web', { holds: ['10.7.0.1'] }))
    expect(outcome(world, 'shop/web')).toBe('10.7.0.1')
  })

  it('for a pool or an address that is not for it waits, and gets no other one', () => {
    const other = pool('other', '10.8.0.1', { namespaces: ['prod'] })
    const world = cluster(
      [lab, other],
      service('shop/pool', { asks: { 'address-pool': 'other' } }),
      service('shop/address', { spec: { loadBalancerIP: '10.8.0.1' } }),
    )
    expect([outcome(world, 'shop/pool'), outcome(world, 'shop/address')]).toEqual([
      'NotAdmitted',
      'NotAdmitted',
    ])
  })

  it('for what it cannot have keeps what it has', () => {
    const world = cluster([lab], service('shop/a'), service('shop/b'))
    put(world, service('shop/a', { asks: { loadBalancerIPs: '10.0.0.2' }, holds: ['10.0.0.1'] }))
    expect(outcome(world, 'shop/a')).toBe('AddressInUse 10.0.0.1')
  })
})

describe('a Service of two families', () => {
  const six = pool('six', 'fd08::1-fd08::3')

  it('that requires both gets both from one pool, or nothing', () => {
    expect(outcome(cluster([lab, six, both], service('a/a', { spec: require })), 'a/a')).toBe(
      '10.7.0.1,fd07::1',
    )
    expect(outcome(cluster([lab, six], service('a/a', { spec: require })), 'a/a')).toBe('FamilyUnavailable')
  })

  it('that prefers both gets both from the first pool that has both, even where another comes first', () => {
    expect(outcome(cluster([lab, both], service('a/a', { spec: prefer })), 'a/a')).toBe('10.7.0.1,fd07::1')
  })

  it('that prefers both gets one where no pool has both, its first family before the other', () => {
    expect(outcome(cluster([lab, six], service('a/a', { spec: prefer })), 'a/a')).toBe('10.0.0.1')
    const turned = { ...prefer, ipFamilies: ['IPv6', 'IPv4'] }
    expect(outcome(cluster([lab, six], service('a/a', { spec: turned })), 'a/a')).toBe('fd08::1')
    expect(outcome(cluster([six], service('a/a', { spec: prefer })), 'a/a')).toBe('fd08::1')
  })

  it('that prefers both and has one gets the other from the same pool once that has it, and keeps the first', () => {
    const world = cluster([lab], service('a/a', { spec: prefer }))
    repool(world, [lab, both])
    expect(outcome(world, 'a/a')).toBe('10.0.0.1')
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3,fd00::9'), both])
    expect(outcome(world, 'a/a')).toBe('10.0.0.1,fd00::9')
  })

  it('that becomes one of two gets the other address, and gives it up when it is of one again', () => {
    const world = cluster(
      [both],
      service('a/a', { spec: { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' } }),
    )
    expect(outcome(world, 'a/a')).toBe('10.7.0.1')
    put(world, service('a/a', { spec: prefer, holds: ['10.7.0.1'] }))
    expect(outcome(world, 'a/a')).toBe('10.7.0.1,fd07::1')
    put(
      world,
      service('a/a', { spec: { ...prefer, ipFamilyPolicy: 'SingleStack' }, holds: ['10.7.0.1', 'fd07::1'] }),
    )
    expect(outcome(world, 'a/a')).toBe('10.7.0.1')
  })
})

describe('Services that share', () => {
  const asks = { 'allow-shared-ip': 'dns', loadBalancerIPs: '10.0.0.2' }
  const tcp = { ports: [{ port: 53, protocol: 'TCP' }], selector: { app: 'dns' } }
  const udp = { ports: [{ port: 53, protocol: 'UDP' }], selector: { app: 'dns' } }

  it('a DNS Service for TCP and one for UDP have one address', () => {
    const world = cluster([lab], service('a/tcp', { asks, spec: tcp }), service('a/udp', { asks, spec: udp }))
    expect([outcome(world, 'a/tcp'), outcome(world, 'a/udp')]).toEqual(['10.0.0.2', '10.0.0.2'])
  })

  it.each<[string, Labels, NonNullable<ServiceObject['spec']>, string]>([
    ['another key', { ...asks, 'allow-shared-ip': 'web' }, udp, 'AddressInUse'],
    ['no key', { loadBalancerIPs: '10.0.0.2' }, udp, 'AddressInUse'],
    ['the same port', asks, tcp, 'SharingRefused'],
    ['policy Local beside Cluster', asks, { ...udp, externalTrafficPolicy: 'Local' }, 'SharingRefused'],
  ])('do not with %s', (_, others, spec, reason) => {
    const first = service('a/first', { asks, spec: tcp })
    expect(outcome(cluster([lab], first, service('a/second', { asks: others, spec })), 'a/second')).toBe(
      reason,
    )
  })

  it('with policy Local need the same selector', () => {
    const local = { ...tcp, externalTrafficPolicy: 'Local' }
    const same = service('a/same', { asks, spec: { ...udp, externalTrafficPolicy: 'Local' } })
    const other = service('a/other', {
      asks,
      spec: { externalTrafficPolicy: 'Local', ports: [{ port: 80 }], selector: { app: 'web' } },
    })
    const world = cluster([lab], service('a/first', { asks, spec: local }), same, other)
    expect([outcome(world, 'a/same'), outcome(world, 'a/other')]).toEqual(['10.0.0.2', 'SharingRefused'])
  })

  it('without a word about an address are put together where that can be', () => {
    const key = { 'allow-shared-ip': 'dns' }
    const world = cluster(
      [lab],
      service('a/tcp', { asks: key, spec: tcp }),
      service('a/udp', { asks: key, spec: udp }),
    )
    expect([outcome(world, 'a/tcp'), outcome(world, 'a/udp')]).toEqual(['10.0.0.1', '10.0.0.1'])
  })

  it('of two namespaces do where the pool is for that, and only there', () => {
    const both = [service('a/tcp', { asks, spec: tcp }), service('b/udp', { asks, spec: udp })] as const
    expect(outcome(cluster([lab], ...both), 'b/udp')).toBe('SharingRefused')
    const open = pool('lab', '10.0.0.1-10.0.0.3', { sharing: 'Cluster' })
    expect(outcome(cluster([open], ...both), 'b/udp')).toBe('10.0.0.2')
  })

  it('nobody does unasked', () => {
    const world = cluster([lab], service('a/tcp', { spec: tcp }), service('a/udp', { spec: udp }))
    expect([outcome(world, 'a/tcp'), outcome(world, 'a/udp')]).toEqual(['10.0.0.1', '10.0.0.2'])
  })

  it('alone may change the key in place', () => {
    const world = cluster([lab], service('a/tcp', { asks: { 'allow-shared-ip': 'dns' }, spec: tcp }))
    put(world, service('a/tcp', { asks: { 'allow-shared-ip': 'other' }, spec: tcp, holds: ['10.0.0.1'] }))
    expect(outcome(world, 'a/tcp')).toBe('10.0.0.1')
  })
})

describe('when pools change', () => {
  it('a Service whose addresses are in no pool any more gets one of another pool, or none', () => {
    const world = cluster([lab, both], service('shop/web'))
    repool(world, [both])
    expect(outcome(world, 'shop/web')).toBe('10.7.0.1')
    repool(world, [])
    expect(outcome(world, 'shop/web')).toBe('NoPool')
  })

  it('a Service whose address another pool lists then keeps it', () => {
    const world = cluster([lab], service('shop/web'))
    repool(world, [pool('renamed', '10.0.0.0/29')])
    expect(outcome(world, 'shop/web')).toBe('10.0.0.1')
  })

  it('a Service that its pool is no longer for moves', () => {
    const world = cluster([lab, both], service('shop/web'))
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3', { namespaces: ['prod'] }), both])
    expect(outcome(world, 'shop/web')).toBe('10.7.0.1')
  })

  it('a pool that cannot be read takes nothing from anybody', () => {
    const world = cluster([lab], service('shop/web'))
    repool(world, [unreadablePool('lab', 'spec.addresses[0]: not an address')])
    expect(outcome(world, 'shop/web')).toBe('10.0.0.1')
  })
})

describe('when the controller starts', () => {
  it('Services have what their status says, and only then others are served, oldest first', () => {
    const world = cluster(
      [lab],
      service('a/waits', { asks: { loadBalancerIPs: '10.0.0.1' }, createdAt: '2023-01-01T00:00:00Z' }),
      service('a/new', { createdAt: '2023-01-01T00:00:00Z' }),
      service('z/holds', { holds: ['10.0.0.1'] }),
    )
    expect(['z/holds', 'a/waits', 'a/new'].map((key) => outcome(world, key))).toEqual([
      '10.0.0.1',
      'AddressInUse',
      '10.0.0.2',
    ])
  })
})

describe('whose Service it is', () => {
  const ours = { loadBalancerClass: 'lanlord.dev/lanlord' }
  const theirs = { loadBalancerClass: 'metallb.io/lb' }

  it.each<[string, Written, string]>([
    ['no class is served', {}, '10.0.0.1'],
    ['no class is left alone where classes are told to count', { classLess: false }, 'release'],
    ['our class is served', { spec: ours, classLess: false }, '10.0.0.1'],
    ['the class of another is left alone', { spec: theirs }, 'release'],
  ])('one with %s', (_, written, expected) => {
    expect(outcome(cluster([lab], service('shop/web', written)), 'shop/web')).toBe(expected)
  })

  it('one that is of another type gives its address to who waits, and asks anew when it comes back', () => {
    const one = pool('one', '10.0.0.1')
    const world = cluster([one], service('shop/web'), service('shop/waits'))
    put(world, service('shop/web', { spec: { type: 'ExternalName' } }))
    expect([outcome(world, 'shop/web'), outcome(world, 'shop/waits')]).toEqual(['release', '10.0.0.1'])
    put(world, service('shop/web'))
    expect(outcome(world, 'shop/web')).toBe('PoolExhausted')
    remove(world, 'shop/waits')
    expect(outcome(world, 'shop/web')).toBe('10.0.0.1')
  })

  it('one without node ports is served as any other', () => {
    const spec = { ports: [{ port: 80 }], allocateLoadBalancerNodePorts: false }
    expect(outcome(cluster([lab], service('shop/web', { spec })), 'shop/web')).toBe('10.0.0.1')
  })
})
