import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { structuralSchema } from '../../../src/core/api/structural.ts'
import { mapList, textMap, twin } from '../../../src/core/api/twin.ts'

describe('a structural schema', () => {
  it.each([
    ['a 32-bit number', z.int32(), { type: 'integer', format: 'int32' }],
    ['a 64-bit number', z.int(), { type: 'integer', format: 'int64' }],
    [
      'a number with bounds',
      z.int32().min(1).max(9),
      { type: 'integer', format: 'int32', minimum: 1, maximum: 9 },
    ],
    ['a count', z.int().nonnegative(), { type: 'integer', format: 'int64', minimum: 0 }],
    ['a moment', z.iso.datetime({ offset: true }), { type: 'string', format: 'date-time' }],
    ['a word of a list', z.enum(['A', 'B']), { type: 'string', enum: ['A', 'B'] }],
    ['a default', z.boolean().default(true), { type: 'boolean', default: true }],
    [
      'a default that says nothing',
      z.array(z.string()).default([]),
      { type: 'array', items: { type: 'string' } },
    ],
    [
      'a map of text',
      textMap(4, z.string().max(63)),
      { type: 'object', maxProperties: 4, additionalProperties: { type: 'string', maxLength: 63 } },
    ],
    [
      'an object',
      z.object({ a: z.string().describe('The a.'), b: z.string().optional() }),
      {
        type: 'object',
        required: ['a'],
        properties: { a: { type: 'string', description: 'The a.' }, b: { type: 'string' } },
      },
    ],
    [
      'an object of options',
      z.object({ a: z.string().optional() }),
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    [
      'a list with a key',
      mapList(z.array(z.string()), 'type'),
      {
        type: 'array',
        items: { type: 'string' },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
      },
    ],
  ] as const)('says %s', (_title, schema, expected) => {
    expect(structuralSchema(schema)).toEqual(expected)
  })

  it('carries the rules of a twin, also when it is described or optional', () => {
    const rules = [{ rule: "self != 'x'", message: 'is x' }]
    const schema = twin(z.string(), rules, (text) => (text === 'x' ? 'is x' : undefined))
    const wrapped = z.object({ a: schema.describe('The a.').optional() })
    expect(structuralSchema(wrapped).properties?.['a']).toEqual({
      type: 'string',
      description: 'The a.',
      'x-kubernetes-validations': rules,
    })
    expect(wrapped.safeParse({ a: 'x' }).success).toBe(false)
  })

  it.each([
    ['a union', z.union([z.string(), z.boolean()])],
    ['a tuple', z.tuple([z.string(), z.boolean()])],
    [
      'a union of objects',
      z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]),
    ],
  ])('cannot say %s, and refuses to try', (_title, schema) => {
    expect(() => structuralSchema(z.object({ a: schema }))).toThrow(
      /^\.a.* has no place in a structural schema$/,
    )
  })

  it('cannot be a union itself', () => {
    expect(() => structuralSchema(z.union([z.string(), z.boolean()]))).toThrow(
      'the schema: anyOf has no place',
    )
  })
})
