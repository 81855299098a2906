import { randomUUID } from 'node:crypto'
import { admit, type Part } from './admit.ts'
import type { Cluster } from './cluster.ts'
import { checkStays } from './definition-end.ts'
import { randomSuffix, type Strictness } from './draft.ts'
import { alreadyExists, badRequest, Failure, forbiddenRequest, invalid, notFound, stale } from './failure.ts'
import { nothingOfKind } from './managed/schema.ts'
import { trackUpdate } from './managed/track.ts'
import { equal, isObject, keyOf, type KubeObject, type ObjectMeta, timestamp, valueAt } from './object.ts'
import { isNamespaceType, type ResourceType } from './resource-type.ts'
import { type Entry, entryOf } from './shelf.ts'
import { uidConflict } from './storage-error.ts'
import { mergedWith } from './write-merge.ts'

export interface WriteOptions extends Strictness {
  readonly dryRun: boolean
  /** In whose name fields are written. */
  readonly manager: string
  /** Who owns which field is settled already, as it is when they are applied. */
  readonly isTracked?: boolean
}

/** What a write came to; an update that changes nothing keeps its revision. */
export interface Written {
  readonly entry: Entry
  readonly changed: boolean
}

const anotherNamespace =
  'the namespace of the provided object does not match the namespace sent on the request'

/** Stores a new object. */
export function create(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  draft: KubeObject,
  options: WriteOptions,
): Written {
  const { metadata } = draft
  checkStays(cluster, type, metadata.name ?? '')
  settleNamespace(type, metadata, namespace)
  checkNamespace(cluster, type, draft)
  if (metadata.resourceVersion) {
    throw new Failure(500, '', 'resourceVersion should not be set on objects to be created')
  }
  makeNew(type, draft)
  track(type, draft, undefined, options)
  const key = keyOf(metadata.namespace, metadata.name ?? '')
  const shelf = cluster.store.shelf(type.shelf)
  admit(cluster, type, draft, undefined, { part: 'main', options })
  checkFree(type, metadata.name ?? '', shelf.entryOf(key))
  return save(cluster, type, key, draft, options)
}

/** What only the server says of a new object. */
function makeNew(type: ResourceType, draft: KubeObject): void {
  const { metadata } = draft
  if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + randomSuffix()
  for (const field of ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    delete metadata[field]
  }
  metadata.uid = randomUUID()
  metadata.creationTimestamp = timestamp()
  if (type.generation) metadata.generation = 1
  else delete metadata.generation
  if (type.subresources.includes('status') && !type.statusOnCreate) clearStatus(type, draft)
}

/** A built-in kind has its status even before anybody says anything about it. */
function clearStatus(type: ResourceType, draft: KubeObject): void {
  const status = valueAt(nothingOfKind(type), ['status'])
  if (isObject(status)) draft.status = status
  else delete draft.status
}

function checkFree(type: ResourceType, name: string, taken: Entry | undefined): void {
  if (taken === undefined) return
  const failure = alreadyExists(type, name)
  if (taken.object.metadata.deletionTimestamp === undefined) throw failure
  throw new Failure(
    failure.code,
    failure.reason,
    `object is being deleted: ${failure.message}`,
    failure.details,
  )
}

function settleNamespace(type: ResourceType, metadata: ObjectMeta, namespace: string | undefined): void {
  if (!type.namespaced) delete metadata.namespace
  else if (metadata.namespace === undefined || metadata.namespace === '') metadata.namespace = namespace ?? ''
  else if (metadata.namespace !== namespace) throw badRequest(anotherNamespace)
}

function checkNamespace(cluster: Cluster, type: ResourceType, draft: KubeObject): void {
  const { namespace, name = '' } = draft.metadata
  if (namespace === undefined) return
  const namespaces = cluster.registry.find('', 'v1', 'namespaces')
  const entry = cluster.store.shelf('namespaces').entryOf(namespace)
  if (namespaces !== undefined && entry === undefined) throw notFound(namespaces, namespace)
  if (entry?.object.metadata.deletionTimestamp !== undefined) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    const causes = [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ]
    throw forbiddenRequest(type, name, why, causes)
  }
}

interface Place {
  readonly key: string
  readonly name: string
  readonly part: Part
  readonly subresource?: string | undefined
  /** A replacement says which object it means by its uid; a patch may not change it. */
  readonly replaces: boolean
}

/** Replaces an object but for its status (where that is a subresource), or its status alone. */
export function update(
  cluster: Cluster,
  type: ResourceType,
  { key, name, part, replaces, subresource }: Place,
  draft: KubeObject,
  options: WriteOptions,
): Written {
  const current = cluster.store.shelf(type.shelf).entryOf(key)
  if (current === undefined) throw notFound(type, name)
  const old = current.object
  checkIdentity(type, draft, old, name)
  if (replaces) checkUid(type, draft, old, key)
  checkVersion(type, draft, old)
  track(type, draft, old, options, subresource)
  const next = mergedWith(type, draft, old, part)
  admit(cluster, type, next, old, { part, options })
  if (part !== 'status' && type.generation) next.metadata.generation = generationOf(type, next, old)
  if (equal(next, old)) return { entry: current, changed: false }
  return isLeaving(next) ? finish(cluster, type, key, next, options) : save(cluster, type, key, next, options)
}

function track(
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
  { manager, isTracked }: WriteOptions,
  subresource?: string,
): void {
  if (isTracked !== true) trackUpdate(type, draft, old, { manager, subresource })
}

function checkIdentity(type: ResourceType, { metadata }: KubeObject, old: KubeObject, name: string): void {
  if (type.namespaced && metadata.namespace && metadata.namespace !== old.metadata.namespace) {
    throw badRequest(anotherNamespace)
  }
  checkName(metadata, name)
}

/** A body must say the name that its path says. */
export function checkName({ name: sent }: ObjectMeta, name: string): void {
  if (!sent) {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    )
  }
  if (sent !== name) {
    throw badRequest(`the name of the object (${sent}) does not match the name on the URL (${name})`)
  }
}

function checkUid(type: ResourceType, { metadata }: KubeObject, old: KubeObject, key: string): void {
  const { uid } = metadata
  if (!uid || uid === old.metadata.uid) return
  throw uidConflict(type, key, uid, old.metadata.uid ?? '')
}

function checkVersion(type: ResourceType, { metadata }: KubeObject, old: KubeObject): void {
  const { resourceVersion, name = '' } = metadata
  if (!resourceVersion) {
    if (!type.versionedUpdates) return
    const message = 'Invalid value: 0: must be specified for an update'
    throw invalid({ ...type, kind: type.plural }, name, [
      { field: 'metadata.resourceVersion', reason: 'FieldValueInvalid', message },
    ])
  }
  if (!/^\d+$/.test(resourceVersion)) {
    throw new Failure(
      500,
      '',
      `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    )
  }
  if (resourceVersion !== old.metadata.resourceVersion) throw stale(type, name)
}

function generationOf(type: ResourceType, draft: KubeObject, old: KubeObject): number {
  const generation = old.metadata.generation ?? 1
  return equal(countedPart(type, draft), countedPart(type, old)) ? generation : generation + 1
}

function countedPart(type: ResourceType, object: KubeObject): unknown {
  if (!type.custom && object.spec !== undefined) {
    // Where a Pod runs is decided for it.
    const { nodeName: _, ...spec } = object.spec
    return type.kind === 'Pod' ? spec : object.spec
  }
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
  cluster.store.delete(cluster.store.shelf(type.shelf), key, draft)
  // Who asked sees the version that it was; only watchers are told the one at which it went.
  return { entry: entryOf(key, draft, Number(draft.metadata.resourceVersion)), changed: true }
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
