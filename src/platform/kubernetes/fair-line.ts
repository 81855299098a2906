/**
 * What waits, each thing at most once. It is taken group by group in turn, and in each group first come, first served:
 * a group in which thousands wait delays the only one of another by one turn.
 */
export class FairLine<T> {
  readonly #groupOf: (item: T) => string
  /** The group whose turn it is comes first. */
  readonly #groups = new Map<string, Queue<T>>()
  #size = 0

  constructor(groupOf: (item: T) => string) {
    this.#groupOf = groupOf
  }

  get size(): number {
    return this.#size
  }

  has(item: T): boolean {
    return this.#groups.get(this.#groupOf(item))?.members.has(item) ?? false
  }

  add(item: T): void {
    if (this.has(item)) return
    const group = this.#groupOf(item)
    const queue = this.#groups.get(group) ?? new Queue()
    this.#groups.set(group, queue)
    queue.add(item)
    this.#size++
  }

  /** Takes the next one that may go now; undefined when none may. */
  take(mayGo: (item: T) => boolean): T | undefined {
    for (const [group, queue] of this.#groups) {
      const item = queue.take(mayGo)
      if (item === undefined) continue
      this.#size--
      this.#groups.delete(group)
      if (queue.members.size > 0) this.#groups.set(group, queue)
      return item
    }
    return undefined
  }

  clear(): void {
    this.#groups.clear()
    this.#size = 0
  }
}

/** First come, first served. Taking the first of a Set instead gets slower with each one that was taken before. */
class Queue<T> {
  readonly members = new Set<T>()
  #items: T[] = []
  /** Where the first one is. */
  #head = 0

  add(item: T): void {
    this.members.add(item)
    this.#items.push(item)
  }

  take(mayGo: (item: T) => boolean): T | undefined {
    for (let at = this.#head; at < this.#items.length; at++) {
      const item = this.#items[at] as T
      if (!mayGo(item)) continue
      this.members.delete(item)
      // The few that may not go now step back by one.
      this.#items.copyWithin(this.#head + 1, this.#head, at)
      this.#head++
      if (this.#head * 2 > this.#items.length) this.#forgetTaken()
      return item
    }
    return undefined
  }

  #forgetTaken(): void {
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }
}
