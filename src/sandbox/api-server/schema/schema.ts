import { equal, isObject, type Json } from '../object.ts'

/** A rule in CEL; `self` is the value that the schema is of. */
export interface ValidationRule {
  readonly rule: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: string
  readonly fieldPath?: string
  readonly optionalOldSelf?: boolean
}

/** A structural OpenAPI v3 schema, the part of it that CustomResourceDefinitions may use. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly default?: Json
  readonly enum?: readonly Json[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: boolean
  readonly exclusiveMaximum?: boolean
  readonly multipleOf?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[]
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-patch-merge-key'?: string
}

/** The schema of one field of an object, or of every field where it is a map. */
export function schemaOfField(schema: Schema | undefined, field: string): Schema | undefined {
  const { properties = {} } = schema ?? {}
  if (Object.hasOwn(properties, field)) return properties[field]
  const others = schema?.additionalProperties
  return typeof others === 'object' ? others : undefined
}

/** Whether fields that the schema does not name are kept. */
export function keepsUnknown(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true
}

/** What tells an item of a list that is a map from the others; all of it where it is no object. */
export function keysOf(schema: Schema, item: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  if (!isObject(item)) return item
  return Object.fromEntries(keys.filter((key) => item[key] !== undefined).map((key) => [key, item[key]]))
}

/** The item that an item of a list was before; only those of a list that is a map have a past. */
export function earlierItem(schema: Schema, item: unknown, old: unknown): unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return undefined
  const keys = keysOf(schema, item)
  return old.find((one) => equal(keysOf(schema, one), keys)) as unknown
}
