import { expired } from './failure.ts'
import type { KubeObject } from './object.ts'

/** One version of one object. `body` is its JSON without apiVersion and kind, written once and sent many times. */
export interface Entry {
  readonly key: string
  readonly object: KubeObject
  readonly body: string
  readonly revision: number
}

export function entryOf(key: string, object: KubeObject, revision: number): Entry {
  const { apiVersion: _, kind: __, ...body } = object
  return { key, object, body: JSON.stringify(body), revision }
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly entry: Entry
  readonly previous: Entry | undefined
}

/** All objects of one resource, and the changes that lately brought them to where they are. */
export class Shelf {
  readonly name: string
  readonly #historySize: number
  readonly #items = new Map<string, Entry>()
  readonly #listeners = new Set<(change: Change) => void>()
  #history: Change[] = []
  #forgotten: number

  /** Of changes up to `forgotten` nothing is known any more. */
  constructor(name: string, historySize: number, forgotten: number) {
    this.name = name
    this.#historySize = historySize
    this.#forgotten = forgotten
  }

  get items(): ReadonlyMap<string, Entry> {
    return this.#items
  }

  entryOf(key: string): Entry | undefined {
    return this.#items.get(key)
  }

  /** Puts an entry of a snapshot in its place without telling anybody. */
  restore(entry: Entry): void {
    this.#items.set(entry.key, entry)
  }

  apply(change: Change): void {
    if (change.type === 'DELETED') this.#items.delete(change.entry.key)
    else this.#items.set(change.entry.key, change.entry)
    this.#history.push(change)
    // Cut in large steps: a shift for each change would move the whole array every time.
    if (this.#history.length > this.#historySize * 1.25) this.#forget()
    for (const listener of this.#listeners) listener(change)
  }

  /** Changes after a revision, oldest first; refuses a revision whose successors may be forgotten. */
  changesAfter(revision: number): readonly Change[] {
    if (revision < this.#forgotten) {
      throw expired(`too old resource version: ${revision} (${this.#forgotten})`)
    }
    let low = 0
    let high = this.#history.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#history[middle]?.entry.revision ?? 0) > revision) high = middle
      else low = middle + 1
    }
    return this.#history.slice(low)
  }

  /** All objects as they were at a revision. */
  itemsAt(revision: number): ReadonlyMap<string, Entry> {
    const changes = this.changesAfter(revision)
    if (changes.length === 0) return this.#items
    const items = new Map(this.#items)
    for (const { entry, previous } of changes.toReversed()) {
      if (previous === undefined) items.delete(entry.key)
      else items.set(entry.key, previous)
    }
    return items
  }

  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #forget(): void {
    const dropped = this.#history.splice(0, this.#history.length - this.#historySize)
    this.#forgotten = dropped.at(-1)?.entry.revision ?? this.#forgotten
  }
}
