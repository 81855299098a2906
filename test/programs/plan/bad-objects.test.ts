import { describe, expect, it } from 'vitest'
import { complaints, read } from './read.ts'

const pool = (spec: string): string => `apiVersion: lanlord.dev/v1beta1
kind: AddressPool
metadata:
  name: lab
spec:
${spec.replaceAll(/^/gm, '  ')}`

const service = (rest: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
${rest}`

describe('an object that the API server would refuse', () => {
  it.each([
    [
      'no entries',
      pool('addresses: []'),
      '6: AddressPool lab: spec.addresses: has 0 entries; write at least 1',
    ],
    [
      'an entry that is no address',
      pool('addresses:\n  - 10.0.0.1\n  - 10.0.0.300'),
      '8: AddressPool lab: spec.addresses[1]: "10.0.0.300" is not an IP address; write one such as 192.168.10.200 or fd00:10::1',
    ],
    [
      'a range that ends before it begins',
      pool('addresses: [10.0.0.9-10.0.0.1]'),
      '6: AddressPool lab: spec.addresses[0]: "10.0.0.9-10.0.0.1" ends before it begins; write 10.0.0.1-10.0.0.9',
    ],
    [
      'text for a number',
      pool('addresses: [10.0.0.1]\npriority: high'),
      '7: AddressPool lab: spec.priority: "high" is not a number',
    ],
    [
      'a number for text',
      pool('addresses: [10.0.0.1]\nretain: 30'),
      '7: AddressPool lab: spec.retain: 30 is not a text',
    ],
    [
      'a misspelt field',
      pool('addresses: [10.0.0.1]\nautoasign: false'),
      '7: AddressPool lab: spec.autoasign: is no field that is known there; did you mean autoAssign?',
    ],
    [
      'a misspelt field below',
      pool('addresses: [10.0.0.1]\nl2:\n  interface: [eth0]'),
      '8: AddressPool lab: spec.l2.interface: is no field that is known there; did you mean interfaces?',
    ],
    [
      'a field that is like none',
      pool('addresses: [10.0.0.1]\nquota: { xyz: 3 }'),
      '7: AddressPool lab: spec.quota.xyz: is no field that is known there; those are perNamespace',
    ],
    [
      'a port that is none',
      service('spec:\n  ports:\n    - port: 80\n    - port: 80000'),
      '8: Service web: spec.ports[1].port: 80000 is out of bounds; write at most 65535',
    ],
    [
      'a type that is none',
      service('spec: { type: Loadbalancer }'),
      '5: Service web: spec.type: "Loadbalancer" is not one of ClusterIP, NodePort, LoadBalancer, ExternalName',
    ],
    [
      'a label that is no text',
      service('  labels:\n    replicas: 3\nspec: {}'),
      '6: Service web: metadata.labels.replicas: 3 is not a text',
    ],
    [
      'a moment that is none',
      service('  creationTimestamp: yesterday'),
      '5: Service web: metadata.creationTimestamp: "yesterday" is not a moment; write it such as 2026-01-31T12:00:00Z',
    ],
    [
      'no name',
      'apiVersion: v1\nkind: Service\nmetadata: { namespace: shop }',
      '3: Service: metadata.name: is missing; write a text',
    ],
    [
      'a name that is none',
      'apiVersion: v1\nkind: Service\nmetadata: { name: shop/web }',
      '3: Service shop/web: metadata.name: "shop/web" is not a name; write lower-case letters, digits, dashes and dots',
    ],
    [
      'no metadata',
      'apiVersion: v1\nkind: Service',
      '1: Service: metadata: is missing; write a map of fields',
    ],
    [
      'no kind',
      'apiVersion: v1\nmetadata: { name: web }',
      '1: web: kind: is missing; write one such as Service',
    ],
    [
      'no version',
      'kind: Service\nmetadata: { name: web }',
      '1: Service web: apiVersion: is missing; write one such as v1',
    ],
    [
      'a kind that is no text',
      'apiVersion: v1\nkind: [Service]',
      '2: kind: ["Service"] is not a text; write one such as Service',
    ],
    [
      'a kind of ours that is none',
      'apiVersion: lanlord.dev/v1beta1\nkind: AdressPool\nmetadata: { name: lab }',
      '2: AdressPool lab: kind: AdressPool is no kind of lanlord.dev; did you mean AddressPool?',
    ],
    [
      'a version of ours that is none',
      'apiVersion: lanlord.dev/v1\nkind: AddressPool\nmetadata: { name: lab }',
      '1: AddressPool lab: apiVersion: lanlord.dev/v1 is not known; write lanlord.dev/v1beta1',
    ],
    ['text alone', 'hello', '1: is no object; write one with apiVersion, kind and metadata'],
    ['a list of nothing', 'apiVersion: v1\nkind: List\nitems: 7', '3: List: items: is no list; write one'],
    [
      'no kind, in a list',
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    metadata: { name: web }',
      '4: web: kind: is missing; write one such as Service',
    ],
    [
      'an entry that is none, in a list',
      'apiVersion: v1\nkind: List\nitems:\n  - 7',
      '4: is no object; write one with apiVersion, kind and metadata',
    ],
  ])('is told with its line, its field and the mend: %s', (_, text, complaint) => {
    expect(complaints(text)).toEqual([`some.yaml:${complaint}`])
  })

  it('is told for every field that is wrong, up to ten', () => {
    expect(complaints(pool('adresses: [10.0.0.1]'))).toEqual([
      'some.yaml:6: AddressPool lab: spec.adresses: is no field that is known there; did you mean addresses?',
      'some.yaml:5: AddressPool lab: spec.addresses: is missing; write a list',
    ])
    const many = complaints(pool(`addresses: [${Array.from({ length: 30 }, () => 'x').join()}]`))
    expect(many).toHaveLength(11)
    expect(many.at(-1)).toBe('some.yaml: and 20 more like these')
  })

  it('is told with its line in JSON, too, and in the lists of kubectl', () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 7 } }],
    }
    const text = JSON.stringify(list, undefined, 4)
    const line = text.split('\n').findIndex((each) => each.includes('"name"')) + 1
    expect(complaints(text, 'all.json')).toEqual([
      `all.json:${line}: Service: metadata.name: 7 is not a text`,
    ])
  })

  it('is told where an alias stands for it', () => {
    const text = `x: &entries [10.0.0.300]\napiVersion: lanlord.dev/v1beta1\nkind: AddressPool\nmetadata: { name: lab }\nspec:\n  addresses: *entries`
    expect(complaints(text).at(-1)).toMatch(
      /^some.yaml:1: AddressPool lab: spec.addresses\[0\]: "10.0.0.300"/,
    )
  })

  it('is told when it is in one file twice: nobody can say which of the two is meant', () => {
    const text = `${service('spec: {}')}\n---\n${service('spec: {}')}`
    expect(complaints(text)).toEqual([
      'some.yaml:7: Service web is there twice, first in line 1; put what replaces it into a file of its own',
    ])
  })
})

describe('an object that the API server would take', () => {
  it.each([
    ['with fields that are null', pool('addresses: [10.0.0.1]\nquota: null\nexclude: ~')],
    ['with yes and no', pool('addresses: [10.0.0.1]\nautoAssign: no\ndisabled: yes')],
    [
      'with fields of Services that are not read here',
      service('spec: { sessionAffinity: None, trafficDistribution: 7 }'),
    ],
  ])('is taken %s', (_, text) => {
    expect(complaints(text)).toEqual([])
  })

  it('is read from lists of all forms, and by itself', () => {
    const item = '{ metadata: { name: web } }'
    const whole = '{ apiVersion: v1, kind: Service, metadata: { name: web } }'
    const lists = [
      `apiVersion: v1\nkind: ServiceList\nitems: [${item}]`,
      `apiVersion: v1\nkind: List\nitems: [${whole}]`,
      `apiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: ServiceList, items: [${item}] }]`,
      whole,
      `# nothing\n---\n---\n${whole}\n---\n`,
    ]
    for (const text of lists) expect(read(text).map(({ key }) => key)).toEqual(['Service default/web'])
    expect(read('apiVersion: v1\nkind: List\nitems: []')).toEqual([])
    expect(read('apiVersion: v1\nkind: ServiceList\nitems: null')).toEqual([])
  })

  it('is not looked at when it is of another kind, or of another group with a kind of the same name', () => {
    expect(read('apiVersion: apps/v1\nkind: Deployment\nspec: 7')).toEqual([])
    expect(read('apiVersion: metallb.io/v1beta1\nkind: AddressPool\nspec: 7')).toEqual([])
    expect(read('apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: 7')).toEqual([])
  })
})
