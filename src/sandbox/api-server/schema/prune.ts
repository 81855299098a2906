import { copyOf, isObject, type JsonObject, type KubeObject } from '../object.ts'
import { keepsUnknown, type Schema, schemaOfField } from './schema.ts'

/** Drops what the schema does not know, fills in its defaults, and answers the paths of what was dropped. */
export function prune(schema: Schema, object: KubeObject): readonly string[] {
  const unknown: string[] = []
  pruneObject(schema, object as JsonObject, '', unknown)
  return unknown.toSorted()
}

function pruneObject(schema: Schema, object: JsonObject, path: string, unknown: string[]): void {
  for (const [field, value] of Object.entries(object)) {
    const place = path === '' ? field : `${path}.${field}`
    const inner = schemaOfField(schema, field)
    if (inner === undefined) {
      if (keepsUnknown(schema)) continue
      unknown.push(place)
      delete object[field]
    } else if (value === null && inner.nullable !== true) delete object[field]
    else pruneValue(inner, value, place, unknown)
  }
  fillIn(schema, object, path, unknown)
}

const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true }
const nothing: Schema = {}

function pruneValue(schema: Schema, value: unknown, path: string, unknown: string[]): void {
  if (isObject(value)) pruneObject(schema, value, path, unknown)
  else if (Array.isArray(value)) {
    const items = schema.items ?? (keepsUnknown(schema) ? anything : nothing)
    value.forEach((item, index) => pruneValue(items, item, `${path}[${index}]`, unknown))
  }
}

function fillIn(schema: Schema, object: JsonObject, path: string, unknown: string[]): void {
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    if (object[field] !== undefined || inner.default === undefined) continue
    const value = copyOf(inner.default)
    object[field] = value
    pruneValue(inner, value, path === '' ? field : `${path}.${field}`, unknown)
  }
}
