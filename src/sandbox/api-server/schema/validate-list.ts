import { duplicate, type FieldProblem, invalidValue } from '../failure.ts'
import { isObject } from '../object.ts'
import { keysOf, type Schema, schemaOfField } from './schema.ts'

/** What is wrong with how many items a list has, or with having one twice. */
export function lengthProblems(
  schema: Schema,
  list: readonly unknown[],
  path: string,
): readonly FieldProblem[] {
  const { minItems = 0, maxItems = Infinity } = schema
  const problems: FieldProblem[] = []
  if (list.length < minItems) {
    const why = `${path} in body should have at least ${minItems} items`
    problems.push(invalidValue(path, list.length, why))
  }
  if (list.length > maxItems) {
    const message = `Too many: ${list.length}: must have at most ${maxItems} items`
    problems.push({ field: path, reason: 'FieldValueTooMany', message })
  }
  if (schema.uniqueItems === true && new Set(list.map((item) => JSON.stringify(item))).size < list.length) {
    problems.push(invalidValue(path, '', `${path} in body shouldn't contain duplicates`))
  }
  return problems
}

/** Every item that comes twice in a list that is a set, or a map by some fields of its items. */
export function duplicateProblems(schema: Schema, value: unknown, path = ''): readonly FieldProblem[] {
  if (Array.isArray(value)) {
    const { items } = schema
    const inside =
      items === undefined ? [] : value.flatMap((item, i) => duplicateProblems(items, item, `${path}[${i}]`))
    return [...ownDuplicates(schema, value, path), ...inside]
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([field, inner]) => {
    const known = schemaOfField(schema, field)
    if (known === undefined) return []
    const isNamed = schema.properties?.[field] !== undefined
    const at = isNamed ? (path === '' ? field : `${path}.${field}`) : `${path}[${field}]`
    return duplicateProblems(known, inner, at)
  })
}

function ownDuplicates(schema: Schema, list: readonly unknown[], path: string): readonly FieldProblem[] {
  const kind = schema['x-kubernetes-list-type']
  if (kind !== 'set' && kind !== 'map') return []
  const seen = new Map<string, number>()
  return list.flatMap((item, index) => {
    const identity = kind === 'map' ? keysOf(schema, item) : item
    const text = JSON.stringify(identity)
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    // However often it comes, it is told once.
    return times === 2 ? [duplicate(`${path}[${index}]`, identity)] : []
  })
}
