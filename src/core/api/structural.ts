import * as z from 'zod'
import type { Extensions } from './twin.ts'
import { extensions } from './twin.ts'

/** A structural schema as apiextensions.k8s.io/v1 takes it. */
export interface StructuralSchema extends Extensions {
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, StructuralSchema>>
  readonly items?: StructuralSchema
  readonly additionalProperties?: StructuralSchema | false
  readonly [keyword: string]: unknown
}

/** What JSON schema has and a structural schema cannot say; a schema of ours that needs one of them is a mistake. */
const unsayable = ['anyOf', 'oneOf', 'allOf', 'not', '$ref', 'prefixItems', 'const', 'patternProperties']

/** Keywords that say nothing to Kubernetes, or that it refuses. */
const dropped = new Set(['$schema', 'id', '~standard', 'propertyNames'])

/** The schema of what a user may write, in the form that a CustomResourceDefinition takes. */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  const made = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, extensions.get(zodSchema)),
  })
  return reduce(made as StructuralSchema, '')
}

function reduce(node: StructuralSchema, path: string): StructuralSchema {
  const found = unsayable.find((keyword) => keyword in node)
  if (found) throw new Error(`${path || 'the schema'}: ${found} has no place in a structural schema`)
  const kept = Object.fromEntries(Object.entries(node).filter(([keyword]) => !dropped.has(keyword)))
  return reduceParts(reduceDefault(reduceNumber(reduceText(kept))), path)
}

// zod writes long patterns beside the formats that Kubernetes checks by itself.
function reduceText(node: StructuralSchema): StructuralSchema {
  if (node.format === undefined) return node
  const { pattern: _pattern, ...rest } = node
  return rest
}

function reduceNumber(node: StructuralSchema): StructuralSchema {
  if (node.type !== 'integer') return node
  const { minimum = -Infinity, maximum = Infinity, ...rest } = node
  const is32 = minimum >= -(2 ** 31) && maximum < 2 ** 31
  return {
    ...rest,
    format: is32 ? 'int32' : 'int64',
    ...(minimum > (is32 ? -(2 ** 31) : Number.MIN_SAFE_INTEGER) && { minimum }),
    ...(maximum < (is32 ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER) && { maximum }),
  }
}

// An empty list says what an absent one says; as a default it would only fill every object with empty lists.
function reduceDefault(node: StructuralSchema): StructuralSchema {
  if (!Array.isArray(node.default) || node.default.length > 0) return node
  const { default: _default, ...rest } = node
  return rest
}

function reduceParts(node: StructuralSchema, path: string): StructuralSchema {
  const { type, description, properties, items, additionalProperties, required, ...rest } = node
  return {
    ...(type && { type }),
    ...(description && { description }),
    ...rest,
    ...(required && required.length > 0 && { required }),
    ...(properties && { properties: reduceEach(properties, path) }),
    ...(items && { items: reduce(items, `${path}[]`) }),
    ...(additionalProperties && { additionalProperties: reduce(additionalProperties, `${path}{}`) }),
  }
}

function reduceEach(properties: Readonly<Record<string, StructuralSchema>>, path: string) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, reduce(schema, `${path}.${name}`)]),
  )
}
