import { expect, test } from 'vitest'
import type { Json } from '../../../../src/sandbox/api-server/object.ts'
import { strategicPatch } from '../../../../src/sandbox/api-server/patch/strategic.ts'
import { schemaOfKind } from '../../../../src/sandbox/api-server/schema/openapi-of.ts'

const schema = schemaOfKind('', 'Service')
const two = {
  spec: {
    ports: [
      { name: 'a', port: 80, nodePort: 30_001 },
      { name: 'b', port: 443 },
    ],
  },
}

const rows: readonly (readonly [string, Json, Json, Json])[] = [
  [
    'a port is merged with the one of the same number',
    two,
    { spec: { ports: [{ port: 80, targetPort: 1 }] } },
    {
      spec: {
        ports: [
          { name: 'a', port: 80, nodePort: 30_001, targetPort: 1 },
          { name: 'b', port: 443 },
        ],
      },
    },
  ],
  [
    'a port of a new number is added, before those that the patch does not name',
    two,
    { spec: { ports: [{ name: 'c', port: 53 }] } },
    { spec: { ports: [{ name: 'c', port: 53 }, ...two.spec.ports] } },
  ],
  [
    'a port is deleted',
    two,
    { spec: { ports: [{ port: 80, $patch: 'delete' }] } },
    { spec: { ports: [{ name: 'b', port: 443 }] } },
  ],
  [
    'the list is replaced',
    two,
    { spec: { ports: [{ $patch: 'replace' }, { port: 1 }] } },
    { spec: { ports: [{ port: 1 }] } },
  ],
  [
    'the list takes the order that the patch names',
    two,
    {
      spec: { '$setElementOrder/ports': [{ port: 53 }, { port: 443 }, { port: 80 }], ports: [{ port: 53 }] },
    },
    { spec: { ports: [{ port: 53 }, { name: 'b', port: 443 }, { name: 'a', port: 80, nodePort: 30_001 }] } },
  ],
  [
    'an order without a list orders what is there',
    two,
    { spec: { '$setElementOrder/ports': [{ port: 443 }, { port: 80 }] } },
    {
      spec: {
        ports: [
          { name: 'b', port: 443 },
          { name: 'a', port: 80, nodePort: 30_001 },
        ],
      },
    },
  ],
  [
    'finalizers are merged by value, in the order of the patch',
    { metadata: { finalizers: ['a'] } },
    { metadata: { finalizers: ['b', 'a'] } },
    { metadata: { finalizers: ['b', 'a'] } },
  ],
  [
    'finalizers are deleted by value',
    { metadata: { finalizers: ['a', 'b'] } },
    { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
    { metadata: { finalizers: ['b'] } },
  ],
  [
    'a list without a merge key is replaced',
    { spec: { externalIPs: ['192.0.2.1'] } },
    { spec: { externalIPs: ['192.0.2.2'] } },
    { spec: { externalIPs: ['192.0.2.2'] } },
  ],
  ['null removes a field', { spec: { selector: { a: 'b' } } }, { spec: { selector: null } }, { spec: {} }],
  [
    'an object is replaced',
    { spec: { selector: { a: 'b' } } },
    { spec: { selector: { $patch: 'replace', c: 'd' } } },
    { spec: { selector: { c: 'd' } } },
  ],
  [
    'only the named keys are retained',
    { spec: { selector: { a: 'b', c: 'd' } } },
    { spec: { selector: { $retainKeys: ['c', 'e'], e: 'f' } } },
    { spec: { selector: { c: 'd', e: 'f' } } },
  ],
]

test.each(rows)('%s', (_, target, patch, wanted) => {
  expect(strategicPatch(schema, structuredClone(target), patch)).toEqual(wanted)
})
