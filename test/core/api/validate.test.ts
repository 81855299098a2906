import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { explainIssue, validateSpec } from '../../../src/core/api/validate.ts'

function pool(spec: unknown): unknown {
  return { apiVersion: 'lanlord.dev/v1beta1', kind: 'AddressPool', metadata: { name: 'lan' }, spec }
}

describe('what is wrong with an object', () => {
  it('is nothing for a pool that only lists addresses', () => {
    expect(validateSpec('AddressPool', pool({ addresses: ['10.0.0.1'] }))).toEqual([])
  })

  it('is nothing for a Speaker that the controller has not written to yet', () => {
    expect(validateSpec('Speaker', { metadata: { name: 'node-1' } })).toEqual([])
  })

  it('is nothing for kinds that are not ours, and for fields that we do not know', () => {
    expect(validateSpec('Service', { spec: 7 })).toEqual([])
    expect(validateSpec('AddressPool', pool({ addresses: ['10.0.0.1'], future: {} }))).toEqual([])
  })

  it('is nothing where a field is null that the API server would drop', () => {
    const spec = { addresses: ['10.0.0.1'], exclude: null, l2: { interfaces: null }, quota: null }
    expect(validateSpec('AddressPool', pool(spec))).toEqual([])
  })

  const rows: readonly (readonly [spec: unknown, path: string, message: string])[] = [
    [undefined, 'spec', 'is missing; write a map of fields'],
    [7, 'spec', '7 is not a map of fields'],
    [{}, 'spec.addresses', 'is missing; write a list'],
    [{ addresses: null }, 'spec.addresses', 'is missing; write a list'],
    [{ addresses: '10.0.0.1' }, 'spec.addresses', '"10.0.0.1" is not a list'],
    [{ addresses: [] }, 'spec.addresses', 'has 0 entries; write at least 1'],
    [{ addresses: [7] }, 'spec.addresses[0]', '7 is not a text'],
    [{ addresses: [null] }, 'spec.addresses[0]', 'null is not a text'],
    [
      { addresses: Array.from({ length: 257 }, () => '10.0.0.1') },
      'spec.addresses',
      'has 257 entries; write at most 256',
    ],
    [
      { addresses: [`10.0.0.1${' '.repeat(100)}`] },
      'spec.addresses[0]',
      'has 108 characters; write at most 100',
    ],
    [{ addresses: ['10.0.0.1'], priority: 'high' }, 'spec.priority', '"high" is not a number'],
    [{ addresses: ['10.0.0.1'], priority: 1.5 }, 'spec.priority', '1.5 is not a whole number'],
    [
      { addresses: ['10.0.0.1'], quota: { perNamespace: 0 } },
      'spec.quota.perNamespace',
      '0 is out of bounds; write at least 1',
    ],
    [{ addresses: ['10.0.0.1'], autoAssign: 'yes' }, 'spec.autoAssign', '"yes" is not true or false'],
    [
      { addresses: ['10.0.0.1'], l2: { rebalance: 'auto' } },
      'spec.l2.rebalance',
      '"auto" is not one of Manual, Auto',
    ],
    [
      { addresses: ['10.0.0.1'], serviceSelectors: [{ matchLabels: { 'app.kubernetes.io/name': 7 } }] },
      'spec.serviceSelectors[0].matchLabels[app.kubernetes.io/name]',
      '7 is not a text',
    ],
    [
      {
        addresses: ['10.0.0.1'],
        serviceSelectors: [
          { matchLabels: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, 'v'])) },
        ],
      },
      'spec.serviceSelectors[0].matchLabels',
      'has 65 entries; write at most 64',
    ],
  ]

  it.each(rows.map(([spec, path, message]) => ({ spec, path, message })))(
    'is told with its place: $path $message',
    ({ spec, path, message }) => {
      expect(validateSpec('AddressPool', pool(spec))).toEqual([{ path, message }])
    },
  )

  it('is told of a label that JavaScript would rather not see', () => {
    const spec = JSON.parse(
      '{"addresses": ["10.0.0.1"], "serviceSelectors": [{"matchLabels": {"__proto__": 7}}]}',
    ) as object
    expect(validateSpec('AddressPool', pool(spec))).toEqual([
      { path: 'spec.serviceSelectors[0].matchLabels["__proto__"]', message: '7 is not a text' },
    ])
  })

  it('is told for every field at once', () => {
    const spec = { addresses: ['x', '10.0.0.1', 'y'], priority: 'z' }
    const paths = validateSpec('AddressPool', pool(spec)).map(({ path }) => path)
    expect(paths.toSorted()).toEqual(['spec.addresses[0]', 'spec.addresses[2]', 'spec.priority'])
  })

  it('is told shortly, however long the value', () => {
    const spec = { addresses: 'x'.repeat(10_000) }
    expect(validateSpec('AddressPool', pool(spec))[0]?.message.length).toBeLessThan(200)
  })

  it('never throws, whatever the object', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.constantFrom('AddressPool', 'Speaker', 'Other', 'toString'),
        (value, kind) => {
          expect(() => validateSpec(kind, value)).not.toThrow()
        },
      ),
    )
  })

  it("is told in zod's own words where we have none", () => {
    const { error } = z.iso.datetime().safeParse('noon', { error: explainIssue })
    expect(error?.issues[0]?.message).toBe('Invalid ISO datetime')
  })
})
