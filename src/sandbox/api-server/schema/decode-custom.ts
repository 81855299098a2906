import { isObject, type JsonObject, type KubeObject } from '../object.ts'
import type { ResourceType } from '../resource-type.ts'
import { decodeBuiltIn, jsonTypeOf, Undecodable } from './decode.ts'
import { messageNamed } from './messages.ts'
import { prune } from './prune.ts'
import type { Schema } from './schema.ts'

const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** Reads an object as a custom kind: its schema prunes it and fills in its defaults, whatever it says is right or wrong. */
export function decodeCustom(
  { schema = anything, custom }: ResourceType,
  sent: JsonObject,
): { value: JsonObject; unknown: readonly string[] } {
  const { metadata: meta, ...rest } = sent
  const metadata = meta ?? {}
  const message = messageNamed('ObjectMeta')
  if (!isObject(metadata)) {
    throw new Undecodable(
      `json: cannot unmarshal ${jsonTypeOf(metadata)} into Go value of type v1.ObjectMeta`,
    )
  }
  const read = message === undefined ? undefined : decodeBuiltIn(message, metadata)
  const value: JsonObject = { metadata: read?.value ?? metadata, ...rest }
  const envelope = { apiVersion: {}, kind: {}, metadata: anything }
  const pruned = custom
    ? prune({ ...schema, properties: { ...schema.properties, ...envelope } }, value as unknown as KubeObject)
    : []
  const unknown = (read?.unknown ?? []).map((field) => `metadata.${field}`)
  return { value, unknown: [...unknown, ...pruned] }
}
