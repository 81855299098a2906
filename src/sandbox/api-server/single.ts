import type { ServerResponse } from 'node:http'
import type { Answer, Handled } from './answer.ts'
import { bodyOf, type Call, deleteBodyOf } from './call.ts'
import type { Cluster } from './cluster.ts'
import { isWatch, watch } from './collection.ts'
import { draftOf } from './draft.ts'
import { badRequest, methodNotAllowed, noSuchPath, notFound } from './failure.ts'
import { keyOf } from './object.ts'
import { objectAnswer, writeOptionsOf } from './object-answer.ts'
import { applyPatch } from './patch/patch.ts'
import { type DeleteOptions, remove, removedStatus } from './remove.ts'
import type { Target } from './route.ts'
import type { Entry } from './shelf.ts'
import { update } from './write.ts'

interface Single extends Target {
  readonly name: string
  readonly key: string
}

/** Requests to one object or its status. */
export function onObject(cluster: Cluster, target: Target, call: Call, response: ServerResponse): Handled {
  const single = singleOf(target)
  switch (call.method) {
    case 'GET':
      if (isWatch(call)) return watch(cluster, single, call, response)
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

function partOf({ subresource }: Target): 'main' | 'status' {
  return subresource === 'status' ? 'status' : 'main'
}

function replace(cluster: Cluster, single: Single, call: Call): Answer {
  const { type, key, name } = single
  const options = writeOptionsOf(call)
  const draft = draftOf(type, bodyOf(call))
  if (draft.metadata.name !== undefined && draft.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${draft.metadata.name}) does not match the name on the URL (${name})`,
    )
  }
  const { entry } = update(cluster, type, key, draft, options, partOf(single))
  return objectAnswer(type, entry, call, { warnings: options.warnings })
}

function patch(cluster: Cluster, single: Single, call: Call): Answer {
  const options = writeOptionsOf(call)
  const { written, code } = applyPatch(cluster, single, call, options)
  return objectAnswer(single.type, written.entry, call, { code, warnings: options.warnings })
}

function removeOne(cluster: Cluster, { type, key, subresource }: Single, call: Call): Answer {
  if (subresource !== undefined) throw methodNotAllowed()
  const options = deleteBodyOf(call) as DeleteOptions
  const { entry, gone } = remove(cluster, type, key, options, writeOptionsOf(call).dryRun)
  if (gone && type.kind !== 'Pod') return { json: removedStatus(type, entry) }
  return objectAnswer(type, entry, call)
}
