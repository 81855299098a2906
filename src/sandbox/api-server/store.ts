import type { KubeObject } from './object.ts'
import { type Change, type Entry, entryOf, Shelf } from './shelf.ts'
import { StateFile, type StateRecord } from './state-file.ts'

interface StoreOptions {
  readonly path: string
  readonly historySize: number
  /** The file is rewritten at start once it holds this many changes, and meanwhile at ten times as many. */
  readonly compactAfter: number
}

/** Every object of the cluster under one counter of revisions, on disk before anyone hears of it. */
export class Store {
  readonly #options: StoreOptions
  readonly #file: StateFile
  readonly #shelves = new Map<string, Shelf>()
  readonly #listeners = new Set<(shelf: Shelf, change: Change) => void>()
  #revision = 0
  #forgotten = 0
  /** Changes that the file tells one by one. */
  #unsettled = 0

  constructor(options: StoreOptions) {
    this.#options = options
    this.#file = new StateFile(options.path)
    this.#recover()
  }

  get revision(): number {
    return this.#revision
  }

  get shelves(): ReadonlyMap<string, Shelf> {
    return this.#shelves
  }

  shelf(name: string): Shelf {
    const known = this.#shelves.get(name)
    if (known !== undefined) return known
    const shelf = new Shelf(name, this.#options.historySize, this.#forgotten)
    this.#shelves.set(name, shelf)
    return shelf
  }

  /** Calls back for every change on every shelf, after those who watch that shelf. */
  listen(listener: (shelf: Shelf, change: Change) => void): void {
    this.#listeners.add(listener)
  }

  /** Stores a draft as the next version of the object; the draft becomes the store's and must not be changed again. */
  put(shelf: Shelf, key: string, draft: KubeObject): Entry {
    return this.#commit(shelf, key, draft, false)
  }

  /**
   * Takes an object away. Whoever watches is told what was stored last, and the answer is what the object was as it
   * went; both are of the revision of the deletion.
   */
  delete(shelf: Shelf, key: string, last: KubeObject): Entry {
    const stored = shelf.entryOf(key)?.object ?? last
    const { revision } = this.#commit(shelf, key, { ...stored, metadata: { ...stored.metadata } }, true)
    return entryOf(
      key,
      { ...last, metadata: { ...last.metadata, resourceVersion: String(revision) } },
      revision,
    )
  }

  close(): void {
    this.#file.close()
  }

  #commit(shelf: Shelf, key: string, draft: KubeObject, deleted: boolean): Entry {
    const revision = this.#revision + 1
    draft.metadata.resourceVersion = String(revision)
    const record: StateRecord = { revision, shelf: shelf.name, key, object: draft, deleted }
    this.#file.append(JSON.stringify(record))
    this.#revision = revision
    const entry = entryOf(key, draft, revision)
    const change = changeOf(entry, shelf.entryOf(key), deleted)
    shelf.apply(change)
    for (const listener of this.#listeners) listener(shelf, change)
    if (++this.#unsettled > this.#options.compactAfter * 10) this.#compact()
    return entry
  }

  #recover(): void {
    const { revision, snapshot, changes } = this.#file.read()
    this.#revision = revision
    this.#forgotten = revision
    for (const record of snapshot) this.shelf(record.shelf).restore(this.#entryIn(record))
    for (const record of changes) {
      const shelf = this.shelf(record.shelf)
      shelf.apply(changeOf(this.#entryIn(record), shelf.entryOf(record.key), record.deleted === true))
      this.#revision = record.revision
    }
    this.#unsettled = changes.length
    if (revision === 0 || changes.length > this.#options.compactAfter) this.#compact()
  }

  #entryIn(record: StateRecord): Entry {
    return entryOf(record.key, record.object, Number(record.object.metadata.resourceVersion))
  }

  #compact(): void {
    const records: StateRecord[] = []
    for (const shelf of this.#shelves.values()) {
      for (const { key, object, revision } of shelf.items.values()) {
        records.push({ revision, shelf: shelf.name, key, object })
      }
    }
    this.#file.replace(this.#revision, records)
    this.#unsettled = 0
  }
}

function changeOf(entry: Entry, previous: Entry | undefined, deleted: boolean): Change {
  if (deleted) return { type: 'DELETED', entry, previous }
  return { type: previous === undefined ? 'ADDED' : 'MODIFIED', entry, previous }
}
