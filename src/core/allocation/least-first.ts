/** A binary heap of numbers, be they bigints or not: adding one and removing the least cost O(log n). */
export class LeastFirst {
  readonly #items: (number | bigint)[] = []

  get least(): number | bigint | undefined {
    return this.#items[0]
  }

  /** All of them, the least first; they stay. Each costs as many comparisons as were given before it. */
  *inOrder(): Iterable<number | bigint> {
    const items = this.#items
    const heads = items.length > 0 ? [0] : []
    while (heads.length > 0) {
      const least = heads.reduce((best, at) => ((items[at] as number) < (items[best] as number) ? at : best))
      yield items[least] as number | bigint
      const below = [2 * least + 1, 2 * least + 2].filter((at) => at < items.length)
      heads.splice(heads.indexOf(least), 1, ...below)
    }
  }

  add(item: number | bigint): void {
    const items = this.#items
    let at = items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((items[parent] as number | bigint) <= item) break
      items[at] = items[parent] as number | bigint
      at = parent
    }
    items[at] = item
  }

  removeLeast(): void {
    const last = this.#items.pop()
    if (last !== undefined && this.#items.length > 0) this.#sink(last)
  }

  /** Puts the item where the least one was, and lets it sink until nothing below it is less. */
  #sink(item: number | bigint): void {
    const items = this.#items
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const child =
        right < items.length && (items[right] as number | bigint) < (items[left] as number | bigint)
          ? right
          : left
      if (child >= items.length || (items[child] as number | bigint) >= item) break
      items[at] = items[child] as number | bigint
      at = child
    }
    items[at] = item
  }
}
