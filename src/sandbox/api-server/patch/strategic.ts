import { equal, isObject, type Json, type JsonObject } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'

const orderPrefix = '$setElementOrder/'
const deletePrefix = '$deleteFromPrimitiveList/'

/**
 * Strategic merge patch: a merge patch that also knows, from the schema, which lists are merged item by item and by
 * which field the items are told apart. Changes the target.
 */
export function strategicPatch(
  schema: Schema | undefined,
  target: Json | undefined,
  patch: Json,
): Json | undefined {
  if (!isObject(patch)) return patch
  const { $patch: directive, $retainKeys: retained, ...fields } = patch
  if (directive === 'delete') return undefined
  if (directive === 'replace') return fields
  const merged: JsonObject = isObject(target) ? target : {}
  if (Array.isArray(retained)) keepOnly(merged, retained)
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) mergeField(schema, merged, field, value, fields)
  }
  return merged
}

function keepOnly(merged: JsonObject, retained: readonly Json[]): void {
  for (const field of Object.keys(merged)) if (!retained.includes(field)) delete merged[field]
}

function mergeField(
  schema: Schema | undefined,
  merged: JsonObject,
  field: string,
  value: Json,
  patch: JsonObject,
): void {
  if (field.startsWith(deletePrefix)) return dropFrom(merged, field.slice(deletePrefix.length), value)
  if (field.startsWith(orderPrefix)) {
    const ordered = field.slice(orderPrefix.length)
    if (patch[ordered] === undefined) order(schemaOfField(schema, ordered), merged, ordered, value)
    return
  }
  const inner = schemaOfField(schema, field)
  if (value === null) delete merged[field]
  else if (Array.isArray(value) && mergesItems(inner)) {
    merged[field] = mergeList(inner, merged[field], value)
    const wanted = patch[orderPrefix + field]
    if (wanted !== undefined) order(inner, merged, field, wanted)
  } else setOrDrop(merged, field, strategicPatch(inner, merged[field], value))
}

function setOrDrop(merged: JsonObject, field: string, value: Json | undefined): void {
  if (value === undefined) delete merged[field]
  else merged[field] = value
}

function mergesItems(schema: Schema | undefined): schema is Schema {
  return schema?.['x-kubernetes-patch-strategy']?.split(',').includes('merge') === true
}

function mergeKeyOf(schema: Schema | undefined): string | undefined {
  return schema?.['x-kubernetes-patch-merge-key']
}

function dropFrom(merged: JsonObject, field: string, values: Json): void {
  const list = merged[field]
  if (!Array.isArray(list) || !Array.isArray(values)) return
  merged[field] = list.filter((item) => !values.some((value) => equal(value, item)))
}

function mergeList(schema: Schema, target: Json | undefined, patch: readonly Json[]): Json[] {
  const key = mergeKeyOf(schema)
  const replaces = patch.some((item) => isObject(item) && item['$patch'] === 'replace')
  const list = Array.isArray(target) && !replaces ? [...target] : []
  for (const item of patch) {
    if (key !== undefined && isObject(item)) mergeItem(schema, list, key, item)
    else if (!list.some((known) => equal(known, item))) list.push(item)
  }
  return list
}

function mergeItem(schema: Schema, list: Json[], key: string, item: JsonObject): void {
  if (item['$patch'] === 'replace') {
    const { $patch: _, ...fields } = item
    if (Object.keys(fields).length > 0) list.push(fields)
    return
  }
  const place = list.findIndex((known) => isObject(known) && equal(known[key], item[key]))
  if (item['$patch'] === 'delete') {
    // Every item with this key goes, as when one port number serves two protocols.
    const kept = list.filter((known) => !(isObject(known) && equal(known[key], item[key])))
    list.splice(0, list.length, ...kept)
  } else if (place < 0) list.push(strategicPatch(schema.items, undefined, item) ?? null)
  else list[place] = strategicPatch(schema.items, list[place], item) ?? null
}

/** Puts a merged list into the order that the patch's author sees; what the author does not know keeps its place after. */
function order(schema: Schema | undefined, merged: JsonObject, field: string, wanted: Json): void {
  const list = merged[field]
  if (!Array.isArray(list) || !Array.isArray(wanted)) return
  const key = mergeKeyOf(schema)
  const identity = (item: Json): string =>
    JSON.stringify(key !== undefined && isObject(item) ? item[key] : item) ?? 'null'
  const ranks = new Map(wanted.map((item, rank) => [identity(item), rank]))
  const rankOf = (item: Json): number => ranks.get(identity(item)) ?? wanted.length
  merged[field] = list.toSorted((left, right) => rankOf(left) - rankOf(right))
}
