import { type KubeObject, type ManagedFields, timestamp } from '../object.ts'
import { type FieldSet, isEmpty, union } from './field-set.ts'

/** Who owns fields, how it came to own them, and which. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string | undefined
  readonly time: string | undefined
  readonly fields: FieldSet
}

export function isSame(one: Manager, other: Manager): boolean {
  const id = (manager: Manager): string =>
    JSON.stringify([manager.manager, manager.operation, manager.apiVersion, manager.subresource])
  return id(one) === id(other)
}

export function managersOf({ metadata }: KubeObject): readonly Manager[] {
  return (metadata.managedFields ?? []).map((entry) => ({
    manager: entry.manager,
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: entry.apiVersion,
    subresource: entry.subresource === '' ? undefined : entry.subresource,
    time: entry.time,
    fields: (entry.fieldsV1 ?? {}) as unknown as FieldSet,
  }))
}

/** Writes down who owns what: appliers first, then by time, then by name. */
export function writeManagers(object: KubeObject, managers: readonly Manager[]): void {
  const entries = managers.filter(({ fields }) => !isEmpty(fields)).toSorted(inOrder)
  if (entries.length === 0) delete object.metadata.managedFields
  else object.metadata.managedFields = entries.map(entryOf)
}

function inOrder(left: Manager, right: Manager): number {
  const keys = (one: Manager): readonly string[] => [
    one.operation,
    one.time ?? '',
    one.manager,
    one.apiVersion,
    one.subresource ?? '',
  ]
  const [mine, theirs] = [keys(left), keys(right)]
  const place = mine.findIndex((key, index) => key !== theirs[index])
  return place < 0 ? 0 : (mine[place] ?? '') < (theirs[place] ?? '') ? -1 : 1
}

function entryOf({ manager, operation, apiVersion, time, fields, subresource }: Manager): ManagedFields {
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fields as unknown as ManagedFields['fieldsV1'],
    ...(subresource !== undefined && { subresource }),
  }
}

const mostUpdaters = 10

/** Of those who only ever updated, the oldest become one, so that the list stays short. */
export function capped(managers: readonly Manager[]): readonly Manager[] {
  const updaters = managers
    .filter(({ operation }) => operation === 'Update')
    .toSorted((left, right) => ((left.time ?? '') < (right.time ?? '') ? -1 : 1))
  if (updaters.length <= mostUpdaters) return managers
  const oldest = updaters.slice(0, updaters.length - mostUpdaters + 1)
  const merged: Manager = {
    manager: 'ancient-changes',
    operation: 'Update',
    apiVersion: oldest[0]?.apiVersion ?? '',
    subresource: undefined,
    time: oldest.at(-1)?.time,
    fields: oldest.reduce<FieldSet>((all, { fields }) => union(all, fields), {}),
  }
  return [...managers.filter((one) => !oldest.includes(one)), merged]
}

export function now(): string {
  return timestamp()
}
