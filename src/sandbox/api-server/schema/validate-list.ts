import { duplicate, type FieldProblem } from '../failure.ts'
import { isObject } from '../object.ts'
import type { Schema } from './schema.ts'

/** What a list breaks as a list; its items are checked elsewhere. */
export function listProblems(
  schema: Schema,
  list: readonly unknown[],
  path: string,
): readonly FieldProblem[] {
  return [...lengthProblems(schema, list.length, path), ...duplicateProblems(schema, list, path)]
}

function lengthProblems(schema: Schema, length: number, path: string): readonly FieldProblem[] {
  const { minItems = 0, maxItems = Infinity } = schema
  if (length > maxItems) {
    const message = `Too many: ${length}: must have at most ${maxItems} items`
    return [{ field: path, reason: 'FieldValueTooMany', message }]
  }
  if (length >= minItems) return []
  const message = `Invalid value: ${length}: ${path} in body should have at least ${minItems} items`
  return [{ field: path, reason: 'FieldValueInvalid', message }]
}

function duplicateProblems(schema: Schema, list: readonly unknown[], path: string): readonly FieldProblem[] {
  const kind = schema['x-kubernetes-list-type']
  if (kind !== 'set' && kind !== 'map' && schema.uniqueItems !== true) return []
  const keys = kind === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : []
  const seen = new Set<string>()
  const problems: FieldProblem[] = []
  list.forEach((item, index) => {
    const identity = identityOf(item, keys)
    const text = JSON.stringify(identity)
    if (seen.has(text)) problems.push(duplicate(`${path}[${index}]`, identity))
    seen.add(text)
  })
  return problems
}

function identityOf(item: unknown, keys: readonly string[]): unknown {
  if (keys.length === 0 || !isObject(item)) return item
  return Object.fromEntries(keys.map((key) => [key, item[key]]))
}
