import type { Message } from './message.ts'
import { messageNamed, messageOfKind } from './messages.ts'
import type { Schema } from './schema.ts'

const scalars: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'micro-time' },
  intOrString: { 'x-kubernetes-int-or-string': true },
  quantity: { 'x-kubernetes-int-or-string': true },
}

type Field = Message['fields'][number]

/** The schema of a built-in kind; undefined for one that is stored as it comes. */
export function schemaOfKind(group: string, kind: string): Schema | undefined {
  const message = messageOfKind(group, kind)
  return message === undefined ? undefined : schemaOf(message)
}

const made = new Map<string, Schema>()

function schemaOf(message: Message): Schema {
  const known = made.get(message.name)
  if (known !== undefined) return known
  const schema: Schema = {
    type: 'object',
    ...(message.open ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
    ...(message.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    properties: Object.fromEntries(message.fields.map((field) => [field.name, fieldSchema(field)])),
    required: message.fields.filter((field) => field.required).map((field) => field.name),
  }
  made.set(message.name, schema)
  return schema
}

function itemSchema(name: string): Schema {
  const message = messageNamed(name)
  const schema = message === undefined ? scalars[name] : schemaOf(message)
  if (schema === undefined) throw new Error(`no type is called ${name}`)
  return schema
}

function fieldSchema(field: Field): Schema {
  const item = itemSchema(field.type.of)
  const description = field.description === '' ? {} : { description: field.description }
  const whole = field.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}
  if (field.type.shape === 'map') {
    return { type: 'object', additionalProperties: item, ...whole, ...description }
  }
  if (field.type.shape === 'list') return { type: 'array', items: item, ...listExtras(field), ...description }
  const retain = field.retainKeys ? { 'x-kubernetes-patch-strategy': 'retainKeys' } : {}
  const initial = field.initial === undefined ? {} : { default: field.initial }
  return { ...item, ...retain, ...initial, ...description }
}

function listExtras({ mergeKey, mapKeys, set, retainKeys }: Field): Schema {
  if (mapKeys.length > 0) {
    const strategy = retainKeys ? 'merge,retainKeys' : 'merge'
    const merging =
      mergeKey === undefined
        ? {}
        : { 'x-kubernetes-patch-strategy': strategy, 'x-kubernetes-patch-merge-key': mergeKey }
    return { ...merging, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': mapKeys }
  }
  return set ? { 'x-kubernetes-patch-strategy': 'merge', 'x-kubernetes-list-type': 'set' } : {}
}

/** What every object has, also those of custom resources, whose own schema says nothing about it. */
export const metadataSchema: Schema = schemaOfKind('', 'ObjectMeta') ?? { type: 'object' }
