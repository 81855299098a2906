import type { ServerResponse } from 'node:http'
import type { Answer, Handled } from './answer.ts'
import { bodyOf, type Call, deleteBodyOf } from './call.ts'
import type { Cluster } from './cluster.ts'
import { draftOf } from './draft.ts'
import { methodNotAllowed, noSuchPath } from './failure.ts'
import { pageOf, renderList } from './list.ts'
import { objectAnswer, writeOptionsOf } from './object-answer.ts'
import { type DeleteOptions, remove } from './remove.ts'
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
  return wanted === 'true' || wanted === '1'
}

function list(cluster: Cluster, { type, namespace }: Target, { query, accept }: Call): Answer {
  const selection = selectionOf(type, { namespace, name: undefined, query })
  return { json: renderList(type, pageOf(cluster, type, selection, query), accept, query) }
}

export function watch(
  cluster: Cluster,
  { type, namespace, name }: Target,
  { query, accept }: Call,
  response: ServerResponse,
): undefined {
  const selection = selectionOf(type, { namespace, name, query })
  new Watch(cluster, { type, selection, query, accept }, response).start()
}

function createOne(cluster: Cluster, { type, namespace }: Target, call: Call): Answer {
  if (type.namespaced && namespace === undefined) throw noSuchPath()
  const options = writeOptionsOf(call)
  const written = create(cluster, type, namespace, draftOf(type, bodyOf(call)), options)
  return objectAnswer(type, written.entry, call, { code: 201, warnings: options.warnings })
}

function deleteAll(cluster: Cluster, { type, namespace }: Target, call: Call): Answer {
  const selection = selectionOf(type, { namespace, name: undefined, query: call.query })
  const page = pageOf(cluster, type, selection, call.query)
  const options = deleteBodyOf(call) as DeleteOptions
  const { dryRun } = writeOptionsOf(call)
  for (const { key } of page.entries) remove(cluster, type, key, options, dryRun)
  return { json: renderList(type, page, 'application/json', call.query) }
}
