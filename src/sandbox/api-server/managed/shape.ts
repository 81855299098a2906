import { isObject, type Json, type JsonObject } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'

/** How a value is owned: as a whole, field by field, or item by item. */
type Relation = 'leaf' | 'fields' | 'items'

/** How a value of a schema is owned; what a schema says nothing about is owned as its own kind of value is. */
export function relationOf(schema: Schema | undefined, value: Json | undefined): Relation {
  if (Array.isArray(value)) {
    const kind = schema?.['x-kubernetes-list-type'] ?? 'atomic'
    return kind === 'atomic' ? 'leaf' : 'items'
  }
  if (!isObject(value)) return 'leaf'
  return schema?.['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'fields'
}

/** Whether a name is that of a field which the schema names, and not one that users choose. */
export function isNamed(schema: Schema | undefined, step: string): boolean {
  return step.startsWith('f:') && schema?.properties?.[step.slice(2)] !== undefined
}

export function schemaAt(schema: Schema | undefined, step: string): Schema | undefined {
  return step.startsWith('f:') ? schemaOfField(schema, step.slice(2)) : schema?.items
}

/** How an item is told apart from others in its list. */
export function stepOfItem(schema: Schema | undefined, item: Json): string {
  if (schema?.['x-kubernetes-list-type'] === 'set' || !isObject(item)) return `v:${JSON.stringify(item)}`
  const keys = (schema?.['x-kubernetes-list-map-keys'] ?? []).toSorted()
  const identity = keys.map((key) => [key, item[key] ?? schemaOfField(schema?.items, key)?.default])
  return `k:${JSON.stringify(Object.fromEntries(identity))}`
}

/** The fields of an object that say something. */
export function fieldsIn(object: JsonObject): readonly (readonly [field: string, value: Json])[] {
  return Object.entries(object).filter((pair): pair is [string, Json] => pair[1] !== undefined)
}

/** Items by what tells them apart; several under one step where they repeat. */
export function itemsIn(schema: Schema | undefined, list: readonly Json[]): Map<string, Json[]> {
  const items = new Map<string, Json[]>()
  for (const item of list) {
    const step = stepOfItem(schema, item)
    items.set(step, [...(items.get(step) ?? []), item])
  }
  return items
}

export function isBare(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true
  return Array.isArray(value) ? value.length === 0 : isObject(value) && fieldsIn(value).length === 0
}
