import type { KubeObject } from '../object.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import { compare, type Comparison } from './compare.ts'
import { capped, isSame, type Manager, managersOf, now, writeManagers } from './entries.ts'
import { difference, type FieldSet, isEmpty, union, without } from './field-set.ts'
import { nobodys, nothingOfKind, ownedPart, resetFields, wholeSchemaOf } from './schema.ts'

interface Writer {
  readonly manager: string
  readonly subresource: string | undefined
}

/** Writes down who owns which field after somebody changed an object in any way but by applying. Changes the draft. */
export function trackUpdate(
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
  { manager, subresource }: Writer,
): void {
  const known = knownManagers(draft, old)
  if (old !== undefined && known.length === 0) return writeManagers(draft, [])
  const before = old === undefined ? nothingOfKind(type) : ownedPart(type, old)
  const reset = resetFields(type, subresource)
  const found = filtered(compare(wholeSchemaOf(type), before, ownedPart(type, draft)), reset)
  const taken = strip(union(found.added, found.modified))
  const lost = union(taken, found.removed)
  const left = known.map((one) => ({ ...one, fields: difference(one.fields, lost) }))
  if (isEmpty(taken)) return writeManagers(draft, left)
  const self = selfOf(type, { manager, subresource }, taken)
  const previous = left.find((one) => isSame(one, self))
  const mine = previous === undefined ? self : { ...self, fields: union(previous.fields, taken) }
  writeManagers(draft, capped([...left.filter((one) => one !== previous), mine]))
}

/** A client that sends no record of owners means the one that there is. */
function knownManagers(draft: KubeObject, old: KubeObject | undefined): readonly Manager[] {
  const sent = managersOf(draft)
  return sent.length > 0 || old === undefined ? sent : managersOf(old)
}

function selfOf(type: ResourceType, { manager, subresource }: Writer, fields: FieldSet): Manager {
  const apiVersion = apiVersionOf(type)
  const time = subresource === 'scale' ? undefined : now()
  return { manager, operation: 'Update', apiVersion, subresource, time, fields }
}

/** A comparison without what the request cannot change. */
export function filtered(found: Comparison, reset: readonly (readonly string[])[]): Comparison {
  return {
    added: without(found.added, reset),
    modified: without(found.modified, reset),
    removed: without(found.removed, reset),
  }
}

/** A set without what belongs to nobody. */
export function strip(set: FieldSet): FieldSet {
  const rest = without(set, nobodys)
  const { 'f:metadata': metadata, ...others } = rest
  if (metadata === undefined) return rest
  const { '.': _, ...inner } = metadata
  return isEmpty(inner) ? others : { ...others, 'f:metadata': inner }
}
