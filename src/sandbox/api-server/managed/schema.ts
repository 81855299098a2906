import type { Json, KubeObject } from '../object.ts'
import type { ResourceType } from '../resource-type.ts'
import { decodeBuiltIn } from '../schema/decode.ts'
import { messageOfKind } from '../schema/messages.ts'
import { metadataSchema } from '../schema/openapi-of.ts'
import type { Schema } from '../schema/schema.ts'

const made = new WeakMap<ResourceType, Schema>()

/** The schema of a whole object, by which its fields are owned. */
export function wholeSchemaOf(type: ResourceType): Schema {
  const known = made.get(type)
  if (known !== undefined) return known
  const envelope = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: metadataSchema }
  const { schema } = type
  const whole: Schema = { type: 'object', ...schema, properties: { ...schema?.properties, ...envelope } }
  made.set(type, whole)
  return whole
}

/** The object before it was made: a built-in kind has its parts even then. */
export function nothingOfKind({ group, kind, custom }: ResourceType): Json {
  const message = custom ? undefined : messageOfKind(group, kind)
  return message === undefined ? {} : decodeBuiltIn(message, {}).value
}

/** An object as its fields are owned: without the record of who owns them. */
export function ownedPart(type: ResourceType, object: KubeObject): Json {
  const { view } = type
  const shown = view === undefined ? object : view.served(object)
  const { managedFields: _, ...metadata } = shown.metadata
  return { ...shown, metadata } as unknown as Json
}

/** Who and what an object is belongs to nobody. */
export const nobodys: readonly (readonly string[])[] = [
  ['f:apiVersion'],
  ['f:kind'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((field) => ['f:metadata', `f:${field}`]),
]

/** What a request to a part of an object cannot change, and so does not come to own. */
export function resetFields(
  type: ResourceType,
  subresource: string | undefined,
): readonly (readonly string[])[] {
  if (subresource !== 'status') return type.subresources.includes('status') ? [['f:status']] : []
  const { statusKeeps } = type
  const labels = statusKeeps === 'labels' ? [['f:metadata', 'f:labels']] : []
  return [['f:spec'], ...(statusKeeps === 'metadata' ? [['f:metadata']] : labels)]
}
