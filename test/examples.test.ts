import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { validateSpec } from '../src/core/api/validate.ts'

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
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
    documents.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  )
  expect(keys).toHaveLength(new Set(keys).size)
  expect(keys).toContain('AddressPool/lan')
})
