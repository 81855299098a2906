import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LeastFirst } from '../../../src/core/allocation/least-first.ts'
import {
  emptyShelf,
  memoryLimit,
  nextFree,
  putBack as putBackAt,
  remember,
  take,
} from '../../../src/core/allocation/shelf.ts'
import type { Shelf, Slot } from '../../../src/core/allocation/shelf.ts'
import { pool } from '../pool/build.ts'

function shelfOf(addresses: string): Shelf {
  const { lines } = pool('lab', addresses)
  return emptyShelf(lines.IPv4.total > 0 ? lines.IPv4 : lines.IPv6)
}

/** Puts it back now, which is always the same moment. */
function putBack(shelf: Shelf, position: Slot, service: string): void {
  putBackAt(shelf, position, { service, freedAt: 0 }, 0)
}

function takeNext(shelf: Shelf, claim = 'a/new'): Slot {
  const position = nextFree(shelf, claim)
  if (position === undefined) throw new Error('nothing is free')
  take(shelf, position)
  return position
}

/** Counts how often the shelf looks whether a position is held. */
class CountingSet extends Set<Slot> {
  looks = 0
  override has(value: Slot): boolean {
    this.looks++
    return super.has(value)
  }
}

/** The most looks that any one address cost, over `count` of them given and every third one freed by the way. */
function mostLooks(addresses: string, count: number): number {
  const held = new CountingSet()
  const shelf = { ...shelfOf(addresses), held }
  let most = 0
  for (let index = 0; index < count; index++) {
    held.looks = 0
    const position = takeNext(shelf, `a/${index}`)
    most = Math.max(most, held.looks)
    if (index % 3 === 0) putBack(shelf, position, `a/${index}`)
  }
  return most
}

describe('finding an address', () => {
  it('takes as many steps in a /8 and in an IPv6 /64 as in a /18', () => {
    const small = mostLooks('10.0.0.0/18', 16_000)
    expect(mostLooks('10.0.0.0/8', 16_000)).toBe(small)
    expect(mostLooks('fd00::/64', 16_000)).toBe(small)
    expect(small).toBeLessThanOrEqual(4)
    expect(mostLooks('10.0.0.0/29', 8)).toBeLessThanOrEqual(small)
  })

  it('takes no longer when the pool is nearly full', () => {
    const held = new CountingSet()
    const shelf = { ...shelfOf('10.0.0.0/16'), held }
    for (let index = 0; index < 65_536; index++) takeNext(shelf)
    expect(nextFree(shelf, 'a/new')).toBeUndefined()
    held.looks = 0
    for (let round = 0; round < 100; round++) {
      putBack(shelf, round * 600, `a/${round}`)
      expect(takeNext(shelf)).toBe(round * 600)
    }
    expect(held.looks).toBeLessThanOrEqual(400)
  })

  it('steps over what was asked for by address once, not every time', () => {
    const held = new CountingSet()
    const shelf = { ...shelfOf('10.0.0.0/16'), held }
    for (let position = 0; position < 1000; position++) take(shelf, position)
    expect(takeNext(shelf)).toBe(1000)
    held.looks = 0
    expect(takeNext(shelf)).toBe(1001)
    expect(held.looks).toBeLessThanOrEqual(4)
  })
})

describe('the memory of freed addresses', () => {
  it('has a bound: what was freed longest ago counts as never held, lowest first', () => {
    const shelf = shelfOf('10.0.0.0/16')
    const count = memoryLimit + 3
    for (let index = 0; index < count; index++) takeNext(shelf)
    for (let index = 0; index < count; index++) putBack(shelf, index, `a/${index}`)
    expect(shelf.freed.size).toBe(memoryLimit)
    expect(shelf.lastOf.size).toBe(memoryLimit)
    expect([takeNext(shelf), takeNext(shelf), takeNext(shelf), takeNext(shelf)]).toEqual([0, 1, 2, count])
  })

  it('passes over what is forgotten and was taken or freed again meanwhile', () => {
    const shelf = shelfOf('10.0.0.0/16')
    const count = memoryLimit + 2
    for (let index = 0; index < count; index++) takeNext(shelf)
    for (let index = 0; index < count; index++) putBack(shelf, index, `a/${index}`)
    take(shelf, 0)
    take(shelf, 1)
    putBack(shelf, 1, 'a/other')
    expect(takeNext(shelf)).toBe(2)
  })

  it('does not need to return what lies beyond all that was ever given in order', () => {
    const shelf = shelfOf('10.0.0.0/16')
    for (let index = 0; index <= memoryLimit; index++) putBack(shelf, 100 + index, `a/${index}`)
    expect(shelf.returned.least).toBeUndefined()
    expect(takeNext(shelf)).toBe(0)
  })

  it('prefers the own address only while it is free', () => {
    const shelf = shelfOf('10.0.0.0/30')
    take(shelf, 2)
    remember(shelf, 2, { service: 'a/a', freedAt: 0 })
    expect(nextFree(shelf, 'a/a')).toBe(0)
    putBack(shelf, 2, 'a/b')
    expect(nextFree(shelf, 'a/a')).toBe(2)
  })
})

describe('least first', () => {
  it('gives back what was added in ascending order', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 50n })), (items) => {
        const heap = new LeastFirst()
        for (const item of items) heap.add(item)
        const inOrder = [...heap.inOrder()]
        const order: (number | bigint)[] = []
        for (let least = heap.least; least !== undefined; least = heap.least) {
          order.push(least)
          heap.removeLeast()
        }
        expect(order).toEqual(items.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
        expect(inOrder).toEqual(order)
        heap.removeLeast()
        expect(heap.least).toBeUndefined()
      }),
    )
  })
})
