import { equal, isObject, type Json, type JsonObject } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'

/**
 * Which fields somebody owns, as managedFields spells it: `f:name` a field, `k:{…}` an item of a list told apart by
 * keys, `v:…` an item told apart by its value, and `.` an item that is owned as such.
 */
export interface FieldSet {
  [step: string]: FieldSet
}

/** The fields that a configuration states. */
export function fieldsOf(schema: Schema | undefined, value: Json | undefined): FieldSet {
  if (isObject(value)) {
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null)
    return Object.fromEntries(
      fields.map(([field, inner]) => [`f:${field}`, fieldsOf(schemaOfField(schema, field), inner)]),
    )
  }
  if (!Array.isArray(value)) return {}
  const items = value.map((item): [string | undefined, FieldSet] => [
    itemStep(schema, item),
    isObject(item) ? { '.': {}, ...fieldsOf(schema?.items, item) } : {},
  ])
  return Object.fromEntries(items.filter(([step]) => step !== undefined))
}

/** How an item is told apart from others; undefined where the list is one value as a whole. */
export function itemStep(schema: Schema | undefined, item: Json): string | undefined {
  const kind = schema?.['x-kubernetes-list-type']
  if (kind === 'set') return `v:${JSON.stringify(item)}`
  if (kind !== 'map' || !isObject(item)) return undefined
  const keys = schema?.['x-kubernetes-list-map-keys'] ?? []
  const identity = keys.map((key) => [key, item[key] ?? schemaOfField(schema?.items, key)?.default])
  return `k:${JSON.stringify(Object.fromEntries(identity))}`
}

/** The part of a value that a step leads to. */
export function childOf(schema: Schema | undefined, value: Json | undefined, step: string): Json | undefined {
  if (step.startsWith('f:')) return isObject(value) ? value[step.slice(2)] : undefined
  return Array.isArray(value) ? value.find((item) => itemStep(schema, item) === step) : undefined
}

export function schemaAt(schema: Schema | undefined, step: string): Schema | undefined {
  return step.startsWith('f:') ? schemaOfField(schema, step.slice(2)) : schema?.items
}

export function isLeaf(fields: FieldSet): boolean {
  return Object.keys(fields).every((step) => step === '.')
}

/** Everything that either owns. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  const both: FieldSet = { ...left }
  for (const [step, inner] of Object.entries(right)) both[step] = union(left[step] ?? {}, inner)
  return both
}

/** What the first owns and the second does not. */
export function without(left: FieldSet, right: FieldSet): FieldSet {
  const rest: FieldSet = {}
  for (const [step, inner] of Object.entries(left)) {
    const taken = right[step]
    if (taken === undefined) rest[step] = inner
    else if (!isLeaf(inner)) {
      const kept = without(inner, taken)
      if (!isLeaf(kept)) rest[step] = kept
    }
  }
  return rest
}

/** Removes from a value what was owned and is kept by nobody. Changes the value. */
export function dropFields(schema: Schema | undefined, value: Json, owned: FieldSet, kept: FieldSet): void {
  for (const [step, inner] of Object.entries(owned)) {
    if (step === '.') continue
    const keeps = kept[step]
    const child = childOf(schema, value, step)
    if (child === undefined) continue
    if (keeps === undefined && isWhole(inner, child)) dropStep(schema, value, step)
    else dropFields(schemaAt(schema, step), child, inner, keeps ?? {})
  }
}

/** Whether it is the value itself that was owned, and not only fields in it. */
function isWhole(owned: FieldSet, value: Json): boolean {
  if ('.' in owned) return true
  return isLeaf(owned) && !(isObject(value) && Object.keys(value).length > 0)
}

function dropStep(schema: Schema | undefined, value: Json, step: string): void {
  if (isObject(value)) delete value[step.slice(2)]
  if (!Array.isArray(value)) return
  const place = value.findIndex((item) => itemStep(schema, item) === step)
  if (place >= 0) value.splice(place, 1)
}

interface Sides {
  readonly live: Json | undefined
  readonly wanted: Json | undefined
}

/** Paths that both own and that would change. */
export function contested(
  schema: Schema | undefined,
  mine: FieldSet,
  theirs: FieldSet,
  { live, wanted }: Sides,
  path = '',
): readonly string[] {
  return Object.entries(mine).flatMap(([step, inner]) => {
    const their = theirs[step]
    if (their === undefined || step === '.') return []
    const sides = { live: childOf(schema, live, step), wanted: childOf(schema, wanted, step) }
    const place = path + stepText(step)
    // To state an object without fields is to ask for nothing in it.
    if (isLeaf(inner) || isLeaf(their))
      return isObject(sides.wanted) || equal(sides.live, sides.wanted) ? [] : [place]
    return contested(schemaAt(schema, step), inner, their, sides, place)
  })
}

function stepText(step: string): string {
  if (step.startsWith('f:')) return `.${step.slice(2)}`
  if (step.startsWith('v:')) return `[=${step.slice(2)}]`
  const keys = Object.entries(JSON.parse(step.slice(2)) as JsonObject)
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
}
