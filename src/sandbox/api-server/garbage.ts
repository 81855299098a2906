import type { Cluster } from './cluster.ts'
import { trackUpdate } from './managed/track.ts'
import { remainderOf, withReasons } from './namespace-end.ts'
import { equal, keyOf, type KubeObject } from './object.ts'
import { remove } from './remove.ts'
import type { ResourceType } from './resource-type.ts'
import type { Change, Entry, Shelf } from './shelf.ts'

/** Where an object stands, for those that know it by its uid only. */
interface Standing {
  readonly shelf: Shelf
  readonly key: string
}

/**
 * Removes what lost its owner, and what is in a namespace that goes. It works after the request that made it due, as
 * the controllers of a real cluster do.
 */
export class Garbage {
  readonly #cluster: Cluster
  readonly #standing = new Map<string, Standing>()
  readonly #dependents = new Map<string, Set<string>>()
  readonly #due = new Set<() => void>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    for (const shelf of cluster.store.shelves.values()) {
      for (const entry of shelf.items.values()) this.#learn(shelf, entry)
    }
    for (const shelf of cluster.store.shelves.values()) {
      for (const entry of shelf.items.values()) this.#consider(shelf, entry)
    }
    cluster.store.listen((shelf, change) => this.#follow(shelf, change))
  }

  #follow(shelf: Shelf, { type, entry, previous }: Change): void {
    if (previous !== undefined) this.#unlearn(previous)
    if (type === 'DELETED') return this.#afterDeletion(entry)
    this.#learn(shelf, entry)
    this.#consider(shelf, entry)
  }

  #afterDeletion({ object: { metadata } }: Entry): void {
    const { uid = '', namespace } = metadata
    for (const dependent of this.#dependents.get(uid) ?? []) this.#later(() => this.#collect(dependent))
    for (const { uid: owner } of metadata.ownerReferences ?? []) this.#later(() => this.#release(owner))
    if (namespace !== undefined) this.#later(() => this.#endNamespace(namespace))
  }

  #learn(shelf: Shelf, { key, object: { metadata } }: Entry): void {
    const { uid = '' } = metadata
    this.#standing.set(uid, { shelf, key })
    for (const owner of metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set<string>()
      this.#dependents.set(owner.uid, dependents.add(uid))
    }
  }

  #unlearn({ object: { metadata } }: Entry): void {
    const { uid = '' } = metadata
    this.#standing.delete(uid)
    for (const owner of metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid)
      dependents?.delete(uid)
      if (dependents?.size === 0) this.#dependents.delete(owner.uid)
    }
  }

  /** What a version of an object makes due. */
  #consider(shelf: Shelf, { key, object: { metadata } }: Entry): void {
    const { uid = '', ownerReferences = [], finalizers = [] } = metadata
    if (ownerReferences.length > 0) this.#later(() => this.#collect(uid))
    if (metadata.deletionTimestamp === undefined) return
    if (shelf.name === 'namespaces') this.#later(() => this.#emptyNamespace(key))
    if (finalizers.includes('orphan')) this.#later(() => this.#orphan(uid))
    if (finalizers.includes('foregroundDeletion')) this.#later(() => this.#release(uid))
  }

  #later(work: () => void): void {
    if (this.#due.size === 0) setImmediate(() => this.#workOff())
    this.#due.add(work)
  }

  #workOff(): void {
    const due = [...this.#due]
    this.#due.clear()
    for (const work of due) work()
  }

  #find(
    uid: string,
  ): { readonly type: ResourceType; readonly entry: Entry; readonly shelf: Shelf } | undefined {
    const standing = this.#standing.get(uid)
    const entry = standing?.shelf.entryOf(standing.key)
    const type = standing === undefined ? undefined : this.#cluster.registry.ofShelf(standing.shelf.name)
    if (standing === undefined || entry === undefined || type === undefined) return undefined
    return { type, entry, shelf: standing.shelf }
  }

  /** Removes an object none of whose owners is there any more. */
  #collect(uid: string): void {
    const found = this.#find(uid)
    const owners = found?.entry.object.metadata.ownerReferences ?? []
    if (found === undefined || owners.length === 0) return
    if (owners.every((owner) => !this.#standing.has(owner.uid))) {
      remove(this.#cluster, found.type, found.entry.key, { propagationPolicy: 'Background' })
    }
  }

  /** An owner deleted in the foreground takes its dependents along, and waits for those that say so. */
  #release(uid: string): void {
    const found = this.#find(uid)
    const finalizers = found?.entry.object.metadata.finalizers ?? []
    if (found === undefined || !finalizers.includes('foregroundDeletion')) return
    const dependents = [...(this.#dependents.get(uid) ?? [])]
    const isHeld = dependents.some((one) => this.#blocks(one, uid))
    for (const dependent of dependents) {
      const one = this.#find(dependent)
      const propagationPolicy = this.#dependents.has(dependent) ? 'Foreground' : 'Background'
      if (one !== undefined) remove(this.#cluster, one.type, one.entry.key, { propagationPolicy })
    }
    if (!isHeld) this.#dropFinalizer(found.shelf, found.entry, 'foregroundDeletion')
  }

  #blocks(dependent: string, owner: string): boolean {
    const owners = this.#find(dependent)?.entry.object.metadata.ownerReferences ?? []
    return owners.some(({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true)
  }

  #orphan(uid: string): void {
    for (const dependent of this.#dependents.get(uid) ?? []) {
      const one = this.#find(dependent)
      if (one === undefined) continue
      const { metadata } = one.entry.object
      const { ownerReferences: owners = [], ...rest } = metadata
      const ownerReferences = owners.filter((owner) => owner.uid !== uid)
      const kept = ownerReferences.length > 0 ? { ...rest, ownerReferences } : rest
      this.#put(one.shelf, one.entry, { ...one.entry.object, metadata: kept })
    }
    const found = this.#find(uid)
    if (found !== undefined) this.#dropFinalizer(found.shelf, found.entry, 'orphan')
  }

  #dropFinalizer(shelf: Shelf, entry: Entry, name: string): void {
    const { metadata } = entry.object
    const finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== name)
    if (finalizers.length > 0)
      this.#put(shelf, entry, { ...entry.object, metadata: { ...metadata, finalizers } })
    else
      this.#cluster.store.delete(shelf, entry.key, { ...entry.object, metadata: { ...metadata, finalizers } })
  }

  #put(shelf: Shelf, entry: Entry, changed: KubeObject): void {
    const draft: KubeObject = { ...changed, metadata: { ...changed.metadata } }
    const type = this.#cluster.registry.ofShelf(shelf.name)
    const subresource = shelf.name === 'namespaces' ? 'status' : undefined
    if (type !== undefined)
      trackUpdate(type, draft, entry.object, { manager: 'kube-controller-manager', subresource })
    this.#cluster.store.put(shelf, entry.key, draft)
  }

  #emptyNamespace(namespace: string): void {
    for (const type of this.#cluster.registry.all()) {
      if (!type.namespaced || type.view !== undefined) continue
      for (const { key, object } of this.#cluster.store.shelf(type.shelf).items.values()) {
        if (object.metadata.namespace === namespace && object.metadata.deletionTimestamp === undefined) {
          remove(this.#cluster, type, key, { propagationPolicy: 'Background' })
        }
      }
    }
    this.#endNamespace(namespace)
  }

  #endNamespace(namespace: string): void {
    const shelf = this.#cluster.store.shelf('namespaces')
    const entry = shelf.entryOf(keyOf(undefined, namespace))
    if (entry?.object.metadata.deletionTimestamp === undefined) return
    if ((entry.object.metadata.finalizers ?? []).length > 0) return
    const remainder = remainderOf(this.#cluster, namespace)
    if (remainder.resources.size > 0) {
      const draft = withReasons(entry.object, remainder)
      if (!equal(draft, entry.object)) this.#put(shelf, entry, draft)
      return
    }
    this.#cluster.store.delete(shelf, namespace, { ...entry.object, metadata: { ...entry.object.metadata } })
  }
}
