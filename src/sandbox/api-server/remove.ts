import type { Cluster } from './cluster.ts'
import { definitionShelf, markedDefinition } from './definition-end.ts'
import { conflict, type Failure, forbiddenRequest, notFound } from './failure.ts'
import { equal, type KubeObject, timestamp } from './object.ts'
import { textAt } from './table/read.ts'
import { isNamespaceType, type ResourceType } from './resource-type.ts'
import type { Entry, Shelf } from './shelf.ts'

/** The body of a DELETE. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: string
  readonly orphanDependents?: boolean
  readonly dryRun?: readonly string[]
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

/** What became of the object: it went, or it stays until something is done. */
export interface Removed {
  readonly entry: Entry
  /** What it was; the same as what it is where it stays. */
  readonly before: Entry
  readonly gone: boolean
}

const keptNamespaces = ['default', 'kube-system', 'kube-public']

/** Takes an object away at once, or marks it for those who have to do something first. */
export function remove(cluster: Cluster, type: ResourceType, key: string, options: DeleteOptions): Removed {
  const shelf = cluster.store.shelf(type.shelf)
  const entry = shelf.entryOf(key)
  if (entry === undefined) throw notFound(type, key.slice(key.indexOf('/') + 1))
  checkPreconditions(type, entry, options)
  if (isNamespaceType(type) && keptNamespaces.includes(key)) {
    throw forbiddenRequest(type, key, 'this namespace may not be deleted')
  }
  if (type.shelf === definitionShelf && entry.object.metadata.deletionTimestamp === undefined)
    return endDefinition(cluster, shelf, entry, options)
  return removeOrMark(cluster, type, entry, options)
}

function removeOrMark(cluster: Cluster, type: ResourceType, entry: Entry, options: DeleteOptions): Removed {
  const shelf = cluster.store.shelf(type.shelf)
  const grace = graceOf(type, entry.object, options)
  const finalizers = finalizersOf(entry.object, options)
  const stays = finalizers.length > 0 || grace > 0 || isNamespaceType(type)
  if ((options.dryRun ?? []).length > 0) return { entry, before: entry, gone: !stays }
  if (!stays) return { entry: deleted(cluster, type, shelf, entry), before: entry, gone: true }
  const marked = markedForDeletion(type, entry.object, finalizers, grace)
  if (marked === undefined) return { entry, before: entry, gone: false }
  const put = cluster.store.put(shelf, entry.key, marked)
  return { entry: put, before: put, gone: false }
}

/** A definition goes when the last object of its kind does. */
function endDefinition(
  cluster: Cluster,
  shelf: Shelf,
  entry: Entry,
  { dryRun = [] }: DeleteOptions,
): Removed {
  if (dryRun.length > 0) return { entry, before: entry, gone: false }
  const put = cluster.store.put(shelf, entry.key, markedDefinition(entry.object))
  return { entry: put, before: put, gone: false }
}

/** A Pod that has nothing to end goes as one that was given no time. */
function deleted(cluster: Cluster, type: ResourceType, shelf: Shelf, { key, object }: Entry): Entry {
  const last = type.kind === 'Pod' ? markedForDeletion(type, object, [], 0) : object
  return cluster.store.delete(shelf, key, last ?? object)
}

function checkPreconditions(
  type: ResourceType,
  { object }: Entry,
  { preconditions = {} }: DeleteOptions,
): void {
  const { uid, resourceVersion, name = '' } = object.metadata
  const byKind = { ...type, plural: type.kind }
  const mismatch = (what: string, wanted: string, found: string | undefined, end: string): Failure =>
    conflict(
      byKind,
      name,
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${end}`,
    )
  if (preconditions.uid !== undefined && preconditions.uid !== uid) {
    throw mismatch('UID', preconditions.uid, uid, 'deleted and then recreated')
  }
  const wanted = preconditions.resourceVersion
  if (wanted !== undefined && wanted !== resourceVersion) {
    throw mismatch('ResourceVersion', wanted, resourceVersion, 'modified')
  }
}

/** Seconds that a kubelet has to stop the containers of a Pod; nothing else has to be stopped. */
function graceOf(type: ResourceType, { spec, status }: KubeObject, options: DeleteOptions): number {
  const runs = !['Succeeded', 'Failed'].includes(textAt(status, 'phase') ?? '')
  if (type.kind !== 'Pod' || spec?.['nodeName'] === undefined || !runs) return 0
  return options.gracePeriodSeconds ?? Number(spec['terminationGracePeriodSeconds'] ?? 30)
}

function finalizersOf({ metadata }: KubeObject, options: DeleteOptions): readonly string[] {
  const finalizers = (metadata.finalizers ?? []).filter(
    (name) => name !== 'orphan' && name !== 'foregroundDeletion',
  )
  const policy = options.orphanDependents === true ? 'Orphan' : options.propagationPolicy
  if (policy === 'Foreground') return [...finalizers, 'foregroundDeletion']
  if (policy === 'Orphan') return [...finalizers, 'orphan']
  return policy === undefined ? (metadata.finalizers ?? []) : finalizers
}

/** The object with its mark, or undefined where it bears that already. */
function markedForDeletion(
  type: ResourceType,
  old: KubeObject,
  finalizers: readonly string[],
  grace: number,
): KubeObject | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata
  if (deletionTimestamp !== undefined && grace >= deletionGracePeriodSeconds)
    return withFinalizers(old, finalizers)
  const marked: KubeObject = { ...old, metadata: { ...old.metadata } }
  marked.metadata.deletionTimestamp = timestamp(Date.now() + grace * 1000)
  if (!isNamespaceType(type)) marked.metadata.deletionGracePeriodSeconds = grace
  if (finalizers.length > 0) marked.metadata.finalizers = [...finalizers]
  if (old.metadata.generation !== undefined && deletionTimestamp === undefined) {
    marked.metadata.generation = old.metadata.generation + 1
  }
  if (isNamespaceType(type)) marked.status = { ...old.status, phase: 'Terminating' }
  return marked
}

/** A later deletion may say otherwise what becomes of dependents; undefined where it says the same. */
function withFinalizers(old: KubeObject, finalizers: readonly string[]): KubeObject | undefined {
  if (equal(old.metadata.finalizers ?? [], finalizers)) return undefined
  return { ...old, metadata: { ...old.metadata, finalizers: [...finalizers] } }
}

/** The answer to a DELETE after which nothing is left. */
export function removedStatus(type: ResourceType, { object }: Entry): object {
  const group = type.group === '' ? {} : { group: type.group }
  const details = { name: object.metadata.name, ...group, kind: type.plural, uid: object.metadata.uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}
