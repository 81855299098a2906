import type { Answer } from './answer.ts'
import { bodyOf, type Call } from './call.ts'
import type { Cluster } from './cluster.ts'
import { draftOf } from './draft.ts'
import { methodNotAllowed, noSuchPath, notFound } from './failure.ts'
import { checkRevision } from './list.ts'
import { keyOf } from './object.ts'
import { formOf } from './negotiate.ts'
import { objectAnswer } from './object-answer.ts'
import { deleteOptionsOf, writeOptionsOf } from './options.ts'
import { applyPatch } from './patch/patch.ts'
import { remove, removedStatus } from './remove.ts'
import { partOf, type Target } from './route.ts'
import type { Entry } from './shelf.ts'
import { checkName, create, update } from './write.ts'

interface Single extends Target {
  readonly name: string
  readonly key: string
}

/** Requests to one object or its status. */
export function onObject(cluster: Cluster, target: Target, call: Call): Answer {
  const single = singleOf(target)
  formOf(call.accept, single.type.custom)
  switch (call.method) {
    case 'GET':
      checkRevision(call.query)
      return objectAnswer(single.type, currentOf(cluster, single), call)
    case 'PUT':
      return replace(cluster, single, call)
    case 'PATCH':
      return patch(cluster, single, call)
    case 'DELETE':
      return removeOne(cluster, single, call)
    default:
      throw methodNotAllowed()
  }
}

function singleOf(target: Target): Single {
  const { type, namespace, name = '', subresource } = target
  if (type.namespaced && namespace === undefined) throw noSuchPath()
  if (subresource !== undefined && subresource !== 'status') throw noSuchPath()
  if (subresource === 'status' && !type.subresources.includes('status')) throw noSuchPath()
  return { ...target, name, key: keyOf(namespace, name) }
}

export function currentOf(cluster: Cluster, { type, name, namespace }: Target): Entry {
  const key = keyOf(namespace, name ?? '')
  const entry = cluster.store.shelf(type.shelf).entryOf(key)
  if (entry === undefined) throw notFound(type, name ?? '')
  return entry
}

function replace(cluster: Cluster, single: Single, call: Call): Answer {
  const { type, key, name, namespace } = single
  const options = writeOptionsOf(call, 'UpdateOptions')
  const draft = draftOf(type, bodyOf(call, type), options)
  const part = partOf(single)
  checkName(draft.metadata, name)
  const isThere = cluster.store.shelf(type.shelf).entryOf(key) !== undefined
  if (!isThere && part === 'main' && type.createOnUpdate) {
    const { entry } = create(cluster, type, namespace, draft, options)
    return objectAnswer(type, entry, call, 201)
  }
  const place = { key, name, part, subresource: single.subresource, replaces: true }
  const { entry } = update(cluster, type, place, draft, options)
  return objectAnswer(type, entry, call)
}

function patch(cluster: Cluster, single: Single, call: Call): Answer {
  const options = writeOptionsOf(call, 'PatchOptions')
  const { written, code } = applyPatch(cluster, single, call, options)
  return objectAnswer(single.type, written.entry, call, code)
}

function removeOne(cluster: Cluster, { type, key, subresource }: Single, call: Call): Answer {
  if (subresource !== undefined) throw methodNotAllowed()
  const { entry, gone } = remove(cluster, type, key, deleteOptionsOf(call))
  if (gone && !type.answersDeleted) return { json: removedStatus(type, entry) }
  return objectAnswer(type, entry, call)
}
