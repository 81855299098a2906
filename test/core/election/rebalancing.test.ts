import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { place } from '../../../src/core/election/placement.ts'
import { apartMs, movesAtOnce, restMs } from '../../../src/core/election/pace.ts'
import { shiftsOf } from '../../../src/core/election/rebalance.ts'
import { look, unevennessOf, unseen } from '../../../src/core/election/rebalancing.ts'
import type { Scene } from '../../../src/core/election/rebalancing.ts'
import { settlingMs } from '../../../src/core/election/stays.ts'
import { History, pooled } from './history.ts'
import type { Happening } from './history.ts'

const nodes = ['n1', 'n2', 'n3', 'n4']
const index = fc.integer({ min: 0, max: 24 })

function anyHistory(
  may: fc.Arbitrary<readonly string[]>,
  pools: readonly string[] = ['auto'],
): fc.Arbitrary<readonly Happening[]> {
  const comes = fc.record({
    kind: fc.constant('comes' as const),
    index,
    pool: fc.constantFrom(...pools),
    may,
  })
  const node = fc.constantFrom(...nodes)
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: comes },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('goes' as const), index }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('node' as const), node, isUp: fc.boolean() }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 40_000 }) }),
      },
    ),
    { maxLength: 60 },
  )
}

const everywhere = fc.constant(nodes)
const somewhere = fc
  .subarray(nodes, { minLength: 1 })
  .chain((some) => fc.constantFrom(some, [`${some[0] ?? ''}+`, ...some.slice(1)]))

function lived(happenings: readonly Happening[], automatic: readonly string[] = ['auto']): History {
  const history = new History(nodes, automatic)
  for (const each of happenings) history.happen(each)
  return history
}

/** Everyone is there from now on. */
function reunited(history: History): History {
  for (const node of nodes) history.happen({ kind: 'node', node, isUp: true })
  return history
}

const many = (count: number, pool = 'auto'): readonly Happening[] =>
  Array.from({ length: count }, (_, at) => ({ kind: 'comes', index: at, pool, may: nodes }) as const)
const wait = (ms: number): Happening => ({ kind: 'wait', ms })
const node4 = (isUp: boolean): Happening => ({ kind: 'node', node: 'n4', isUp })

/** A node that has lost all that it had comes back. */
const returning = [...many(80), node4(false), wait(5_000), node4(true), wait(settlingMs)]

/** The fewest moves that even these loads out, if every address may be anywhere: what each has above what it may keep. */
function fewest(loads: readonly number[]): number {
  const total = loads.reduce((sum, load) => sum + load, 0)
  const [least, more] = [Math.floor(total / loads.length), total % loads.length]
  const fullestFirst = loads.toSorted((a, b) => b - a)
  return fullestFirst.reduce((sum, load, at) => sum + Math.max(0, load - least - Number(at < more)), 0)
}

describe('addresses of pools with rebalance Auto, over any history', () => {
  it('end up even, by the fewest moves there could be, and then nothing moves and nothing is due any more', () => {
    fc.assert(
      fc.property(anyHistory(everywhere), (happenings) => {
        const history = reunited(lived(happenings))
        const [bound, before] = [fewest(history.loads()), history.moves.length]
        expect(history.settle()).toBe(true)
        const loads = history.loads()
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
        expect(history.moves.length - before).toBe(bound)
      }),
      { numRuns: 200 },
    )
  })

  it('end up as even as they can be, and where they are preferred, when each may be on some nodes only', () => {
    fc.assert(
      fc.property(anyHistory(somewhere, ['auto', 'manual']), (happenings) => {
        const history = reunited(lived(happenings))
        const left = (): number => {
          const { addresses, placement } = history
          const mayMove = new Set(addresses.flatMap(({ key, pool }) => (pool === 'auto' ? key : [])))
          return shiftsOf({ addresses, placed: placement.placed, live: new Set(nodes), mayMove }).length
        }
        const [bound, before] = [left(), history.moves.length]
        expect(history.settle()).toBe(true)
        expect(left()).toBe(0)
        expect(history.moves.length - before).toBe(bound)
      }),
      { numRuns: 200 },
    )
  })

  it('move a few at a time, none twice within a while, and never to or from a node that has just come', () => {
    fc.assert(
      fc.property(anyHistory(somewhere), (happenings) => {
        const history = new History(nodes)
        const cameAt = new Map(nodes.map((node) => [node, 0]))
        for (const each of [...returning, ...happenings]) {
          const wasHere = each.kind === 'node' && history.in('present').has(each.node)
          const known = history.moves.length
          history.happen(each)
          if (each.kind === 'node' && each.isUp && !wasHere) cameAt.set(each.node, history.now)
          for (const { at, from, to, isRebalance } of history.moves.slice(known)) {
            if (!isRebalance) continue
            expect(at - (cameAt.get(from) as number)).toBeGreaterThanOrEqual(settlingMs)
            expect(at - (cameAt.get(to) as number)).toBeGreaterThanOrEqual(settlingMs)
          }
        }
        history.settle()
        const moves = history.moves.filter(({ isRebalance }) => isRebalance)
        for (const [number, move] of moves.entries()) {
          const together = moves.slice(number).filter(({ at }) => at < move.at + apartMs)
          expect(together.length).toBeLessThanOrEqual(movesAtOnce)
          const again = moves.slice(number + 1).find(({ key }) => key === move.key)
          if (again) expect(again.at - move.at).toBeGreaterThanOrEqual(restMs)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('leave those of pools with rebalance Manual where they are, as long as their nodes may announce them', () => {
    fc.assert(
      fc.property(anyHistory(somewhere, ['auto', 'manual']), (happenings) => {
        const history = lived(happenings)
        history.settle()
        const pools = new Map<string, string>(
          happenings.flatMap((each) =>
            each.kind === 'comes' ? [[`a${each.index}`, each.pool] as const] : [],
          ),
        )
        for (const { isRebalance, couldStay } of history.moves)
          if (!isRebalance) expect(couldStay).toBe(false)
        const manual = lived(happenings, [])
        manual.settle()
        expect(manual.moves.filter(({ couldStay }) => couldStay)).toEqual([])
        const always = new Set<string>(
          happenings.flatMap((each) =>
            each.kind === 'comes' && each.pool === 'auto' ? `a${each.index}` : [],
          ),
        )
        for (const { key, isRebalance } of history.moves) {
          if (isRebalance) expect([pools.get(key), always.has(key)]).toContain(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('are placed the same each time that the same happens, and one by one as all at once', () => {
    fc.assert(
      fc.property(anyHistory(somewhere, ['auto', 'manual']), (happenings) => {
        const [one, other] = [reunited(lived(happenings)), reunited(lived(happenings))]
        one.settle()
        other.settle()
        expect(other.placement).toEqual(one.placement)
        expect(other.moves).toEqual(one.moves)
        const { placed: current, revision } = one.placement
        const view = { addresses: one.addresses, live: new Set(nodes), away: new Set<string>() }
        expect(place({ ...view, current, revision }).placed).toEqual(current)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a node that comes back', () => {
  it('gets its share after a while with Auto, and nothing with Manual', () => {
    for (const [pool, share] of [
      ['auto', 6],
      ['manual', 0],
    ] as const) {
      const away = [node4(false), wait(10_000)]
      const history = lived([...away, ...many(24, pool), wait(20_000), node4(true)])
      history.settle()
      expect(history.placement.shares.get('n4')?.size ?? 0).toBe(share)
      expect(history.moves.length).toBe(share)
    }
  })

  it('gets less and less often what it loses each time, while it flaps', () => {
    const flaps = (count: number, upMs: number): readonly Happening[] =>
      Array.from({ length: count }, () => [node4(true), wait(upMs), node4(false), wait(5_000)]).flat()
    const short = lived([...many(24), node4(false), wait(5_000), ...flaps(50, settlingMs)])
    expect(short.moves.filter(({ isRebalance }) => isRebalance)).toEqual([])
    const long = lived([...many(24), node4(false), wait(5_000), ...flaps(50, 45_000)])
    const given = long.moves.filter(({ isRebalance, to }) => isRebalance && to === 'n4')
    // After its first, second and third return it has settled before it goes again; then no more.
    expect(given.length).toBeGreaterThan(0)
    expect(given.length).toBeLessThanOrEqual(3 * 6)
  })

  it('is not looked at again and again while nothing changes', () => {
    const history = lived([...many(24), node4(false), wait(5_000), node4(true)])
    history.settle()
    const { looks } = history
    history.happen(wait(3_600_000))
    expect(history.looks).toBe(looks)
  })
})

describe('what is said of a pool', () => {
  const present = { state: 'present', since: 0, wasHeard: true } as const
  const scene = (automatic: readonly string[], on: readonly string[]): Scene => ({
    rollCall: new Map(['n1', 'n2'].map((node) => [node, present])),
    addresses: on.map((_, at) => pooled(at, at < 4 ? 'lab' : 'other', ['n1', 'n2'])),
    placed: new Map(on.map((node, at) => [`a${at}`, { node, revision: at }])),
    elsewhere: new Set(),
    automatic: new Set(automatic),
  })
  const words = 'a rebalance would move 2 of its 4 addresses: 2 from n1 to n2; '

  it('is what a rebalance would move of it, and how that comes about', () => {
    const [manual] = look(unseen, scene([], ['n1', 'n1', 'n1', 'n1']), 0)
    expect(unevennessOf(manual, 'lab')).toBe(`${words}with spec.l2.rebalance Auto they move by themselves`)
    const [auto] = look(unseen, scene(['lab'], ['n1', 'n1', 'n1', 'n1']), 0)
    expect(unevennessOf(auto, 'lab')).toBe(`${words}a few move at a time`)
    expect(unevennessOf(manual, 'other')).toBe(undefined)
    expect(unevennessOf(look(unseen, scene([], ['n1', 'n1', 'n2', 'n2']), 0)[0], 'lab')).toBe(undefined)
  })

  it('is said only when it has been so for a while, but at once of what was so from the beginning', () => {
    const [even] = look(unseen, scene([], ['n1', 'n2']), 0)
    const [soon] = look(even, scene([], ['n1', 'n1', 'n1', 'n1']), 1_000)
    expect(unevennessOf(soon, 'lab')).toBe(undefined)
    expect(soon.dueAt).toBe(4_000)
    const [later] = look(soon, scene([], ['n1', 'n1', 'n1', 'n1']), 4_000)
    expect(unevennessOf(later, 'lab')).toContain(words)
    expect(later.dueAt).toBe(10_000)
  })

  it('names three ways at the most', () => {
    const names = ['n1', 'n2', 'n3', 'n4', 'n5']
    const on = Array.from({ length: 10 }, () => 'n1')
    const wide = {
      ...scene([], on),
      rollCall: new Map(names.map((node) => [node, present])),
      addresses: on.map((_, at) => pooled(at, 'lab', names)),
    }
    expect(unevennessOf(look(unseen, wide, 0)[0], 'lab')).toBe(
      'a rebalance would move 8 of its 10 addresses: 2 from n1 to n2, 2 from n1 to n3, 2 from n1 to n4, and more; with spec.l2.rebalance Auto they move by themselves',
    )
  })
})
