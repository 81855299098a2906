import { bodyOf, type Call } from '../call.ts'
import type { Cluster } from '../cluster.ts'
import { goText } from '../go-text.ts'
import { draftOf, patchedDraftOf } from '../draft.ts'
import { type Applier, applyConfiguration } from '../managed/apply.ts'
import { badRequest, Failure, notFound, unsupportedMediaType } from '../failure.ts'
import { copyOf, isObject, type Json, type JsonObject, keyOf, type KubeObject, textOf } from '../object.ts'
import { served } from '../render.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import { partOf, type Target } from '../route.ts'
import { checkName, create, update, type WriteOptions, type Written } from '../write.ts'
import { jsonPatch } from './json-patch.ts'
import { mergePatch } from './merge.ts'
import { strategicPatch } from './strategic.ts'

interface Patched {
  readonly written: Written
  readonly code: number
}

const mergeType = 'application/merge-patch+json'
const jsonType = 'application/json-patch+json'
const strategicType = 'application/strategic-merge-patch+json'
const applyType = 'application/apply-patch+yaml'

/** Changes an object by any of the four kinds of patch. */
export function applyPatch(cluster: Cluster, target: Target, call: Call, options: WriteOptions): Patched {
  const { type, name = '', namespace, subresource } = target
  const key = keyOf(namespace, name)
  const entry = cluster.store.shelf(type.shelf).entryOf(key)
  const isApply = call.contentType === applyType
  if (!patchTypesOf(type).includes(call.contentType)) throw unpatchable(type)
  if (entry === undefined) {
    if (!isApply || subresource !== undefined) throw notFound(type, name)
    return { written: createByApply(cluster, target, call, options), code: 201 }
  }
  const current = copyOf(served(type, entry))
  const draft = isApply
    ? appliedDraft(target, call, current, options)
    : patchedBy(type, current as unknown as Json, call, options)
  const place = { key, name, part: partOf(target), subresource, replaces: false }
  const written = update(cluster, type, place, draft, { ...options, isTracked: isApply })
  return { written, code: 200 }
}

function appliedDraft(
  target: Target,
  call: Call,
  live: KubeObject | undefined,
  options: WriteOptions,
): KubeObject {
  const { type, name = '' } = target
  const applied = applyConfiguration(type, live, configurationOf(type, call), applierOf(target, call))
  applied.metadata.name ??= name
  return draftOf(type, applied as unknown as Json, options)
}

function createByApply(cluster: Cluster, target: Target, call: Call, options: WriteOptions): Written {
  const { type, name = '', namespace } = target
  const draft = appliedDraft(target, call, undefined, options)
  checkName(draft.metadata, name)
  return create(cluster, type, namespace, draft, { ...options, isTracked: true })
}

function applierOf({ subresource }: Target, { query }: Call): Applier {
  return { manager: query.get('fieldManager') ?? '', force: query.get('force') === 'true', subresource }
}

/** What an applier states; a list or a text would state nothing. */
function configurationOf(type: ResourceType, call: Call): JsonObject {
  const body = bodyOf(call)
  if (!isObject(body)) {
    const what = `json: cannot unmarshal ${jsonNameOf(body)} into Go value of type map[string]interface {}`
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${what}`)
  }
  const { kind, apiVersion } = body
  if (kind !== type.kind || apiVersion !== apiVersionOf(type)) {
    const [version = '', group = ''] = textOf(apiVersion ?? '')
      .split('/')
      .toReversed()
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${textOf(kind ?? '')}`)
  }
  return body
}

function patchTypesOf({ custom }: ResourceType): readonly string[] {
  return custom ? [jsonType, mergeType, applyType] : [jsonType, mergeType, strategicType, applyType]
}

function unpatchable(type: ResourceType): Failure {
  if (type.custom) return unsupportedMediaType(patchTypesOf(type).join(', '))
  return new Failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
}

function patchedBy(type: ResourceType, current: Json, call: Call, options: WriteOptions): KubeObject {
  const patch = bodyOf(call)
  if (call.contentType === strategicType) {
    checkIsMap(patch, '')
    const patched = strategicPatch(type.schema, current, patch) ?? {}
    return patchedDraftOf(type, patched, options, { shown: goText(patch), reader: 'patch' })
  }
  if (call.contentType === mergeType) checkIsMap(patch, 'error decoding patch: ')
  const patched = call.contentType === mergeType ? mergePatch(current, patch) : jsonPatch(current, patch)
  const shown = JSON.stringify(type.custom ? inOrder(patched) : patched)
  return patchedDraftOf(type, patched, options, { shown, reader: 'json' })
}

/** A custom resource is shown as a map, whose keys Kubernetes sorts. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isObject(value)) return value
  const pairs = Object.keys(value)
    .toSorted()
    .map((key) => [key, inOrder(value[key] ?? null)])
  return Object.fromEntries(pairs) as Json
}

function checkIsMap(patch: Json, prefix: string): void {
  if (isObject(patch)) return
  const what = `json: cannot unmarshal ${jsonNameOf(patch)} into Go value of type map[string]interface {}`
  throw badRequest(`${prefix}${what}`)
}

function jsonNameOf(value: Json): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
