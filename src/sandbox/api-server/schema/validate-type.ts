import type { FieldProblem } from '../failure.ts'
import { goQuoted, isGoFloat } from '../go-text.ts'
import { formatOf } from './format.ts'
import type { Schema } from './schema.ts'

/** What a value of the wrong type is told; undefined for one of the right type. */
export function typeProblem(schema: Schema, value: unknown, path: string): FieldProblem | undefined {
  const types = typesOf(schema)
  const actual = typeNameOf(value)
  if (value === null) return schema.nullable === true ? undefined : noneOf(types, actual, path)
  if (fits(types, actual)) return undefined
  const format = formatOf(schema)
  if (format !== undefined && !isTextual(value)) return wrongType(path, format, formatOfType(actual))
  // A text with a format is looked at as that, and a list in its place is not looked at: real servers do the same.
  const isReadAsFormat = format !== undefined && types.every((type) => type === 'string')
  return isReadAsFormat ? undefined : noneOf(types, actual, path)
}

function fits(types: readonly string[], actual: string): boolean {
  return types.includes(actual) || (actual === 'integer' && types.includes('number'))
}

/** Where no type is asked for, every type will do. */
function noneOf(types: readonly string[], actual: string, path: string): FieldProblem | undefined {
  return types.length === 0 ? undefined : wrongType(path, types.join(), actual)
}

function typesOf(schema: Schema): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string']
  return schema.type === undefined ? [] : [schema.type]
}

function typeNameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value !== 'number') return typeof value
  return isGoFloat(value) ? 'number' : 'integer'
}

function formatOfType(type: string): string {
  if (type === 'integer') return 'int64'
  return type === 'number' ? 'float64' : ''
}

function isTextual(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value)
}

/** That a value is not of a type, or a text not in a format. */
export function wrongType(path: string, wanted: string, actual: string): FieldProblem {
  const shown = goQuoted(actual)
  const message = `Invalid value: ${shown}: ${path} in body must be of type ${wanted}: ${shown}`
  return { field: path === '' ? '<nil>' : path, reason: 'FieldValueTypeInvalid', message }
}
