import { describe, expect, it } from 'vitest'
import { claimOf } from '../../../src/core/allocation/claim-of.ts'
import type { Claim } from '../../../src/core/allocation/claim.ts'
import { readService } from '../../../src/core/allocation/service.ts'
import type { ServiceObject } from '../../../src/core/allocation/service.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'

type Spec = NonNullable<ServiceObject['spec']>

const surroundings = { namespaceLabels: { team: 'a' }, arrival: 3, classLess: true }

function read(spec: Spec, annotations: Record<string, string> = {}, classLess = true): Claim {
  const metadata = { namespace: 'shop', name: 'web', creationTimestamp: '2024-01-01T00:00:00Z', annotations }
  const service = readService({ metadata, spec: { type: 'LoadBalancer', ...spec } })
  return claimOf(service, { ...surroundings, classLess })
}

function asked(spec: Spec, annotated?: string): string {
  const claim = read(spec, annotated === undefined ? {} : { 'lanlord.dev/addresses': annotated })
  return claim.problem ?? claim.asksFor.map(formatAddress).join()
}

describe('a Service', () => {
  it('that says next to nothing is read with the defaults of Kubernetes', () => {
    const service = readService({ metadata: { name: 'web' } })
    expect(service.key).toBe('default/web')
    expect(claimOf(service, surroundings)).toEqual({
      key: 'default/web',
      namespace: 'default',
      createdAt: '',
      arrival: 3,
      wantsLoadBalancer: false,
      families: ['IPv4'],
      familyPolicy: 'SingleStack',
      asksFor: [],
      asksPool: undefined,
      problem: undefined,
      sharing: { key: undefined, namespace: 'default', sharesWith: [], ports: [], backend: '' },
      labels: {},
      namespaceLabels: { team: 'a' },
      holds: [],
      remarks: [],
    })
  })

  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ loadBalancerClass: 'lanlord.dev/lanlord' }, false, true],
    [{ loadBalancerClass: 'other.dev/lb' }, true, false],
    [{ loadBalancerClass: 'other.dev/lb' }, false, false],
    [{ loadBalancerClass: '' }, true, false],
    [{ type: 'ClusterIP' }, true, false],
    [{ type: 'NodePort' }, true, false],
    [{ type: 'ExternalName' }, true, false],
    [{ type: 'ClusterIP', loadBalancerClass: 'lanlord.dev/lanlord' }, true, false],
  ])('%j, with class-less Services ours: %s, is ours: %s', (spec, classLess, expected) => {
    expect(read(spec, {}, classLess).wantsLoadBalancer).toBe(expected)
  })

  it('holds what its status says, as far as those are addresses', () => {
    const ingress = [{ ip: '10.0.0.1' }, { hostname: 'lb.example' }, { ip: 'fd00:0::1' }]
    const service = readService({ metadata: { name: 'web' }, status: { loadBalancer: { ingress } } })
    expect(claimOf(service, surroundings).holds.map(formatAddress)).toEqual(['10.0.0.1', 'fd00::1'])
  })

  it('has one family, or two in its order', () => {
    expect(read({ ipFamilies: ['IPv6', 'IPv4'] }).families).toEqual(['IPv6'])
    expect(read({ ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'PreferDualStack' }).families).toEqual([
      'IPv6',
      'IPv4',
    ])
    expect(
      read({ ipFamilies: ['IPv4', 'IPv6', 'IPv9'], ipFamilyPolicy: 'RequireDualStack' }).families,
    ).toEqual(['IPv4', 'IPv6'])
  })

  it('names its pool and its sharing key in annotations; blanks do not count', () => {
    const claim = read({}, { 'lanlord.dev/pool': ' lab ', 'lanlord.dev/sharing-key': '  ' })
    expect([claim.asksPool, claim.sharing.key]).toEqual(['lab', undefined])
  })

  it('shares by its ports, and with policy Local by its namespace and selector', () => {
    const ports = [{ port: 53 }, { port: 53, protocol: 'UDP' }]
    expect(read({ ports }).sharing).toMatchObject({
      key: undefined,
      ports: ['TCP 53', 'UDP 53'],
      backend: '',
    })
    const local = { externalTrafficPolicy: 'Local' }
    expect(read({ ...local, selector: { b: '2', a: '1' } }).sharing.backend).toBe('shop a=1,b=2')
    expect(read(local).sharing.backend).toBe('shop shop/web')
  })
})

describe('the namespaces with which a Service shares', () => {
  it.each<[string | undefined, readonly string[]]>([
    [undefined, []],
    ['', []],
    [' , ', []],
    ['blog', ['blog']],
    ['blog, office-2,', ['blog', 'office-2']],
    ['*', ['*']],
    ['blog,*', ['blog', '*']],
  ])('are read from %j', (text, expected) => {
    const claim = read({}, text === undefined ? {} : { 'lanlord.dev/sharing-namespaces': text })
    expect([claim.problem, claim.sharing.namespace, claim.sharing.sharesWith]).toEqual([
      undefined,
      'shop',
      expected,
    ])
  })

  it.each(['Blog', 'b log', '-blog', 'blog.eu', 'shop/web', '**', 'x'.repeat(64)])(
    '"%s" is no name of one, and the Service is told so',
    (text) => {
      const claim = read({}, { 'lanlord.dev/sharing-namespaces': `shop,${text}` })
      expect(claim.sharing.sharesWith).toEqual([])
      expect(claim.problem).toBe(
        `"${text}" in lanlord.dev/sharing-namespaces is not the name of a namespace; write names such as shop,web or * for all`,
      )
    },
  )
})

describe('a live Service', () => {
  const dual = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' }

  it('has other families once its spec says so', () => {
    expect(read({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }).families).toEqual(['IPv4'])
    expect(read(dual).families).toEqual(['IPv4', 'IPv6'])
    expect(read({ ...dual, ipFamilyPolicy: 'SingleStack' }).families).toEqual(['IPv4'])
    expect(read({ ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' }).families).toEqual(['IPv6'])
  })

  it('with PreferDualStack in a cluster of one family has that one', () => {
    expect(read({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'PreferDualStack' })).toMatchObject({
      families: ['IPv4'],
      remarks: [],
    })
  })

  it('without node ports is read as one that has them', () => {
    const ports = [{ port: 80, nodePort: 30_080 }]
    const spec = { ports, allocateLoadBalancerNodePorts: true }
    const without = { ports: [{ port: 80 }], allocateLoadBalancerNodePorts: false }
    expect(read(without)).toEqual(read(spec))
  })

  it('says on which node it would rather be announced', () => {
    const annotations = { 'lanlord.dev/preferred-node': ' one ' }
    expect(readService({ metadata: { name: 'web', annotations } }).preferredNode).toBe('one')
    expect(readService({ metadata: { name: 'web' } }).preferredNode).toBeUndefined()
  })
})

describe('the addresses that a Service asks for', () => {
  const dual: Spec = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }

  it.each<[string, Spec, string | undefined, string]>([
    ['none', {}, undefined, ''],
    ['one', {}, '10.0.0.1', '10.0.0.1'],
    ['one, and a comma too many', {}, ' 10.0.0.1 , ', '10.0.0.1'],
    ['one of each family', dual, '10.0.0.1, fd00::1', '10.0.0.1,fd00::1'],
    ['one in spec.loadBalancerIP', { loadBalancerIP: '10.0.0.1' }, undefined, '10.0.0.1'],
    [
      'the same in both places',
      { ...dual, loadBalancerIP: '10.0.0.1' },
      '10.0.0.1,fd00::1',
      '10.0.0.1,fd00::1',
    ],
    [
      'no address',
      {},
      'lan',
      '"lan" in lanlord.dev/addresses is not an IP address; write one such as 192.168.10.200 or fd00:10::1',
    ],
    [
      'no address in the spec',
      { loadBalancerIP: 'x' },
      undefined,
      '"x" in spec.loadBalancerIP is not an IP address; write one such as 192.168.10.200 or fd00:10::1',
    ],
    [
      'an IPv4 address in the clothes of IPv6',
      {},
      '::ffff:10.77.0.200',
      '"::ffff:10.77.0.200" in lanlord.dev/addresses is an IPv4 address mapped into IPv6; write 10.77.0.200',
    ],
    [
      'the one that stands for none',
      {},
      '0.0.0.0',
      '0.0.0.0 in lanlord.dev/addresses is no address that a Service can have, and Lanlord asks no DHCP server; remove it, and one is chosen from the AddressPools',
    ],
    [
      'a text that is too long to repeat',
      {},
      'x'.repeat(10_000),
      `"${'x'.repeat(100)}…" in lanlord.dev/addresses is not an IP address; write one such as 192.168.10.200 or fd00:10::1`,
    ],
    [
      'two of one family',
      {},
      '10.0.0.1,10.0.0.2',
      'lanlord.dev/addresses asks for more than one IPv4 address; a Service has one of each family',
    ],
    [
      'a family it does not have',
      {},
      'fd00::1',
      'fd00::1 in lanlord.dev/addresses is an IPv6 address, and the Service has only IPv4; change spec.ipFamilies or ask for another address',
    ],
    [
      'others in each place',
      { loadBalancerIP: '10.0.0.2' },
      '10.0.0.1',
      'lanlord.dev/addresses asks for 10.0.0.1 and spec.loadBalancerIP for 10.0.0.2; remove one of the two',
    ],
    [
      'nonsense in one place',
      { loadBalancerIP: 'x' },
      '10.0.0.1',
      'lanlord.dev/addresses asks for 10.0.0.1 and spec.loadBalancerIP for x; remove one of the two',
    ],
  ])('%s', (_, spec, annotated, expected) => {
    expect(asked(spec, annotated)).toBe(expected)
  })
})
