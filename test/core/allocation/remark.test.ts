import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { newRemarks, remarkText, saysBeforeRemarks } from '../../../src/core/allocation/remark.ts'
import type { Remark } from '../../../src/core/allocation/remark.ts'
import { readService } from '../../../src/core/allocation/service.ts'
import type { ServiceObject } from '../../../src/core/allocation/service.ts'

function remarksOn(
  annotations: Record<string, string>,
  spec: NonNullable<ServiceObject['spec']> = {},
): readonly string[] {
  const { remarks } = readService({ metadata: { name: 'web', annotations }, spec })
  return remarks.map(({ reason, message }) => `${reason}: ${message}`)
}

describe('an annotation of ours that nobody reads', () => {
  it.each([
    ['lanlord.dev/adress', 'lanlord.dev/addresses'],
    ['lanlord.dev/address', 'lanlord.dev/addresses'],
    ['lanlord.dev/Addresses', 'lanlord.dev/addresses'],
    ['lanlord.dev/sharingKey', 'lanlord.dev/sharing-key'],
    ['lanlord.dev/sharing_namespace', 'lanlord.dev/sharing-namespaces'],
    ['lanlord.dev/pools', 'lanlord.dev/pool'],
    ['lanlord.dev/pol', 'lanlord.dev/pool'],
    ['lanlord.dev/address-pool', 'lanlord.dev/pool'],
    ['lanlord.dev/loadBalancerIPs', 'lanlord.dev/addresses'],
    ['lanlord.dev/allow-shared-ip', 'lanlord.dev/sharing-key'],
    ['lanlord.dev/preferred-nodes', 'lanlord.dev/preferred-node'],
    ['lanlord.dev/prefered-node', 'lanlord.dev/preferred-node'],
  ])('%s is taken for %s', (name, meant) => {
    expect(remarksOn({ [name]: 'x' })).toEqual([
      `UnknownAnnotation: nobody reads ${name} (did you mean ${meant}?)`,
    ])
  })

  it.each([
    'lanlord.dev/colour',
    'lanlord.dev/',
    'lanlord.dev/ol',
    'lanlord.dev/attestation',
    'lanlord.dev/constructor',
  ])('%s is like none of ours', (name) => {
    expect(remarksOn({ [name]: 'x' })).toEqual([`UnknownAnnotation: nobody reads ${name}`])
  })

  it('is told once for all of them, and no more than three by name', () => {
    const many = Object.fromEntries(['e', 'd', 'c', 'b', 'a'].map((name) => [`lanlord.dev/${name}`, '']))
    expect(remarksOn(many)).toEqual([
      'UnknownAnnotation: nobody reads lanlord.dev/a, lanlord.dev/b, lanlord.dev/c and 2 more',
    ])
  })

  it('is none that is read, and none of others', () => {
    const read = {
      'lanlord.dev/pool': 'lab',
      'lanlord.dev/addresses': '10.0.0.1',
      'lanlord.dev/sharing-key': 'a',
      'lanlord.dev/sharing-namespaces': '*',
      'lanlord.dev/preferred-node': 'one',
    }
    expect(remarksOn({ ...read, 'metallb.io/address-pool': 'x', 'notlanlord.dev/pol': 'x' })).toEqual([])
  })
})

test('sharing with namespaces and no sharing key is remarked on', () => {
  expect(remarksOn({ 'lanlord.dev/sharing-namespaces': 'shop' })).toEqual([
    'ContradictingAnnotations: lanlord.dev/sharing-namespaces means nothing without lanlord.dev/sharing-key; add that or remove this',
  ])
})

describe('a family that no cluster IP is of', () => {
  const words = (family: string, ips: string): string =>
    `FamilyWithoutClusterIP: it asks for ${family} and its cluster IP is ${ips}, so nothing forwards what comes to such an address; take the family out of spec.ipFamilies, or make the Service anew`

  it.each<[NonNullable<ServiceObject['spec']>, readonly string[]]>([
    [{ ipFamilies: ['IPv6'], clusterIPs: ['10.96.0.1'] }, [words('IPv6', '10.96.0.1')]],
    [
      { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack', clusterIPs: ['10.96.0.1'] },
      [words('IPv6', '10.96.0.1')],
    ],
    [
      { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack', clusterIPs: ['fd96::1'] },
      [words('IPv4', 'fd96::1')],
    ],
    [{ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'SingleStack', clusterIPs: ['10.96.0.1'] }, []],
    [
      {
        ipFamilies: ['IPv4', 'IPv6'],
        ipFamilyPolicy: 'PreferDualStack',
        clusterIPs: ['10.96.0.1', 'fd96::1'],
      },
      [],
    ],
    [{ ipFamilies: ['IPv6'] }, []],
    [{ ipFamilies: ['IPv6'], clusterIPs: ['None'] }, []],
    [{ ipFamilies: ['IPv6'], clusterIPs: [''] }, []],
    [{ clusterIPs: ['fd96::1'] }, []],
  ])('is remarked on, and no other (%j)', (spec, expected) => {
    expect(remarksOn({}, spec)).toEqual(expected)
  })
})

describe('what a condition says of remarks', () => {
  const a: Remark = { reason: 'UnknownAnnotation', message: 'nobody reads lanlord.dev/a' }
  const ab: Remark = { reason: 'UnknownAnnotation', message: 'nobody reads lanlord.dev/ab' }

  it('stands after what was decided', () => {
    expect(`full${remarkText([a, ab])}`).toBe(
      'full; but nobody reads lanlord.dev/a; but nobody reads lanlord.dev/ab',
    )
    expect(remarkText([])).toBe('')
  })

  it('tells one that is new from one that was said, even where the one begins like the other', () => {
    expect(newRemarks([a, ab], '')).toEqual([a, ab])
    expect(newRemarks([a, ab], `full${remarkText([ab])}`)).toEqual([a])
    expect(newRemarks([a, ab], `full${remarkText([a])}`)).toEqual([ab])
    expect(newRemarks([a, ab], `full${remarkText([ab, a])}`)).toEqual([])
  })

  it('does not count as another decision', () => {
    expect(saysBeforeRemarks('full', 'full')).toBe(true)
    expect(saysBeforeRemarks(`full${remarkText([a])}`, 'full')).toBe(true)
    expect(saysBeforeRemarks('fuller', 'full')).toBe(false)
    expect(saysBeforeRemarks('ful', 'full')).toBe(false)
  })
})

test('whatever the annotations are, the words about them fit into a condition, and are the same each time', () => {
  const name = fc.oneof(
    fc.constantFrom('pool', 'addresses', 'sharing-key', 'sharing-namespaces', 'preferred-node'),
    fc.string({ maxLength: 63 }),
  )
  const prefix = fc.constantFrom('lanlord.dev/', 'metallb.io/', 'kube-vip.io/', '')
  const key = fc.tuple(prefix, name).map((parts) => parts.join(''))
  const annotations = fc.dictionary(key, fc.string({ maxLength: 5_000 }))
  fc.assert(
    fc.property(annotations, (some) => {
      const service = readService(
        { metadata: { name: 'web', annotations: some } },
        { metallb: true, kubeVip: true },
      )
      const again = readService(
        { metadata: { name: 'web', annotations: some } },
        { metallb: true, kubeVip: true },
      )
      expect(again.remarks).toEqual(service.remarks)
      expect(remarkText(service.remarks).length).toBeLessThan(4_000)
    }),
  )
})
