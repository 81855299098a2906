import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../src/sandbox/api-server/object.ts'
import { prune } from '../../../../src/sandbox/api-server/schema/prune.ts'
import type { Schema } from '../../../../src/sandbox/api-server/schema/schema.ts'
import { schemaProblems } from '../../../../src/sandbox/api-server/schema/validate.ts'
import { duplicateProblems } from '../../../../src/sandbox/api-server/schema/validate-list.ts'

const around = (spec: Schema): Schema => ({
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec,
  },
})

const object = (spec: unknown): KubeObject =>
  ({ apiVersion: 'x/v1', kind: 'X', metadata: {}, spec }) as unknown as KubeObject

const wrong = (spec: Schema, value: unknown, old?: unknown): readonly string[] =>
  [
    ...schemaProblems(around(spec), object(value), old === undefined ? undefined : object(old)),
    ...duplicateProblems(around(spec), object(value)),
  ].map(({ field, message }) => `${field}: ${message}`)

const text: Schema = { type: 'string' }

test('what the schema does not know is dropped and named, unless it keeps what it does not know', () => {
  const spec: Schema = {
    type: 'object',
    properties: {
      a: text,
      list: { type: 'array', items: { type: 'object', properties: { b: text } } },
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      map: { type: 'object', additionalProperties: text },
    },
  }
  const draft = object({ a: '1', z: 1, list: [{ b: '1', c: 2 }], open: { d: 3 }, map: { e: '4' } })
  expect(prune(around(spec), draft)).toEqual(['spec.list[0].c', 'spec.z'])
  expect(draft.spec).toEqual({ a: '1', list: [{ b: '1' }], open: { d: 3 }, map: { e: '4' } })
})

test('defaults are filled in, also inside what was filled in, and null counts as nothing', () => {
  const inner: Schema = { type: 'object', default: {}, properties: { b: { type: 'integer', default: 3 } } }
  const spec: Schema = {
    type: 'object',
    properties: {
      a: inner,
      nothing: { ...text, default: 'x' },
      null: { ...text, nullable: true, default: 'x' },
    },
  }
  const draft = object({ nothing: null, null: null })
  prune(around(spec), draft)
  expect(draft.spec).toEqual({ a: { b: 3 }, nothing: 'x', null: null })
})

const rows: readonly (readonly [string, Schema, unknown, string])[] = [
  ['type', text, 5, 'spec: Invalid value: "integer": spec in body must be of type string: "integer"'],
  ['pattern', { ...text, pattern: '^a$' }, 'b', `spec: Invalid value: "b": spec in body should match '^a$'`],
  ['length', { ...text, maxLength: 2 }, 'abc', 'spec: Too long: may not be more than 2 bytes'],
  [
    'brevity',
    { ...text, minLength: 2 },
    'a',
    'spec: Invalid value: "a": spec in body should be at least 2 chars long',
  ],
  ['enum', { ...text, enum: ['a', 'b'] }, 'c', 'spec: Unsupported value: "c": supported values: "a", "b"'],
  [
    'format',
    { ...text, format: 'ipv4' },
    '1.2.3',
    'spec: Invalid value: "1.2.3": spec in body must be of type ipv4: "1.2.3"',
  ],
  [
    'minimum',
    { type: 'integer', minimum: 1 },
    0,
    'spec: Invalid value: 0: spec in body should be greater than or equal to 1',
  ],
  [
    'maximum',
    { type: 'number', maximum: 1 },
    1.5,
    'spec: Invalid value: 1.5: spec in body should be less than or equal to 1',
  ],
  [
    'items',
    { type: 'array', minItems: 1, items: text },
    [],
    'spec: Invalid value: 0: spec in body should have at least 1 items',
  ],
  [
    'set',
    { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
    ['a', 'a'],
    'spec[1]: Duplicate value: "a"',
  ],
  [
    'map',
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object' },
    },
    [{ k: 1 }, { k: 1, v: 2 }],
    'spec[1]: Duplicate value: {"k":1}',
  ],
  ['required', { type: 'object', required: ['a'], properties: { a: text } }, {}, 'spec.a: Required value'],
  [
    'properties',
    { type: 'object', maxProperties: 1, additionalProperties: text },
    { a: '', b: '' },
    'spec: Too many: 2: must have at most 1 items',
  ],
]

test.each(rows)('a broken rule is named with the value: %s', (_, schema, value, message) => {
  expect(wrong(schema, value)).toEqual([message])
})

test('a number may be whole, a text or a number where both are allowed', () => {
  expect(wrong({ type: 'number' }, 3)).toEqual([])
  expect(wrong({ type: 'integer' }, 3.5)).toEqual([
    'spec: Invalid value: "number": spec in body must be of type integer: "number"',
    '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec',
  ])
  expect(wrong({ 'x-kubernetes-int-or-string': true }, '25%')).toEqual([])
  expect(wrong({ 'x-kubernetes-int-or-string': true }, true)).toHaveLength(1)
})

test('what was wrong before and is unchanged stands, what is new must be right', () => {
  const spec: Schema = { type: 'object', properties: { a: { ...text, maxLength: 1 }, b: text } }
  expect(wrong(spec, { a: 'long', b: 'new' }, { a: 'long', b: 'old' })).toEqual([])
  expect(wrong(spec, { a: 'longer' }, { a: 'long' })).toHaveLength(1)
})
