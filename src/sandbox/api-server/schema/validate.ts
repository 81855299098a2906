import { type FieldProblem, required } from '../failure.ts'
import { equal, isObject, type JsonObject } from '../object.ts'
import { earlierItem, type Schema, schemaOfField } from './schema.ts'
import { lengthProblems } from './validate-list.ts'
import { enumProblems, scalarProblems } from './validate-scalar.ts'
import { typeProblem } from './validate-type.ts'

/** Where in an object a check is, and what stood there before; an item of a list has a past only if it has a key. */
interface Place {
  readonly path: string
  readonly old: unknown
}

/** What an object breaks of its schema; a value that was there before and is as it was breaks nothing. */
export function schemaProblems(schema: Schema, object: unknown, old: unknown): readonly FieldProblem[] {
  return valueProblems(schema, object, { path: '', old })
}

function valueProblems(schema: Schema, value: unknown, place: Place): readonly FieldProblem[] {
  if (place.old !== undefined && equal(value, place.old)) return []
  const wrong = typeProblem(schema, value, place.path)
  return [
    ...(wrong === undefined ? [] : [wrong]),
    ...scalarProblems(schema, value, place.path),
    ...(Array.isArray(value) ? listProblems(schema, value, place) : []),
    ...enumProblems(schema, value, place.path),
    ...(isObject(value) ? objectProblems(schema, value, place) : []),
  ]
}

function listProblems(
  schema: Schema,
  list: readonly unknown[],
  { path, old }: Place,
): readonly FieldProblem[] {
  const { items } = schema
  const inside =
    items === undefined
      ? []
      : list.flatMap((item, index) =>
          valueProblems(items, item, { path: `${path}[${index}]`, old: earlierItem(schema, item, old) }),
        )
  return [...inside, ...lengthProblems(schema, list, path)]
}

function objectProblems(schema: Schema, object: JsonObject, { path, old }: Place): readonly FieldProblem[] {
  const before = isObject(old) ? old : {}
  const wrong = Object.entries(object).flatMap(([field, value]) => {
    const inner = schemaOfField(schema, field)
    if (inner === undefined || value === undefined) return []
    const isNamed = schema.properties?.[field] !== undefined
    const at = path === '' && isNamed ? field : `${path}.${field}`
    return valueProblems(inner, value, { path: at, old: before[field] })
  })
  const missing = (schema.required ?? [])
    .filter((field) => object[field] === undefined)
    .map((field) => required(path === '' ? field : `${path}.${field}`))
  return [...sizeProblems(schema, object, path), ...wrong, ...missing]
}

function sizeProblems(schema: Schema, object: JsonObject, path: string): readonly FieldProblem[] {
  const count = Object.keys(object).length
  const { minProperties = 0, maxProperties = Infinity } = schema
  if (count > maxProperties) {
    const message = `Too many: ${count}: must have at most ${maxProperties} items`
    return [{ field: path, reason: 'FieldValueTooMany', message }]
  }
  if (count >= minProperties) return []
  const message = `Invalid value: ${count}: ${path} in body should have at least ${minProperties} properties`
  return [{ field: path, reason: 'FieldValueInvalid', message }]
}
