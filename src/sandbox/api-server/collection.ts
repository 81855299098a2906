import type { ServerResponse } from 'node:http'
import type { Answer, Handled } from './answer.ts'
import { bodyOf, type Call } from './call.ts'
import type { Cluster } from './cluster.ts'
import { draftOf } from './draft.ts'
import { methodNotAllowed } from './failure.ts'
import { checkRevision, pageOf, renderList } from './list.ts'
import { formOf, inNotation } from './negotiate.ts'
import { objectAnswer } from './object-answer.ts'
import { checkListOptions, deleteOptionsOf, writeOptionsOf } from './options.ts'
import { remove } from './remove.ts'
import { isNamespaceType } from './resource-type.ts'
import type { Target } from './route.ts'
import { selectionOf } from './selection.ts'
import { Watch } from './watch.ts'
import { create } from './write.ts'

/** Requests to a resource as a whole: list, watch, create, delete them all. */
export function onCollection(
  cluster: Cluster,
  target: Target,
  call: Call,
  response: ServerResponse,
): Handled {
  switch (call.method) {
    case 'GET':
      return isWatch(call) ? watch(cluster, target, call, response) : list(cluster, target, call)
    case 'POST':
      return createOne(cluster, target, call)
    case 'DELETE':
      return deleteAll(cluster, target, call)
    default:
      throw methodNotAllowed()
  }
}

export function isWatch({ query }: Call): boolean {
  const wanted = query.get('watch')
  return wanted !== null && !['false', '0'].includes(wanted.toLowerCase())
}

function list(cluster: Cluster, { type, namespace }: Target, { query, accept }: Call): Answer {
  formOf(accept, type.custom)
  checkListOptions(query, false)
  const selection = selectionOf(type, { namespace, name: undefined, query })
  return inNotation(
    { json: renderList(type, pageOf(cluster, type, selection, query), accept, query) },
    accept,
  )
}

export function watch(
  cluster: Cluster,
  { type, namespace, name }: Target,
  { query, accept }: Call,
  response: ServerResponse,
): undefined {
  formOf(accept, type.custom)
  checkListOptions(query, true)
  checkRevision(query)
  const selection = selectionOf(type, { namespace, name, query })
  new Watch(cluster, { type, selection, query, accept }, response).start()
}

function createOne(cluster: Cluster, { type, namespace }: Target, call: Call): Answer {
  if (type.namespaced && namespace === undefined) throw methodNotAllowed()
  formOf(call.accept, type.custom)
  const options = writeOptionsOf(call, 'CreateOptions')
  const written = create(cluster, type, namespace, draftOf(type, bodyOf(call, type), options), options)
  return objectAnswer(type, written.entry, call, 201)
}

function deleteAll(cluster: Cluster, { type, namespace }: Target, call: Call): Answer {
  if ((type.namespaced && namespace === undefined) || isNamespaceType(type)) throw methodNotAllowed()
  checkListOptions(call.query, false)
  const options = deleteOptionsOf(call)
  const selection = selectionOf(type, { namespace, name: undefined, query: call.query })
  const page = pageOf(cluster, type, selection, call.query)
  const entries = page.entries.map(({ key }) => remove(cluster, type, key, options).before)
  return { json: renderList(type, { ...page, entries }, 'application/json', call.query) }
}
