import { randomUUID } from 'node:crypto'
import { admit, type Admission } from './admit.ts'
import type { Cluster } from './cluster.ts'
import { nameDraft } from './draft.ts'
import {
  alreadyExists,
  conflict,
  forbiddenRequest,
  invalid,
  invalidValue,
  notFound,
  stale,
} from './failure.ts'
import { copyOf, equal, keyOf, type KubeObject, timestamp } from './object.ts'
import { isNamespaceType, type ResourceType } from './resource-type.ts'
import { type Entry, entryOf } from './shelf.ts'

export interface WriteOptions extends Admission {
  readonly dryRun: boolean
}

/** What a write came to; an update that changes nothing keeps its revision. */
export interface Written {
  readonly entry: Entry
  readonly changed: boolean
}

/** Stores a new object. */
export function create(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  draft: KubeObject,
  options: WriteOptions,
): Written {
  const name = nameDraft(type, draft, namespace)
  const key = keyOf(draft.metadata.namespace, name)
  const shelf = cluster.store.shelf(type.shelf)
  checkNamespace(cluster, type, draft)
  if (shelf.entryOf(key) !== undefined) throw alreadyExists(type, name)
  const { metadata } = draft
  metadata.uid = randomUUID()
  metadata.creationTimestamp = timestamp()
  delete metadata.resourceVersion
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  if (type.generation) metadata.generation = 1
  else delete metadata.generation
  if (type.subresources.includes('status') && !type.statusOnCreate) delete draft.status
  admit(cluster, type, draft, undefined, options)
  return save(cluster, type, key, draft, options)
}

function checkNamespace(cluster: Cluster, type: ResourceType, draft: KubeObject): void {
  const { namespace, name = '' } = draft.metadata
  if (namespace === undefined) return
  const namespaces = cluster.registry.find('', 'v1', 'namespaces')
  const entry = cluster.store.shelf('namespaces').entryOf(namespace)
  if (namespaces !== undefined && entry === undefined) throw notFound(namespaces, namespace)
  if (entry?.object.metadata.deletionTimestamp !== undefined) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    throw forbiddenRequest(type, name, why)
  }
}

/** Replaces an object but for its status (where that is a subresource), or its status alone. */
export function update(
  cluster: Cluster,
  type: ResourceType,
  key: string,
  draft: KubeObject,
  options: WriteOptions,
  part: 'main' | 'status' = 'main',
): Written {
  const current = cluster.store.shelf(type.shelf).entryOf(key)
  if (current === undefined) throw notFound(type, draft.metadata.name ?? key)
  const old = current.object
  checkPreconditions(type, draft, old)
  const next = merged(type, draft, old, part)
  admit(cluster, type, next, old, options)
  if (part === 'main' && type.generation) next.metadata.generation = generationOf(type, next, old)
  if (equal(next, old)) return { entry: current, changed: false }
  return isLeaving(next) ? finish(cluster, type, key, next, options) : save(cluster, type, key, next, options)
}

function merged(type: ResourceType, draft: KubeObject, old: KubeObject, part: 'main' | 'status'): KubeObject {
  const next = part === 'status' ? copyOf(old) : keepIdentity(draft, old)
  const { managedFields } = draft.metadata
  if (part === 'status' && managedFields !== undefined) next.metadata.managedFields = managedFields
  if (type.subresources.includes('status')) takeStatus(next, part === 'status' ? draft : old)
  return next
}

function checkPreconditions(type: ResourceType, draft: KubeObject, old: KubeObject): void {
  const { resourceVersion, uid, name = '' } = draft.metadata
  if (!resourceVersion && type.versionedUpdates) {
    throw invalid(type, name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ])
  }
  if (uid && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`
    throw conflict(type, name, why)
  }
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw stale(type, name)
}

/** What a user cannot change about an object stays as it is. */
function keepIdentity(draft: KubeObject, old: KubeObject): KubeObject {
  const { metadata } = draft
  const kept = ['name', 'namespace', 'uid', 'creationTimestamp', 'generateName', 'generation'] as const
  const leaving = ['deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion'] as const
  const { managedFields } = old.metadata
  const identity: Record<string, unknown> = { ...(managedFields && { managedFields }), ...metadata }
  for (const field of [...kept, ...leaving]) {
    if (old.metadata[field] === undefined) delete identity[field]
    else identity[field] = old.metadata[field]
  }
  return { ...draft, metadata: identity }
}

function takeStatus(draft: KubeObject, source: KubeObject): void {
  if (source.status === undefined) delete draft.status
  else draft.status = copyOf(source.status)
}

function generationOf(type: ResourceType, draft: KubeObject, old: KubeObject): number {
  const generation = old.metadata.generation ?? 1
  return equal(countedPart(type, draft), countedPart(type, old)) ? generation : generation + 1
}

function countedPart(type: ResourceType, object: KubeObject): unknown {
  if (!type.custom) return object.spec
  const { metadata: _, status, ...rest } = object
  return type.subresources.includes('status') ? rest : { ...rest, status }
}

function isLeaving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0
}

/** The last finalizer went: so does the object, unless something else still has to end, as a Pod's containers. */
function finish(
  cluster: Cluster,
  type: ResourceType,
  key: string,
  draft: KubeObject,
  options: WriteOptions,
): Written {
  const waits = isNamespaceType(type) || (draft.metadata.deletionGracePeriodSeconds ?? 0) > 0
  if (waits || options.dryRun) return save(cluster, type, key, draft, options)
  return { entry: cluster.store.delete(cluster.store.shelf(type.shelf), key, draft), changed: true }
}

function save(
  cluster: Cluster,
  type: ResourceType,
  key: string,
  draft: KubeObject,
  options: WriteOptions,
): Written {
  if (options.dryRun) return { entry: entryOf(key, draft, cluster.store.revision), changed: false }
  return { entry: cluster.store.put(cluster.store.shelf(type.shelf), key, draft), changed: true }
}
