import { badRequest, Failure } from '../failure.ts'
import {
  equal,
  isObject,
  type Json,
  type JsonObject,
  type ManagedFields,
  timestamp,
  valueAt,
} from '../object.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import { metadataSchema } from '../schema/openapi-of.ts'
import { type Schema, schemaOfField } from '../schema/schema.ts'
import { contested, dropFields, fieldsOf, type FieldSet, itemStep, union, without } from './field-set.ts'

export interface Applier {
  readonly manager: string
  readonly force: boolean
  readonly subresource: string | undefined
}

/**
 * Server-side apply: what the configuration states is set, what its manager stated before and no longer does is
 * removed, and what another applier owns is left alone unless forced. Only appliers own fields here, not those who
 * update. Changes the live object.
 */
export function applyConfiguration(type: ResourceType, live: Json, wanted: Json, applier: Applier): Json {
  if (!isObject(live) || !isObject(wanted)) throw badRequest('the body of an apply must be an object')
  const { manager, subresource } = applier
  const schema = withMetadata(type)
  const mine = ownableOf(fieldsOf(schema, wanted))
  const entries = managedOf(live)
  const own = entries.find((entry) => isOf(entry, manager, subresource))
  const others = entries.filter((entry) => entry !== own)
  settleConflicts(schema, mine, others, { live, wanted }, applier)
  const kept = others.reduce<FieldSet>((all, entry) => union(all, setOf(entry)), mine)
  if (own !== undefined) dropFields(schema, live, setOf(own), kept)
  const result = overlay(schema, live, wanted) as JsonObject
  const settled = entries.map((entry) => (entry === own ? entry : reduced(entry, mine, applier.force)))
  const managed = placed(settled, own, entryOf(type, mine, own, applier))
  const metadata = isObject(result['metadata']) ? result['metadata'] : {}
  return { ...result, metadata: { ...metadata, managedFields: managed as unknown as Json } }
}

function withMetadata({ schema }: ResourceType): Schema {
  return { type: 'object', ...schema, properties: { ...schema?.properties, metadata: metadataSchema } }
}

function isOf(entry: ManagedFields, manager: string, subresource: string | undefined): boolean {
  return entry.manager === manager && entry.operation === 'Apply' && entry.subresource === subresource
}

function managedOf(live: JsonObject): readonly ManagedFields[] {
  const managed = valueAt(live, ['metadata', 'managedFields'])
  return Array.isArray(managed) ? (managed as ManagedFields[]) : []
}

function setOf(entry: ManagedFields): FieldSet {
  return entry.fieldsV1 as unknown as FieldSet
}

const envelope = ['f:apiVersion', 'f:kind', 'f:metadata']
const ownable = ['f:labels', 'f:annotations', 'f:finalizers', 'f:ownerReferences']

/** Who and what an object is belongs to nobody. */
function ownableOf(fields: FieldSet): FieldSet {
  const rest = Object.entries(fields).filter(([step]) => !envelope.includes(step))
  const metadata = Object.entries(fields['f:metadata'] ?? {}).filter(([step]) => ownable.includes(step))
  const owned = metadata.length === 0 ? {} : { 'f:metadata': Object.fromEntries(metadata) }
  return { ...owned, ...Object.fromEntries(rest) }
}

function settleConflicts(
  schema: Schema,
  mine: FieldSet,
  others: readonly ManagedFields[],
  sides: { readonly live: Json; readonly wanted: Json },
  { force }: Applier,
): void {
  if (force) return
  const conflicts = others.flatMap((entry) =>
    contested(schema, mine, setOf(entry), sides).map((field) => ({ field, entry })),
  )
  if (conflicts.length === 0) return
  const causes = conflicts.map(({ field, entry }) => {
    const message = `conflict with "${entry.manager}" using ${entry.apiVersion}`
    return { reason: 'FieldManagerConflict', message, field }
  })
  const lines = causes.map(({ message, field }) => `${message}: ${field}`).join(', ')
  const count = `${causes.length} conflict${causes.length === 1 ? '' : 's'}`
  throw new Failure(409, 'Conflict', `Apply failed with ${count}: ${lines}`, { causes })
}

function reduced(entry: ManagedFields, mine: FieldSet, force: boolean): ManagedFields | undefined {
  if (!force) return entry
  const rest = without(setOf(entry), mine)
  return Object.keys(rest).length === 0 ? undefined : { ...entry, fieldsV1: rest as unknown as JsonObject }
}

/** An applier keeps its place, so that applying the same again changes nothing. */
function placed(
  entries: readonly (ManagedFields | undefined)[],
  own: ManagedFields | undefined,
  entry: ManagedFields,
): readonly ManagedFields[] {
  const replaced = entries.map((one) => (one !== undefined && one === own ? entry : one))
  const kept = replaced.filter((one) => one !== undefined)
  return own === undefined ? [...kept, entry] : kept
}

function entryOf(
  type: ResourceType,
  mine: FieldSet,
  own: ManagedFields | undefined,
  { manager, subresource }: Applier,
): ManagedFields {
  const fieldsV1 = mine as unknown as JsonObject
  if (own !== undefined && equal(own.fieldsV1, fieldsV1)) return own
  const apiVersion = apiVersionOf(type)
  const entry = {
    manager,
    operation: 'Apply',
    apiVersion,
    time: timestamp(),
    fieldsType: 'FieldsV1',
    fieldsV1,
  }
  return subresource === undefined ? entry : { ...entry, subresource }
}

/** The live value with everything that is wanted put in. */
function overlay(schema: Schema | undefined, live: Json | undefined, wanted: Json): Json {
  if (isObject(wanted)) {
    const result: JsonObject = isObject(live) ? live : {}
    for (const [field, value] of Object.entries(wanted)) {
      if (value === null) delete result[field]
      else if (value !== undefined)
        result[field] = overlay(schemaOfField(schema, field), result[field], value)
    }
    return result
  }
  return Array.isArray(wanted) && Array.isArray(live) ? overlayList(schema, live, wanted) : wanted
}

function overlayList(schema: Schema | undefined, live: Json[], wanted: readonly Json[]): Json[] {
  if (itemStep(schema, wanted[0] ?? {}) === undefined) return [...wanted]
  const result = [...live]
  for (const item of wanted) {
    const step = itemStep(schema, item)
    const place = result.findIndex((known) => itemStep(schema, known) === step)
    if (place < 0) result.push(item)
    else result[place] = overlay(schema?.items, result[place], item)
  }
  return result
}
