import type { Known } from './object.ts'

/** One difference between what was known and what is. */
export type Change<T> =
  | { readonly kind: 'added'; readonly object: T }
  | { readonly kind: 'changed'; readonly object: T; readonly before: T }
  | { readonly kind: 'removed'; readonly object: T }

/**
 * What is known of a collection, and the changes that bring it up to date. An object that came back under its name with
 * another uid is another object: it is removed and added, never changed.
 */
export class ReflectedStore<T extends Known> {
  readonly objects = new Map<string, T>()
  readonly #tell: (change: Change<T>) => void

  constructor(tell: (change: Change<T>) => void) {
    this.#tell = tell
  }

  set(object: T): void {
    const before = this.objects.get(object.key)
    if (before?.uid === object.uid) return this.#change(object, before)
    if (before) this.remove(before.key)
    this.objects.set(object.key, object)
    this.#tell({ kind: 'added', object })
  }

  remove(key: string): void {
    const object = this.objects.get(key)
    if (!object) return
    this.objects.delete(key)
    this.#tell({ kind: 'removed', object })
  }

  /** Makes the store what a whole list says: first what is gone, then what is new or changed. */
  replace(listed: ReadonlyMap<string, T>): void {
    for (const key of this.objects.keys()) {
      if (!listed.has(key)) this.remove(key)
    }
    for (const object of listed.values()) this.set(object)
  }

  #change(object: T, before: T): void {
    if (object.resourceVersion === before.resourceVersion) return
    this.objects.set(object.key, object)
    this.#tell({ kind: 'changed', object, before })
  }
}
