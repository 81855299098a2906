import { badRequest, Failure } from '../failure.ts'
import { equal, type Json, type JsonObject, type KubeObject, textOf, valueAt } from '../object.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import type { Schema } from '../schema/schema.ts'
import { compare } from './compare.ts'
import { applyConflict, type Contested } from './conflict.ts'
import { isSame, type Manager, managersOf, now, writeManagers } from './entries.ts'
import { difference, type FieldSet, intersection, isEmpty, union, without } from './field-set.ts'
import { lastAppliedFields } from './last-applied.ts'
import { overlay } from './overlay.ts'
import { nothingOfKind, ownedPart, resetFields, wholeSchemaOf } from './schema.ts'
import { removeFields, statedFields, withNamedFields } from './stated-fields.ts'
import { misstatements } from './stated-wrongly.ts'
import { filtered, strip } from './track.ts'

export interface Applier {
  readonly manager: string
  readonly force: boolean
  readonly subresource: string | undefined
}

/**
 * Server-side apply: what the configuration states is set, what its manager stated before and no longer does is
 * removed, and what somebody else owns is left alone unless forced. Answers the object that results.
 */
export function applyConfiguration(
  type: ResourceType,
  live: KubeObject | undefined,
  wanted: JsonObject,
  applier: Applier,
): KubeObject {
  checkStatement(type, wanted)
  const schema = wholeSchemaOf(type)
  const before = live === undefined ? nothingOfKind(type) : ownedPart(type, live)
  const reset = resetFields(type, applier.subresource)
  const self = selfOf(type, applier, strip(without(statedFields(schema, wanted), reset)))
  const known = live === undefined ? [] : knownManagers(type, schema, live)
  const own = known.find((one) => isSame(one, self))
  const others = known.filter((one) => one !== own)
  const merged = overlay(schema, before, wanted)
  const result = own === undefined ? merged : pruned(schema, merged, own.fields, [self, ...others])
  const found = filtered(compare(schema, before, result), reset)
  const left = settled(type, others, union(found.added, found.modified), applier, live)
  const unchanged = equal(before, result)
  const mine = unchanged ? { ...self, time: own?.time } : self
  const object = result as unknown as KubeObject
  const remaining = left.map((one) => ({ ...one, fields: difference(one.fields, found.removed) }))
  const applied: KubeObject = { ...object, metadata: { ...object.metadata } }
  writeManagers(applied, [...remaining, mine])
  return applied
}

function checkStatement(type: ResourceType, wanted: JsonObject): void {
  const { managedFields, name = '', namespace = '' } = (wanted['metadata'] ?? {}) as Record<string, Json>
  if (managedFields !== undefined && managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil')
  }
  const wrong = misstatements(wholeSchemaOf(type), wanted)
  if (wrong.length === 0) return
  const list = wrong.length === 1 ? wrong[0] : `errors:\n${wrong.map((one) => `  ${one}`).join('\n')}`
  const version = type.group === '' ? `/${type.version}` : apiVersionOf(type)
  const which = `${textOf(namespace)}/${textOf(name)}; ${version}, Kind=${type.kind}`
  throw new Failure(500, '', `failed to create typed patch object (${which}): ${list}`)
}

/** Before the first apply nobody may have written down who set what; then it was somebody. */
function knownManagers(type: ResourceType, schema: Schema, live: KubeObject): readonly Manager[] {
  const known = managersOf(live)
  if (known.length > 0) return known
  const { added } = compare(schema, nothingOfKind(type), ownedPart(type, live))
  const applier = { manager: 'before-first-apply', force: false, subresource: undefined }
  return [
    { ...selfOf(type, applier, strip(without(added, resetFields(type, undefined)))), operation: 'Update' },
  ]
}

function selfOf(type: ResourceType, { manager, subresource }: Applier, fields: FieldSet): Manager {
  return { manager, operation: 'Apply', apiVersion: apiVersionOf(type), subresource, time: now(), fields }
}

/** The result without what its applier stated last time, states no longer, and nobody else owns. */
function pruned(schema: Schema, merged: Json, last: FieldSet, managers: readonly Manager[]): Json {
  const named = (set: FieldSet): FieldSet => withNamedFields(schema, set)
  const fieldsIn = (value: Json): FieldSet => named(statedFields(schema, value))
  const all = fieldsIn(merged)
  const managed = managers.reduce<FieldSet>((set, { fields }) => union(set, fields), {})
  const bare = removeFields(schema, merged, named(last)) ?? {}
  const orphaned = difference(difference(all, fieldsIn(bare)), named(managed))
  const owned = removeFields(schema, merged, orphaned) ?? {}
  const dropped = intersection(difference(all, fieldsIn(owned)), named(last))
  return removeFields(schema, merged, dropped) ?? {}
}

/** The others without what they lose; refuses to take from them unless it is forced to. */
function settled(
  type: ResourceType,
  others: readonly Manager[],
  changed: FieldSet,
  { manager, force }: Applier,
  live: KubeObject | undefined,
): readonly Manager[] {
  const contested = others
    .map((one): Contested => ({ manager: one, fields: intersection(one.fields, changed) }))
    .filter(({ fields }) => !isEmpty(fields))
  const refused = manager === 'kubectl' && live !== undefined ? beyond(contested, type, live) : contested
  if (!force && refused.length > 0) throw applyConflict(refused)
  return others.map((one) => {
    const lost = contested.find((part) => part.manager === one)?.fields ?? {}
    return { ...one, fields: difference(one.fields, lost) }
  })
}

/** What kubectl itself applied in its older way, and nobody changed since, is its own. */
function beyond(contested: readonly Contested[], type: ResourceType, live: KubeObject): readonly Contested[] {
  const text = valueAt(live, ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'])
  const allowed = typeof text === 'string' ? lastAppliedFields(type, live, text) : {}
  return contested
    .map(({ manager, fields }) => ({ manager, fields: difference(fields, allowed) }))
    .filter(({ fields }) => !isEmpty(fields))
}
