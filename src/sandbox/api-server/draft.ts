import { badRequest, invalid, required } from './failure.ts'
import {
  copyOf,
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type ObjectMeta,
  textOf,
} from './object.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'

/** What arrived in a body as an object of its resource: the envelope is right, the rest is still to be checked. */
export function draftOf(type: ResourceType, body: Json): KubeObject {
  if (!isObject(body)) throw badRequest(`the body must be a ${type.kind} object in JSON`)
  checkKind(type, body)
  const { kind: _, apiVersion: __, ...rest } = copyOf(body)
  const { metadata: sent = {} } = rest
  if (!isObject(sent)) throw badRequest(`metadata must be an object and is ${JSON.stringify(sent)}`)
  const metadata = metadataOf(sent)
  const draft: KubeObject = { kind: type.kind, apiVersion: apiVersionOf(type), ...rest, metadata }
  return type.view === undefined ? draft : type.view.stored(draft)
}

function checkKind(type: ResourceType, body: JsonObject): void {
  const { kind, apiVersion } = body
  if (kind !== undefined && kind !== type.kind) {
    throw badRequest(`${textOf(kind)} in version "${type.version}" cannot be handled as a ${type.kind}`)
  }
  if (apiVersion !== undefined && apiVersion !== apiVersionOf(type)) {
    const sent = `the API version in the data (${textOf(apiVersion)})`
    throw badRequest(`${sent} does not match the expected API version (${apiVersionOf(type)})`)
  }
}

/** Null is what clients in Go write for "none", as in creationTimestamp. */
function metadataOf(raw: JsonObject): ObjectMeta {
  const entries = Object.entries(raw).filter(([field, value]) => value !== null && field !== 'selfLink')
  return Object.fromEntries(entries) as ObjectMeta
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

export function randomSuffix(length = 5): string {
  const pick = (): string => letters[Math.floor(Math.random() * letters.length)] ?? 'x'
  return Array.from({ length }, pick).join('')
}

/** Settles name and namespace of a new object. */
export function nameDraft(type: ResourceType, draft: KubeObject, namespace: string | undefined): string {
  const { metadata } = draft
  if (!type.namespaced) delete metadata.namespace
  else if (metadata.namespace === undefined || metadata.namespace === '') metadata.namespace = namespace ?? ''
  else if (metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + randomSuffix()
  if (!metadata.name) {
    throw invalid(type, '', [required('metadata.name', 'name or generateName is required')])
  }
  return metadata.name
}
