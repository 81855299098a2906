import { Failure } from '../failure.ts'
import { goText } from '../go-text.ts'
import { equal, isObject, type Json, type JsonObject, textOf } from '../object.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'
import { ordered } from './element-order.ts'

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
  if (directive !== undefined && directive !== 'merge') throw unknownDirective(patch)
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
    const name = field.slice(orderPrefix.length)
    if (patch[name] === undefined) order(schemaOfField(schema, name), merged, name, value, merged[name])
    return
  }
  const inner = schemaOfField(schema, field)
  if (value === null) delete merged[field]
  else if (Array.isArray(value) && mergesItems(inner)) {
    const before = merged[field]
    merged[field] = mergeList(inner, before, value)
    order(inner, merged, field, patch[orderPrefix + field] ?? withoutDirectives(value), before)
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

function withoutDirectives(list: readonly Json[]): Json[] {
  return list.filter((item) => !isObject(item) || item['$patch'] === undefined || item['$patch'] === 'merge')
}

function mergeList(schema: Schema, target: Json | undefined, patch: readonly Json[]): Json[] {
  const key = mergeKeyOf(schema)
  const replaces = patch.some((item) => isObject(item) && item['$patch'] === 'replace')
  const before = Array.isArray(target) ? target : []
  if (new Set([...before, ...patch].map(kindOf)).size > 1) {
    throw new Failure(500, '', `list element types are not identical: ${goText([before, [...patch]])}`)
  }
  const list = replaces ? [] : [...before]
  for (const item of patch) {
    if (key !== undefined && isObject(item)) mergeItem(schema, list, key, item)
    else if (!list.some((known) => equal(known, item))) list.push(item)
  }
  return list
}

function kindOf(item: Json): string {
  return Array.isArray(item) ? 'list' : typeof item
}

const directives = ['merge', 'replace', 'delete']

function mergeItem(schema: Schema, list: Json[], key: string, item: JsonObject): void {
  const directive = item['$patch']
  if (directive !== undefined && !directives.includes(textOf(directive))) throw unknownDirective(item)
  if (directive === 'replace') {
    const { $patch: _, ...fields } = item
    if (Object.keys(fields).length > 0) list.push(fields)
    return
  }
  if (item[key] === undefined) {
    throw new Failure(500, '', `map: ${goText(item)} does not contain declared merge key: ${key}`)
  }
  const place = list.findIndex((known) => isObject(known) && equal(known[key], item[key]))
  if (directive === 'delete') {
    // Every item with this key goes, as when one port number serves two protocols.
    const kept = list.filter((known) => !(isObject(known) && equal(known[key], item[key])))
    list.splice(0, list.length, ...kept)
  } else if (place < 0) list.push(strategicPatch(schema.items, undefined, item) ?? null)
  else list[place] = strategicPatch(schema.items, list[place], item) ?? null
}

function unknownDirective(patch: JsonObject): Failure {
  return new Failure(500, '', `unknown patch type: ${textOf(patch['$patch'])} in map: ${goText(patch)}`)
}

function order(
  schema: Schema | undefined,
  merged: JsonObject,
  field: string,
  wanted: Json,
  before: Json | undefined,
): void {
  const list = merged[field]
  if (!Array.isArray(list) || !Array.isArray(wanted)) return
  merged[field] = ordered(list, wanted, Array.isArray(before) ? before : [], mergeKeyOf(schema))
}
