import type { Known } from '../../platform/kubernetes/object.ts'

/**
 * The newest version of each object that is known, be it from a watch or from the answer to a write of ours, which is
 * often there first.
 */
export class Latest<T extends Known> {
  readonly #records = new Map<string, T>()

  get records(): ReadonlyMap<string, T> {
    return this.#records
  }

  get(key: string): T | undefined {
    return this.#records.get(key)
  }

  /** Takes what a watch says; false for a version that is older than what is known, or the same. */
  set(record: T): boolean {
    const known = this.#records.get(record.key)
    if (known?.uid === record.uid && !isNewer(record.resourceVersion, known.resourceVersion)) return false
    this.#records.set(record.key, record)
    return true
  }

  /** Takes the answer to a write. An object that a watch has removed meanwhile stays removed. */
  amend(record: T): void {
    if (this.#records.get(record.key)?.uid === record.uid) this.set(record)
  }

  remove(record: T): void {
    if (this.#records.get(record.key)?.uid === record.uid) this.#records.delete(record.key)
  }
}

/** Versions that are no numbers cannot be compared: then what comes later is newer. */
function isNewer(version: string, than: string): boolean {
  if (version === than) return false
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return true
  return version.length === than.length ? version > than : version.length > than.length
}
