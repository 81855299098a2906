import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { validateSpec } from '../src/core/api/validate.ts'

type Labels = Readonly<Record<string, string>>

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: {
    readonly selector?: Labels
    readonly template?: { readonly metadata: { readonly labels: Labels } }
  }
}

const files = readdirSync('examples').map((name) => {
  const text = readFileSync(`examples/${name}`, 'utf8')
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Manifest)
  return { name, text, documents }
})

describe.each(files)('examples/$name', ({ name, text, documents }) => {
  it('is YAML, and begins by saying what it shows', () => {
    expect(name).toMatch(/\.yaml$/)
    expect(text).toMatch(/^# \S/)
  })

  it('holds whole objects, of our kinds only valid ones', () => {
    expect(documents.length).toBeGreaterThan(0)
    for (const object of documents) {
      expect(object).toMatchObject({
        apiVersion: expect.any(String),
        metadata: { name: expect.any(String) },
      })
      expect(validateSpec(object.kind, object)).toEqual([])
    }
  })
})

it('the examples can all be applied together: no two objects have one name', () => {
  const keys = files.flatMap(({ documents }) =>
    documents.map(({ kind, metadata: { namespace, name } }) =>
      [kind, ...(namespace ? [namespace] : []), name].join('/'),
    ),
  )
  expect(keys).toHaveLength(new Set(keys).size)
  expect(keys).toContain('AddressPool/lan')
})

it('every Service finds Pods: those of an example, or of Lanlord itself', () => {
  const objects = files.flatMap(({ documents }) => documents)
  const pods = objects.flatMap(({ spec }) => (spec?.template ? [spec.template.metadata.labels] : []))
  const lanlord = ['controller', 'speaker'].map((component) => {
    return { 'app.kubernetes.io/name': 'lanlord', 'app.kubernetes.io/component': component }
  })
  const isFound = ({ spec }: Manifest): boolean =>
    [...pods, ...lanlord].some((labels: Labels) =>
      Object.entries(spec?.selector ?? {}).every(([label, value]) => labels[label] === value),
    )
  const services = objects.filter(({ kind }) => kind === 'Service')
  expect(services.length).toBeGreaterThan(0)
  expect(services.filter((each) => !isFound(each)).map(({ metadata }) => metadata.name)).toEqual([])
})
