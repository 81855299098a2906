import { describe, expect, it } from 'vitest'
import {
  apartMs,
  arrivalMs,
  atRest,
  movesAtOnce,
  paced,
  paceDueAt,
  restMs,
  unevenMs,
} from '../../../src/core/election/pace.ts'
import type { Look, Pace } from '../../../src/core/election/pace.ts'
import type { Shift } from '../../../src/core/election/rebalance.ts'

function shifts(count: number, from = 'n1', to = 'n2'): readonly Shift[] {
  return Array.from({ length: count }, (_, index) => ({ key: `a${index}`, from, to }))
}

function seen(more: Partial<Look> = {}): Look {
  const nothing = { elsewhere: new Set<string>(), isAnyAway: false, steady: new Set(['n1', 'n2']) }
  return { shifts: shifts(3), ...nothing, ...more }
}

/** Looks once, at a moment; how many moves are made is what the tests are about. */
function look(before: Pace, now: number, more: Partial<Look> = {}): readonly [Pace, number] {
  const [pace, moves] = paced(before, seen(more), now)
  return [pace, moves.length]
}

const uneven: Pace = { ...atRest, unevenSince: 0 }

describe('the pace of a rebalance', () => {
  it('begins when the nodes have been uneven for a while, and begins anew when they were even meanwhile', () => {
    const [first, none] = look(atRest, 0)
    expect(none).toBe(0)
    expect(paceDueAt(first, 0)).toBe(unevenMs)
    expect(look(first, unevenMs - 1)[1]).toBe(0)
    expect(look(first, unevenMs)[1]).toBe(3)
    const [even] = look(first, 1_000, { shifts: [] })
    expect(paceDueAt(even, 1_000)).toBe(Infinity)
    const [again] = look(even, 2_000)
    expect(look(again, unevenMs)[1]).toBe(0)
    expect(look(again, unevenMs + 2_000)[1]).toBe(3)
  })

  it('moves a few at a time, the next ones a moment later', () => {
    const many = { shifts: shifts(100) }
    const [first, count] = look(uneven, unevenMs, many)
    expect(count).toBe(movesAtOnce)
    expect(paceDueAt(first, unevenMs)).toBe(unevenMs + apartMs)
    const others = { shifts: shifts(100).slice(movesAtOnce) }
    expect(look(first, unevenMs + apartMs - 1, others)[1]).toBe(0)
    expect(look(first, unevenMs + apartMs, others)[1]).toBe(movesAtOnce)
  })

  it('waits while a speaker is away', () => {
    expect(look(uneven, unevenMs, { isAnyAway: true })[1]).toBe(0)
  })

  it('waits while anything is on its way, unless that is so all the time', () => {
    const elsewhere = new Set(['b'])
    const [busy, none] = look(uneven, unevenMs, { elsewhere })
    expect(none).toBe(0)
    expect(paceDueAt(busy, unevenMs)).toBe(unevenMs + apartMs)
    expect(look(busy, unevenMs + arrivalMs - 1, { elsewhere })[1]).toBe(0)
    expect(look(busy, unevenMs + arrivalMs, { elsewhere })[1]).toBe(3)
    const [free] = look(busy, unevenMs + 1, { shifts: [] })
    expect(free.busySince).toBe(undefined)
  })

  it('waits until what it moved has arrived, for a bounded time, though something is on its way all the time', () => {
    const elsewhere = new Set(['b', 'a0'])
    const pace = { ...uneven, busySince: 0, movedAt: 10_000, moved: new Map([['a0', 10_000]]) }
    const others = { shifts: shifts(5).slice(1) }
    expect(look(pace, 10_000 + arrivalMs - 1, { ...others, elsewhere })[1]).toBe(0)
    expect(look(pace, 10_000 + arrivalMs - 1, { ...others, elsewhere: new Set(['b']) })[1]).toBe(4)
    expect(look(pace, 10_000 + arrivalMs, { ...others, elsewhere })[1]).toBe(4)
  })

  it('moves no address twice within a while, and looks again when that is over', () => {
    const [first] = look(uneven, unevenMs)
    const [held, none] = look(first, unevenMs + apartMs)
    expect(none).toBe(0)
    expect(paceDueAt(held, unevenMs + apartMs)).toBe(unevenMs + restMs)
    expect(look(held, unevenMs + restMs - 1)[1]).toBe(0)
    const [again, moved] = look(held, unevenMs + restMs)
    expect(moved).toBe(3)
    expect(again.moved.get('a0')).toBe(unevenMs + restMs)
    expect(look(again, unevenMs + 3 * restMs, { shifts: [] })[0].moved.size).toBe(0)
  })

  it('leaves alone who has not been there for long, on either side', () => {
    expect(look(uneven, unevenMs, { steady: new Set(['n1']) })[1]).toBe(0)
    expect(look(uneven, unevenMs, { steady: new Set(['n2']) })[1]).toBe(0)
    const both = [...shifts(1), ...shifts(3, 'n1', 'n3').slice(1)]
    const [pace, moves] = look(uneven, unevenMs, { shifts: both })
    expect(moves).toBe(1)
    expect([...pace.moved.keys()]).toEqual(['a0'])
    const [held] = look(uneven, unevenMs, { steady: new Set() })
    expect(paceDueAt(held, unevenMs)).toBe(Infinity)
    expect(held.movedAt).toBe(-Infinity)
  })
})
