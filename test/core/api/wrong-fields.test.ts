import { describe, expect, it } from 'vitest'
import { customResourceDefinitions } from '../../../src/core/api/crds.ts'
import type { StructuralSchema } from '../../../src/core/api/structural.ts'
import { validateSpec } from '../../../src/core/api/validate.ts'
import { rightPool, rightSpeaker } from '../../e2e/right-objects.ts'
import type { WrongField } from '../../e2e/wrong-field.ts'
import { wrongPoolFields } from '../../e2e/wrong-pools.ts'
import { wrongSpeakerFields } from '../../e2e/wrong-speakers.ts'
import { wrongPoolStatuses, wrongSpeakerStatuses } from '../../e2e/wrong-statuses.ts'

const tables: readonly WrongField[] = [
  ...wrongPoolFields,
  ...wrongSpeakerFields,
  ...wrongPoolStatuses,
  ...wrongSpeakerStatuses,
]

/** The path of every field and every entry below a schema, entries as the first one. */
function pathsOf(schema: StructuralSchema, path: string): readonly string[] {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
    pathsOf(part, `${path}.${name}`),
  )
  return [path, ...inside, ...(schema.items ? pathsOf(schema.items, `${path}[0]`) : [])]
}

const fields = customResourceDefinitions().flatMap(({ spec }) => {
  const schema = spec.versions[0]?.schema.openAPIV3Schema ?? {}
  return ['spec', 'status'].flatMap((part) => {
    return pathsOf(schema.properties?.[part] ?? {}, part).map((path) => `${spec.names.kind} ${path}`)
  })
})

describe('the table of wrong fields', () => {
  it('has every field of both kinds', () => {
    const paths = new Set(tables.map(({ kind, path }) => `${kind} ${path}`))
    expect(fields.length).toBeGreaterThan(100)
    expect(fields.filter((field) => !paths.has(field))).toEqual([])
  })

  it('has no row twice', () => {
    const titles = tables.map(({ kind, path, wrong }) => `${kind} ${path} ${wrong}`)
    expect(titles.filter((title, index) => titles.indexOf(title) < index)).toEqual([])
    expect(titles.length).toBeGreaterThan(150)
  })
})

it.each([
  ['AddressPool', rightPool],
  ['Speaker', rightSpeaker],
])('the %s that they are made of is right', (kind, object) => {
  expect(validateSpec(kind, object)).toEqual([])
})

const ofSpecs = tables.filter(
  ({ path, says }) => path.startsWith('spec') && !says.startsWith('unknown field'),
)

it.each(ofSpecs)('$kind: $path $wrong is told at its place', ({ kind, named, object }) => {
  const places = validateSpec(kind, object).map(({ path }) => path)
  expect([...new Set(places)]).toEqual([named])
})
