import { describe, expect, it } from 'vitest'
import { addressEntry } from '../../../src/core/api/address-entry.ts'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'
import type { StructuralSchema } from '../../../src/core/api/structural.ts'
import { structuralSchema } from '../../../src/core/api/structural.ts'
import { validateSpec } from '../../../src/core/api/validate.ts'
import { entryRows } from './address-entries.ts'
import { celProblems } from './kubernetes-cel.ts'

const [pools] = customResourceDefinitions()
const poolSchema = pools?.spec.versions[0]?.schema.openAPIV3Schema as StructuralSchema

/** A pool that is fine but for what the row adds. */
function pool(spec: object): { readonly spec: object } {
  return { spec: { addresses: ['10.0.0.1'], ...spec } }
}

describe('an address entry', () => {
  const schema = structuralSchema(addressEntry)

  it.each(entryRows.filter(({ problem }) => problem === undefined))('"$text" is accepted', ({ text }) => {
    expect(addressEntry.safeParse(text).error).toBeUndefined()
    expect(celProblems(schema, text)).toEqual([])
  })

  it.each(entryRows.filter(({ problem }) => problem !== undefined))(
    '"$text" is refused: $problem',
    ({ text, problem, rule }) => {
      const issues = addressEntry.safeParse(text).error?.issues.map(({ message }) => message)
      expect(issues).toEqual([expect.stringContaining(problem!)])
      const expected = rule === undefined ? [] : [expect.stringContaining(rule)]
      expect(celProblems(schema, text)).toEqual(expected)
    },
  )

  it('tells in kubectl what would mend a range that ends before it begins', () => {
    expect(celProblems(schema, '10.0.0.9 - 10.0.0.1')).toEqual([
      ': ends before it begins; write 10.0.0.1-10.0.0.9',
    ])
  })

  it('tells in kubectl how to write the one address whose prefix is too short for it', () => {
    expect(celProblems(schema, '10.0.0.7/29')[0]).toContain('or 10.0.0.7 for the one address')
  })
})

describe('what a schema cannot say about the other fields', () => {
  const accepted: readonly object[] = [
    { retain: '0s' },
    { retain: '1h30m' },
    { retain: '90m15s' },
    { namespaces: ['shop', 'team-1'] },
    { l2: { interfaces: ['eth0', 'enp*', 'bond0.100'] } },
    { serviceSelectors: [{}] },
    { serviceSelectors: [{ matchLabels: { 'app.kubernetes.io/name': 'web' } }] },
    { namespaceSelectors: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }] },
    { namespaceSelectors: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] },
    { l2: { nodeSelectors: [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist', values: [] }] }] } },
  ]

  it.each(accepted.map((spec) => ({ spec, text: JSON.stringify(spec) })))('$text is accepted', ({ spec }) => {
    expect(validateSpec('AddressPool', pool(spec))).toEqual([])
    expect(celProblems(poolSchema, pool(spec))).toEqual([])
  })

  const refused: readonly (readonly [spec: object, path: string, words: string])[] = [
    [{ retain: '1d' }, 'spec.retain', 'is not a duration'],
    [{ retain: '30' }, 'spec.retain', 'is not a duration'],
    [{ retain: '1.5h' }, 'spec.retain', 'is not a duration'],
    [{ retain: '' }, 'spec.retain', 'is not a duration'],
    [{ retain: '-5m' }, 'spec.retain', 'is not a duration'],
    [{ exclude: ['10.0.0.1', 'x'] }, 'spec.exclude[1]', 'such as 192.168.10.200'],
    [{ namespaces: ['Shop'] }, 'spec.namespaces[0]', 'is not the name of a namespace'],
    [{ namespaces: ['a', ''] }, 'spec.namespaces[1]', 'is not the name of a namespace'],
    [{ l2: { interfaces: ['eth0, eth1'] } }, 'spec.l2.interfaces[0]', 'one name or glob in each entry'],
    [{ l2: { interfaces: ['/dev/eth0'] } }, 'spec.l2.interfaces[0]', 'is not an interface name'],
    [
      { serviceSelectors: [{}, { matchExpressions: [{ key: 'a', operator: 'In' }] }] },
      'spec.serviceSelectors[1].matchExpressions[0]',
      'needs at least one entry in values',
    ],
    [
      { namespaceSelectors: [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: [] }] }] },
      'spec.namespaceSelectors[0].matchExpressions[0]',
      'needs at least one entry in values',
    ],
    [
      { l2: { nodeSelectors: [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }] } },
      'spec.l2.nodeSelectors[0].matchExpressions[0]',
      'takes no values',
    ],
  ]

  it.each(refused.map(([spec, path, words]) => ({ spec, path, words, text: JSON.stringify(spec) })))(
    '$text is refused by both judges: $words',
    ({ spec, path, words }) => {
      expect(validateSpec('AddressPool', pool(spec))).toEqual([
        { path, message: expect.stringContaining(words) },
      ])
      expect(celProblems(poolSchema, pool(spec))).toEqual([expect.stringContaining(`${path}: `)])
      expect(celProblems(poolSchema, pool(spec))[0]).toContain(words)
    },
  )
})
