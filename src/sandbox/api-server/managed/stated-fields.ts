import { isObject, type Json, type JsonObject } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'
import { type FieldSet, insert, stepsOf } from './field-set.ts'
import { fieldsIn, isBare, isNamed, itemsIn, relationOf, schemaAt } from './shape.ts'

/** The fields that a configuration states. */
export function statedFields(schema: Schema | undefined, value: Json): FieldSet {
  const set: FieldSet = {}
  state(schema, value, [], set)
  return set
}

function state(schema: Schema | undefined, value: Json, path: readonly string[], set: FieldSet): void {
  const relation = relationOf(schema, value)
  if (relation === 'leaf') return insert(set, path)
  if (isObject(value)) stateEachField(schema, value, path, set)
  if (Array.isArray(value)) stateEachItem(schema, value, path, set)
}

function stateEachField(
  schema: Schema | undefined,
  value: JsonObject,
  path: readonly string[],
  set: FieldSet,
): void {
  for (const [field, inner] of fieldsIn(value)) {
    const step = `f:${field}`
    const here = [...path, step]
    state(schemaOfField(schema, field), inner, here, set)
    const isEmptyMap = inner === null || (isObject(inner) && isBare(inner))
    if (isEmptyMap || !isNamed(schema, step)) insert(set, here)
  }
}

function stateEachItem(
  schema: Schema | undefined,
  list: readonly Json[],
  path: readonly string[],
  set: FieldSet,
): void {
  for (const [step, items] of itemsIn(schema, list)) {
    const here = [...path, step]
    if (items.length === 1) state(schema?.items, items[0] ?? null, here, set)
    insert(set, here)
  }
}

/** A set in which every named field above a place is in the set as well. */
export function withNamedFields(schema: Schema | undefined, set: FieldSet): FieldSet {
  const result: FieldSet = {}
  for (const [step, below] of stepsOf(set)) {
    const inner = withNamedFields(schemaAt(schema, step), below)
    const member = '.' in below || Object.keys(below).length === 0 || isNamed(schema, step)
    const isAlone = Object.keys(inner).length === 0
    result[step] = member && !isAlone ? { '.': {}, ...inner } : inner
  }
  return result
}

/** A value without the places of a set. */
export function removeFields(schema: Schema | undefined, value: Json, set: FieldSet): Json | undefined {
  const relation = relationOf(schema, value)
  if (relation === 'leaf') return Array.isArray(value) || isObject(value) ? undefined : value
  const kept = isObject(value) ? keptFields(schema, value, set) : keptItems(schema, value as Json[], set)
  return isBare(kept) ? undefined : kept
}

function keptFields(
  schema: Schema | undefined,
  value: { [field: string]: Json | undefined },
  set: FieldSet,
): Json {
  const kept = fieldsIn(value).flatMap(([field, inner]): [string, Json | undefined][] => {
    const below = set[`f:${field}`]
    if (below === undefined) return [[field, inner]]
    if (isWhole(below)) return []
    return [[field, removeFields(schemaOfField(schema, field), inner, below)]]
  })
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined)) as Json
}

function keptItems(schema: Schema | undefined, list: readonly Json[], set: FieldSet): Json {
  return [...itemsIn(schema, list)].flatMap(([step, items]) => {
    const below = set[step]
    if (below === undefined) return items
    if (isWhole(below)) return []
    return items.map((item) => removeFields(schema?.items, item, below)).filter((item) => item !== undefined)
  })
}

function isWhole(node: FieldSet): boolean {
  return '.' in node || Object.keys(node).length === 0
}
