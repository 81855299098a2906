import { compareClaims } from './claim.ts'
import type { Claim } from './claim.ts'

/**
 * Claims that wait for one thing, the oldest first: a binary heap that knows where each claim stands, so that one comes
 * or goes in O(log n). A claim that was tried is set aside until `restore`.
 */
export class WaitList {
  readonly #heap: Claim[] = []
  readonly #places = new Map<string, number>()
  readonly #aside = new Map<string, Claim>()

  get size(): number {
    return this.#heap.length + this.#aside.size
  }

  /** The oldest that is not set aside. */
  get oldest(): Claim | undefined {
    return this.#heap[0]
  }

  /** Adds the claim, or takes its newer version. */
  put(claim: Claim): void {
    if (this.#aside.has(claim.key)) {
      this.#aside.set(claim.key, claim)
      return
    }
    this.#remove(claim.key)
    this.#place(claim, this.#heap.length)
    this.#rise(this.#heap.length - 1)
  }

  delete(key: string): void {
    if (!this.#aside.delete(key)) this.#remove(key)
  }

  /** Leaves the claim out of `oldest`, if it is there. */
  setAside(key: string): boolean {
    const claim = this.#remove(key)
    if (claim) this.#aside.set(key, claim)
    return claim !== undefined
  }

  restore(): void {
    const claims = [...this.#aside.values()]
    this.#aside.clear()
    for (const claim of claims) this.put(claim)
  }

  #remove(key: string): Claim | undefined {
    const at = this.#places.get(key)
    if (at === undefined) return undefined
    const claim = this.#heap[at] as Claim
    const last = this.#heap.pop() as Claim
    this.#places.delete(key)
    if (last === claim) return claim
    this.#place(last, at)
    this.#rise(at)
    this.#sink(this.#places.get(last.key) as number)
    return claim
  }

  #rise(from: number): void {
    const claim = this.#heap[from] as Claim
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = this.#heap[parent] as Claim
      if (compareClaims(above, claim) <= 0) break
      this.#place(above, at)
      at = parent
    }
    this.#place(claim, at)
  }

  #sink(from: number): void {
    const claim = this.#heap[from] as Claim
    let at = from
    for (let below = this.#olderBelow(at); below !== undefined; below = this.#olderBelow(at)) {
      const child = this.#heap[below] as Claim
      if (compareClaims(child, claim) >= 0) break
      this.#place(child, at)
      at = below
    }
    this.#place(claim, at)
  }

  #olderBelow(at: number): number | undefined {
    const left = 2 * at + 1
    const [one, other] = [this.#heap[left], this.#heap[left + 1]]
    if (!one) return undefined
    return other && compareClaims(other, one) < 0 ? left + 1 : left
  }

  #place(claim: Claim, at: number): void {
    this.#heap[at] = claim
    this.#places.set(claim.key, at)
  }
}
