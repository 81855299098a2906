import { bodyOf, type Call } from '../call.ts'
import type { Cluster } from '../cluster.ts'
import { draftOf } from '../draft.ts'
import { badRequest, notFound, unsupportedMediaType } from '../failure.ts'
import { copyOf, isObject, type Json, keyOf, type KubeObject } from '../object.ts'
import { served } from '../render.ts'
import type { ResourceType } from '../resource-type.ts'
import type { Target } from '../route.ts'
import { create, update, type WriteOptions, type Written } from '../write.ts'
import { type Applier, applyConfiguration } from './apply.ts'
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
  const body = bodyOf(call)
  if (entry === undefined) {
    if (call.contentType !== applyType || subresource !== undefined) throw notFound(type, name)
    const draft = draftOf(type, applyConfiguration(type, {}, body, applierOf(target, call)))
    return { written: create(cluster, type, namespace, draft, options), code: 201 }
  }
  const current = copyOf(served(type, entry)) as unknown as Json
  const isApply = call.contentType === applyType
  const patched = isApply
    ? applyConfiguration(type, current, withoutRevision(body), applierOf(target, call))
    : patchedBy(call.contentType, type, current, body)
  const part = subresource === 'status' ? 'status' : 'main'
  return {
    written: update(cluster, type, key, named(draftOf(type, patched), name), options, part),
    code: 200,
  }
}

function applierOf({ subresource }: Target, { query }: Call): Applier {
  const manager = query.get('fieldManager')
  if (!manager)
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    )
  return { manager, force: query.get('force') === 'true', subresource }
}

function patchedBy(contentType: string, type: ResourceType, current: Json, patch: Json): Json {
  switch (contentType) {
    case mergeType:
      return mergePatch(current, patch)
    case jsonType:
      return jsonPatch(current, patch)
    case strategicType:
      if (type.custom) break
      return strategicPatch(type.schema, current, patch) ?? {}
  }
  const own = type.custom ? [jsonType, mergeType, applyType] : [jsonType, mergeType, strategicType, applyType]
  throw unsupportedMediaType(own.join(', '))
}

function withoutRevision(patch: Json): Json {
  if (!isObject(patch) || !isObject(patch['metadata'])) return patch
  const { resourceVersion: _, ...metadata } = patch['metadata']
  return { ...patch, metadata }
}

function named(draft: KubeObject, name: string): KubeObject {
  if (draft.metadata.name === name) return draft
  throw badRequest(`a patch may not change metadata.name from ${name} to ${String(draft.metadata.name)}`)
}
