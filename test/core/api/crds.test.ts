import { describe, expect, it } from 'vitest'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'
import type { StructuralSchema } from '../../../src/core/api/structural.ts'
import { definitionFiles } from '../../../src/programs/generate/files.ts'
import { staleFiles } from '../../../src/programs/generate/compare.ts'

const definitions = customResourceDefinitions().map((definition) => ({
  kind: definition.spec.names.kind,
  definition,
  version: definition.spec.versions[0]!,
}))

interface Field {
  readonly path: string
  readonly schema: StructuralSchema
}

/** Every field below a schema, with the path by which kubectl explain knows it. */
function fieldsOf(schema: StructuralSchema, path: string): readonly Field[] {
  const named = Object.entries(schema.properties ?? {}).map(
    ([name, part]) => [`${path}.${name}`, part] as const,
  )
  const inner = [schema.items, schema.additionalProperties].filter(
    (part) => part !== undefined && part !== false,
  )
  return [
    { path, schema },
    ...named.flatMap(([at, part]) => fieldsOf(part, at)),
    ...inner.flatMap((part) => fieldsOf(part, `${path}[]`)),
  ]
}

const fields = definitions.flatMap(({ kind, version }) => fieldsOf(version.schema.openAPIV3Schema, kind))

describe('the definitions of our kinds', () => {
  it('are what stands in crds/ and in the chart', async () => {
    expect(await staleFiles('.', definitionFiles())).toEqual([])
  })

  it('are two cluster-wide kinds of one served version each', () => {
    expect(
      definitions.map(({ definition: { metadata, spec }, version }) => [
        metadata.name,
        spec.scope,
        version.name,
      ]),
    ).toEqual([
      ['addresspools.lanlord.dev', 'Cluster', 'v1beta1'],
      ['speakers.lanlord.dev', 'Cluster', 'v1beta1'],
    ])
  })

  it('can be asked for by short names and all at once', () => {
    expect(
      definitions.map(({ definition: { spec } }) => [spec.names.shortNames, spec.names.categories]),
    ).toEqual([
      [['pool', 'pools', 'ap'], ['lanlord']],
      [['spk'], ['lanlord']],
    ])
  })

  it('have the status apart from the spec', () => {
    for (const { version } of definitions) expect(version.subresources).toEqual({ status: {} })
  })

  it.each([
    ['AddressPool', '', ['Ready', 'Auto', 'V4-Used', 'V4-Free', 'V6-Used', 'V6-Free', 'Age']],
    [
      'AddressPool',
      ' -o wide',
      ['Ready', 'Auto', 'V4-Used', 'V4-Free', 'V6-Used', 'V6-Free', 'Waiting', 'Addresses', 'Age'],
    ],
    ['Speaker', '', ['Ready', 'Addresses', 'Announcing', 'Peers', 'Age']],
    [
      'Speaker',
      ' -o wide',
      ['Ready', 'Addresses', 'Announcing', 'Peers', 'Kube-Proxy', 'Interface', 'MAC', 'Age'],
    ],
  ])('of %s: kubectl get%s has these columns', (kind, flags, names) => {
    const columns = definitions.find((definition) => definition.kind === kind)!.version
      .additionalPrinterColumns
    const shown = columns.filter(({ priority = 0 }) => flags !== '' || priority === 0)
    expect(shown.map(({ name }) => name)).toEqual(names)
  })

  it('show in each column a field that there is', () => {
    for (const { kind, version } of definitions) {
      for (const { jsonPath } of version.additionalPrinterColumns) {
        if (jsonPath.startsWith('.metadata')) continue
        const path = kind + jsonPath.replaceAll(/\[[^\]]*\]/g, '[]')
        expect(fields.map((field) => field.path)).toContain(path)
      }
    }
  })

  it('explain every field, in a sentence', () => {
    const named = fields.filter(({ path }) => path.includes('.') && !path.endsWith('[]'))
    const silent = named.filter(({ path, schema }) => {
      return !path.endsWith('.metadata') && !/^[A-Z0-9].*\.$/.test(schema.description ?? '')
    })
    expect(named.length).toBeGreaterThan(80)
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('bound every list, map and text, for the cost of rules is counted by them', () => {
    const unbounded = fields.filter(({ schema: { type, enum: words, additionalProperties, ...rest } }) => {
      if (type === 'array') return !('maxItems' in rest)
      if (type === 'string') return !('maxLength' in rest) && words === undefined
      return additionalProperties !== undefined && !('maxProperties' in rest)
    })
    expect(unbounded.map(({ path }) => path)).toEqual(
      definitions.flatMap(({ kind }) => [`${kind}.apiVersion`, `${kind}.kind`]),
    )
  })

  it('have rules for every entry of both lists of addresses', () => {
    const withRules = fields.filter(({ schema }) => schema['x-kubernetes-validations'] !== undefined)
    const paths = withRules.map(({ path }) => path)
    expect(paths).toContain('AddressPool.spec.addresses[]')
    expect(paths).toContain('AddressPool.spec.exclude[]')
  })

  it('say in a message what follows the value, without a line break', () => {
    const rules = fields.flatMap(({ schema }) => schema['x-kubernetes-validations'] ?? [])
    expect(rules.length).toBeGreaterThan(10)
    for (const { message } of rules) expect(message).toMatch(/^[a-z][^\n]*[^.\n]$/)
  })
})
