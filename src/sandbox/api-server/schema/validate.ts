import { type FieldProblem, required } from '../failure.ts'
import { equal, isObject, type JsonObject, type KubeObject } from '../object.ts'
import { type Schema, schemaOfField } from './schema.ts'
import { listProblems } from './validate-list.ts'
import { scalarProblems } from './validate-scalar.ts'

/** Where in an object a check is, and what stood there before. */
export interface Place {
  readonly path: string
  readonly old: unknown
}

/** What an object breaks of its schema; a value that was there before and is as it was breaks nothing. */
export function schemaProblems(
  schema: Schema,
  object: KubeObject,
  old: KubeObject | undefined,
): readonly FieldProblem[] {
  return valueProblems(schema, object, { path: '', old })
}

function valueProblems(schema: Schema, value: unknown, place: Place): readonly FieldProblem[] {
  if (place.old !== undefined && equal(value, place.old)) return []
  if (value === null && schema.nullable === true) return []
  const wrong = typeProblem(schema, value, place.path)
  if (wrong !== undefined) return [wrong]
  if (Array.isArray(value))
    return [...listProblems(schema, value, place.path), ...itemProblems(schema, value, place)]
  if (isObject(value)) return objectProblems(schema, value, place)
  return scalarProblems(schema, value as string | number | boolean, place.path)
}

function typeNameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value !== 'number') return typeof value
  return Number.isInteger(value) ? 'integer' : 'number'
}

function typeProblem(schema: Schema, value: unknown, path: string): FieldProblem | undefined {
  const actual = typeNameOf(value)
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (actual === 'integer' || actual === 'string') return undefined
    return wrongType(path, actual, 'integer,string')
  }
  if (schema.type === undefined || schema.type === actual) return undefined
  if (schema.type === 'number' && actual === 'integer') return undefined
  return wrongType(path, actual, schema.type)
}

function wrongType(path: string, actual: string, wanted: string): FieldProblem {
  const message = `Invalid value: "${actual}": ${path} in body must be of type ${wanted}: "${actual}"`
  return { field: path === '' ? '<nil>' : path, reason: 'FieldValueTypeInvalid', message }
}

function itemProblems(
  schema: Schema,
  list: readonly unknown[],
  { path, old }: Place,
): readonly FieldProblem[] {
  const { items } = schema
  if (items === undefined) return []
  const before = Array.isArray(old) ? old : []
  return list.flatMap((item, index) => {
    const place = { path: `${path}[${index}]`, old: before[index] as unknown }
    return valueProblems(items, item, place)
  })
}

function objectProblems(schema: Schema, object: JsonObject, { path, old }: Place): readonly FieldProblem[] {
  const before = isObject(old) ? old : {}
  const placeOf = (field: string): string => (path === '' ? field : `${path}.${field}`)
  const missing = (schema.required ?? [])
    .filter((field) => object[field] === undefined)
    .map((field) => required(placeOf(field)))
  const wrong = Object.entries(object).flatMap(([field, value]) => {
    const inner = schemaOfField(schema, field)
    if (inner === undefined || value === undefined) return []
    return valueProblems(inner, value, { path: placeOf(field), old: before[field] })
  })
  return [...missing, ...sizeProblems(schema, object, path), ...wrong]
}

function sizeProblems(schema: Schema, object: JsonObject, path: string): readonly FieldProblem[] {
  const count = Object.keys(object).length
  const { minProperties = 0, maxProperties = Infinity } = schema
  if (count > maxProperties) {
    return [
      {
        field: path,
        reason: 'FieldValueTooMany',
        message: `Too many: ${count}: must have at most ${maxProperties} items`,
      },
    ]
  }
  if (count >= minProperties) return []
  const message = `Invalid value: ${count}: ${path} in body should have at least ${minProperties} properties`
  return [{ field: path, reason: 'FieldValueInvalid', message }]
}
