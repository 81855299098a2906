import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FairLine } from '../../../src/platform/kubernetes/fair-line.ts'

const groupOf = (item: string): string => item.slice(0, 1)

/** The slow and obvious line: it looks through all that wait. */
class SlowLine {
  waiting: readonly string[] = []
  #groups: readonly string[] = []

  add(item: string): void {
    if (this.waiting.includes(item)) return
    this.waiting = [...this.waiting, item]
    if (!this.#groups.includes(groupOf(item))) this.#groups = [...this.#groups, groupOf(item)]
  }

  take(mayGo: (item: string) => boolean): string | undefined {
    const firsts = this.#groups.map((group) => {
      return this.waiting.find((item) => groupOf(item) === group && mayGo(item))
    })
    const taken = firsts.find((item) => item !== undefined)
    if (taken === undefined) return undefined
    this.waiting = this.waiting.filter((item) => item !== taken)
    const others = this.#groups.filter((group) => group !== groupOf(taken))
    const isLeft = this.waiting.some((item) => groupOf(item) === groupOf(taken))
    this.#groups = isLeft ? [...others, groupOf(taken)] : others
    return taken
  }
}

const item = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 5 }))
  .map((parts) => parts.join(''))
const happening = fc.oneof(
  item.map((added) => ({ added, busy: [] as string[] })),
  fc.array(item, { maxLength: 6 }).map((busy) => ({ added: undefined, busy })),
)

test('gives what the slow and obvious line gives, in the same order, and passes over who may not go', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), (history) => {
      const line = new FairLine<string>(groupOf)
      const slow = new SlowLine()
      for (const { added, busy } of history) {
        const mayGo = (each: string): boolean => !busy.includes(each)
        if (added !== undefined) {
          line.add(added)
          slow.add(added)
        } else expect(line.take(mayGo)).toBe(slow.take(mayGo))
        expect(line.size).toBe(slow.waiting.length)
        if (added !== undefined) expect(line.has(added)).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('forgets all at once', () => {
  const line = new FairLine<string>(groupOf)
  for (const each of ['a1', 'a2', 'b1']) line.add(each)
  line.clear()
  expect([line.size, line.take(() => true), line.has('a1')]).toEqual([0, undefined, false])
})
