import { describe, expect, it, test } from 'vitest'
import { claimOf } from '../../../src/core/allocation/claim-of.ts'
import { noCompatibility, parseCompatibility } from '../../../src/core/allocation/compatibility.ts'
import type { Compatibility } from '../../../src/core/allocation/compatibility.ts'
import { readService } from '../../../src/core/allocation/service.ts'
import type { ServiceObject } from '../../../src/core/allocation/service.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'

type Spec = NonNullable<ServiceObject['spec']>

const metallb: Compatibility = { metallb: true, kubeVip: false }
const kubeVip: Compatibility = { metallb: false, kubeVip: true }
const both: Compatibility = { metallb: true, kubeVip: true }

/** What a Service with these annotations asks for, as text; only what it asks for. */
function asked(annotations: Record<string, string>, compatibility: Compatibility, spec: Spec = {}): object {
  const raw = { metadata: { name: 'web', annotations }, spec: { type: 'LoadBalancer', ...spec } }
  const claim = claimOf(readService(raw, compatibility), {
    namespaceLabels: {},
    arrival: 0,
    classLess: true,
  })
  const said = {
    pool: claim.asksPool,
    addresses: claim.asksFor.map(formatAddress).join() || undefined,
    key: claim.sharing.key,
    sharesWith: claim.sharing.sharesWith.join() || undefined,
    problem: claim.problem,
    remarks: claim.remarks.map(({ message }) => message).join() || undefined,
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

describe('with MetalLB’s annotations read', () => {
  it.each<[string, Record<string, string>, object]>([
    ['its pool', { 'metallb.io/address-pool': 'lab' }, { pool: 'lab' }],
    ['its pool, old prefix', { 'metallb.universe.tf/address-pool': ' lab ' }, { pool: 'lab' }],
    ['its address', { 'metallb.io/loadBalancerIPs': '10.0.0.7' }, { addresses: '10.0.0.7' }],
    [
      'its address, old prefix',
      { 'metallb.universe.tf/loadBalancerIPs': '10.0.0.7' },
      { addresses: '10.0.0.7' },
    ],
    ['its sharing key', { 'metallb.io/allow-shared-ip': 'dns' }, { key: 'dns', sharesWith: '*' }],
    [
      'its sharing key, old prefix',
      { 'metallb.universe.tf/allow-shared-ip': 'dns' },
      { key: 'dns', sharesWith: '*' },
    ],
    [
      'nothing where a value is empty',
      { 'metallb.io/allow-shared-ip': '', 'metallb.io/address-pool': ' ' },
      {},
    ],
    ['nothing in what MetalLB writes itself', { 'metallb.io/ip-allocated-from-pool': 'lab' }, {}],
    ['nothing of kube-vip', { 'kube-vip.io/loadbalancerIPs': '10.0.0.7' }, {}],
    ['nothing under a name in other case', { 'metallb.io/loadbalancerips': '10.0.0.7' }, {}],
  ])('a Service is read with %s', (_, annotations, expected) => {
    expect(asked(annotations, metallb)).toEqual(expected)
    expect(asked(annotations, both)).toEqual(
      annotations['kube-vip.io/loadbalancerIPs'] ? { addresses: '10.0.0.7' } : expected,
    )
  })

  it('a Service may ask for one address of each family', () => {
    const annotations = { 'metallb.io/loadBalancerIPs': '10.0.0.7, fd00::7' }
    const spec = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' }
    expect(asked(annotations, metallb, spec)).toEqual({ addresses: '10.0.0.7,fd00::7' })
  })

  it('what is wrong with an address names the annotation that it stands in', () => {
    expect(asked({ 'metallb.io/loadBalancerIPs': 'lan' }, metallb)).toEqual({
      problem:
        '"lan" in metallb.io/loadBalancerIPs is not an IP address; write one such as 192.168.10.200 or fd00:10::1',
    })
  })

  it('another address in spec.loadBalancerIP is refused, as MetalLB refuses it', () => {
    const annotations = { 'metallb.io/loadBalancerIPs': '10.0.0.7' }
    expect(asked(annotations, metallb, { loadBalancerIP: '10.0.0.8' })).toEqual({
      problem:
        'metallb.io/loadBalancerIPs asks for 10.0.0.7 and spec.loadBalancerIP for 10.0.0.8; remove one of the two',
    })
  })

  it('an annotation of ours says with which namespaces it shares, whatever MetalLB’s sharing key is', () => {
    const annotations = { 'metallb.io/allow-shared-ip': 'dns', 'lanlord.dev/sharing-namespaces': 'shop, web' }
    expect(asked(annotations, metallb)).toEqual({ key: 'dns', sharesWith: 'shop,web' })
  })

  it('another sharing key of MetalLB’s says nothing about who shares ours', () => {
    const annotations = { 'metallb.io/allow-shared-ip': 'web', 'lanlord.dev/sharing-key': 'dns' }
    expect(asked(annotations, metallb)).toEqual({
      key: 'dns',
      remarks:
        'lanlord.dev/sharing-key says dns, and metallb.io/allow-shared-ip web; the first counts, remove the other',
    })
  })

  it('the same sharing key in both is one that MetalLB’s Services share everywhere', () => {
    const annotations = { 'metallb.io/allow-shared-ip': 'dns', 'lanlord.dev/sharing-key': 'dns' }
    expect(asked(annotations, metallb)).toEqual({ key: 'dns', sharesWith: '*' })
  })
})

describe('with kube-vip’s annotations read', () => {
  const named = 'kube-vip.io/loadbalancerIPs'

  it('a Service is read with its addresses, and nothing of MetalLB', () => {
    expect(asked({ [named]: '10.0.0.7', 'metallb.io/address-pool': 'lab' }, kubeVip)).toEqual({
      addresses: '10.0.0.7',
    })
  })

  it('the address that kube-vip copied into spec.loadBalancerIP is no second wish, even an old one', () => {
    expect(asked({ [named]: '10.0.0.7' }, kubeVip, { loadBalancerIP: '10.0.0.7' })).toEqual({
      addresses: '10.0.0.7',
    })
    expect(asked({ [named]: '10.0.0.7' }, kubeVip, { loadBalancerIP: '10.0.0.6' })).toEqual({
      addresses: '10.0.0.7',
    })
  })

  it.each(['0.0.0.0', '::'])(
    '%s, its way to ask a DHCP server, is refused with words that say so',
    (text) => {
      expect(asked({ [named]: text }, kubeVip)).toEqual({
        problem: `${text} in ${named} is no address that a Service can have, and Lanlord asks no DHCP server; remove it, and one is chosen from the AddressPools`,
      })
    },
  )
})

describe('annotations that contradict each other', () => {
  it.each<[string, Record<string, string>, object]>([
    [
      'ours and MetalLB’s',
      { 'metallb.io/address-pool': 'cheap', 'lanlord.dev/pool': 'lab' },
      {
        pool: 'lab',
        remarks:
          'lanlord.dev/pool says lab, and metallb.io/address-pool cheap; the first counts, remove the other',
      },
    ],
    [
      'both prefixes of MetalLB',
      { 'metallb.universe.tf/address-pool': 'cheap', 'metallb.io/address-pool': 'lab' },
      {
        pool: 'lab',
        remarks:
          'metallb.io/address-pool says lab, and metallb.universe.tf/address-pool cheap; the first counts, remove the other',
      },
    ],
    [
      'MetalLB’s and kube-vip’s',
      { 'kube-vip.io/loadbalancerIPs': '10.0.0.8', 'metallb.io/loadBalancerIPs': '10.0.0.7' },
      {
        addresses: '10.0.0.7',
        remarks:
          'metallb.io/loadBalancerIPs says 10.0.0.7, and kube-vip.io/loadbalancerIPs 10.0.0.8; the first counts, remove the other',
      },
    ],
  ])('are remarked on, and the first counts: %s', (_, annotations, expected) => {
    expect(asked(annotations, both)).toEqual(expected)
  })

  it('do not where they say the same in other words', () => {
    const annotations = {
      'lanlord.dev/addresses': 'fd00::7,10.0.0.7',
      'metallb.io/loadBalancerIPs': '10.0.0.7, fd00:0::7',
    }
    const spec = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' }
    expect(asked(annotations, both, spec)).toEqual({ addresses: 'fd00::7,10.0.0.7' })
  })

  it('do not where the other one is not read', () => {
    const annotations = { 'metallb.io/address-pool': 'cheap', 'lanlord.dev/pool': 'lab' }
    expect(asked(annotations, kubeVip)).toEqual({ pool: 'lab' })
  })
})

test('without compatibility nobody else’s annotation is read', () => {
  const annotations = {
    'metallb.io/address-pool': 'lab',
    'metallb.universe.tf/allow-shared-ip': 'dns',
    'kube-vip.io/loadbalancerIPs': '10.0.0.7',
  }
  expect(asked(annotations, noCompatibility)).toEqual({})
})

test.each<[string, object]>([
  ['', noCompatibility],
  ['metallb', metallb],
  ['kube-vip', kubeVip],
  [' metallb , kube-vip,', both],
  ['metallb,metallb', metallb],
  ['kubeVip', { problem: '"kubeVip" is none of metallb, kube-vip' }],
  ['toString', { problem: '"toString" is none of metallb, kube-vip' }],
])('the list "%s" is read as %j', (text, expected) => {
  expect(parseCompatibility(text)).toEqual(expected)
})
