import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { place } from '../../../src/core/election/placement.ts'
import type { Placeable, Placed, Placement, PlacementView } from '../../../src/core/election/placement.ts'

const allNodes = ['n1', 'n2', 'n3', 'n4']

function placeable(index: number, nodes: readonly string[], lastResort: readonly string[] = []): Placeable {
  const candidates = nodes.map((node) => ({ node, lastResort: lastResort.includes(node) }))
  return { key: `a${index}`, address: { family: 'IPv4', value: BigInt(index) }, candidates }
}

function many(count: number, nodes: readonly string[] = allNodes): readonly Placeable[] {
  return Array.from({ length: count }, (_, index) => placeable(index, nodes))
}

function run(
  addresses: readonly Placeable[],
  live: readonly string[],
  more: Partial<PlacementView> = {},
): Placement {
  const view = {
    away: new Set<string>(),
    current: new Map<string, Placed>(),
    revision: 0,
    ...more,
  }
  return place({ ...view, addresses, live: new Set(live) })
}

/** The next placement after this one. */
function then(
  before: Placement,
  addresses: readonly Placeable[],
  live: readonly string[],
  more: Partial<PlacementView> = {},
): Placement {
  return run(addresses, live, { current: before.placed, revision: before.revision, ...more })
}

function loads({ placed }: Placement, nodes: readonly string[]): readonly number[] {
  return nodes.map((node) => [...placed.values()].filter((each) => each.node === node).length)
}

function spread(placement: Placement, nodes: readonly string[]): number {
  const counts = loads(placement, nodes)
  return Math.max(...counts) - Math.min(...counts)
}

function moved(before: Placement, after: Placement): readonly string[] {
  return [...after.placed.keys()].filter(
    (key) => before.placed.get(key)?.node !== after.placed.get(key)?.node,
  )
}

const counts = fc.integer({ min: 0, max: 40 })
const someNodes = fc.subarray(allNodes, { minLength: 1 })

describe('placement', () => {
  it('is balanced: the most and the least differ by one at most, also as addresses come one by one', () => {
    fc.assert(
      fc.property(counts, someNodes, (count, live) => {
        expect(spread(run(many(count), live), live)).toBeLessThanOrEqual(1)
        let placement = run([], live)
        for (let come = 1; come <= count; come++) placement = then(placement, many(come), live)
        expect(spread(placement, live)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 50 },
    )
  })

  it('puts both addresses of a Service on one node where balance leaves a choice, and never at its cost', () => {
    const pairs = (count: number): readonly Placeable[] =>
      many(2 * count).map((one, index) => ({ ...one, services: [`s${index >> 1}`] }))
    const [first, second, other] = [...pairs(1), placeable(2, allNodes)] as [Placeable, Placeable, Placeable]
    for (const [home, away] of [
      ['n1', 'n2'],
      ['n2', 'n1'],
    ] as const) {
      const current = new Map([
        [first.key, { node: home, revision: 1 }],
        [other.key, { node: away, revision: 2 }],
      ])
      const after = run([first, second, other], ['n1', 'n2'], { current, revision: 2 })
      expect(after.placed.get(second.key)?.node).toBe(home)
    }
    expect(spread(run(pairs(1), ['n1', 'n2']), ['n1', 'n2'])).toBe(0)
    fc.assert(
      fc.property(counts, someNodes, (count, live) => {
        expect(spread(run(pairs(count), live), live)).toBeLessThanOrEqual(1)
        let placement = run([], live)
        for (let come = 1; come <= count; come++) placement = then(placement, pairs(come), live)
        expect(spread(placement, live)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 50 },
    )
  })

  it('is sticky: the same view again moves nothing and gives no new revision', () => {
    fc.assert(
      fc.property(counts, someNodes, (count, live) => {
        const before = run(many(count), live)
        const after = then(before, many(count), live)
        expect(after).toEqual(before)
      }),
    )
  })

  it('moves the share of a node that leaves and nothing else, and stays balanced', () => {
    fc.assert(
      fc.property(counts, fc.subarray(allNodes, { minLength: 2 }), (count, live) => {
        const before = run(many(count), live)
        const [gone, ...rest] = live
        const share = [...before.placed].filter(([, { node }]) => node === gone).map(([key]) => key)
        const after = then(before, many(count), rest)
        expect(moved(before, after)).toEqual(share)
        expect(spread(after, rest)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('gives a joining node nothing that is placed, but the next ones until it has caught up', () => {
    const before = run(many(8), ['n1', 'n2'])
    const after = then(before, many(8), ['n1', 'n2', 'n3'])
    expect(moved(before, after)).toEqual([])
    expect(loads(then(after, many(12), ['n1', 'n2', 'n3']), ['n1', 'n2', 'n3'])).toEqual([4, 4, 4])
  })

  it('raises the revision by one for each address that moves, and for no other', () => {
    const before = run(many(6), ['n1', 'n2'])
    expect(before.revision).toBe(6)
    const after = then(before, many(6), ['n2'])
    expect(after.revision).toBe(9)
    for (const [key, placed] of before.placed)
      if (placed.node === 'n2') expect(after.placed.get(key)).toBe(placed)
  })

  it('forgets an address that is not asked for any more', () => {
    const before = run(many(3), ['n1'])
    expect([...then(before, many(2), ['n1']).placed.keys()]).toEqual(['a0', 'a1'])
  })

  it('leaves an address where it is while no candidate lives, and does not place one that has none', () => {
    const before = run(many(1), ['n1'])
    expect(then(before, many(1), []).placed.get('a0')?.node).toBe('n1')
    expect(run(many(1), []).placed.size).toBe(0)
    expect(run([placeable(0, [])], ['n1']).placed.size).toBe(0)
  })

  it('leaves the share of a node that is away where it is, and gives it nothing new', () => {
    const before = run(many(4), ['n1', 'n2'])
    const after = then(before, many(8), ['n2'], { away: new Set(['n1']) })
    expect(moved(before, after)).toEqual(['a4', 'a5', 'a6', 'a7'])
    expect(loads(after, ['n1', 'n2'])).toEqual([2, 6])
  })

  it('moves what a node that is away may not announce any more', () => {
    const before = run(many(1), ['n1'])
    const after = then(before, many(1, ['n2']), ['n2'], { away: new Set(['n1']) })
    expect(after.placed.get('a0')?.node).toBe('n2')
  })

  it('uses a node of last resort only when no other lives', () => {
    const cordoned = Array.from({ length: 4 }, (_, index) => placeable(index, ['n1', 'n2'], ['n1']))
    expect(loads(run(cordoned, ['n1', 'n2']), ['n1', 'n2'])).toEqual([0, 4])
    expect(loads(run(cordoned, ['n1']), ['n1', 'n2'])).toEqual([4, 0])
  })

  it('moves everything off a node that is cordoned, and nothing back', () => {
    const before = run(many(6, ['n1', 'n2']), ['n1', 'n2'])
    const cordoned = Array.from({ length: 6 }, (_, index) => placeable(index, ['n1', 'n2'], ['n1']))
    const during = then(before, cordoned, ['n1', 'n2'])
    expect(loads(during, ['n1', 'n2'])).toEqual([0, 6])
    expect(moved(during, then(during, many(6, ['n1', 'n2']), ['n1', 'n2']))).toEqual([])
  })

  it('spreads one address each differently over the nodes, as the election would', () => {
    const first = Array.from({ length: 60 }, (_, index) => run([placeable(index, allNodes)], allNodes))
    const used = new Set(first.flatMap(({ placed }) => [...placed.values()].map(({ node }) => node)))
    expect(used.size).toBe(4)
  })

  it('puts addresses with few candidates first, so that they do not unbalance the rest', () => {
    const bound = many(4, ['n1'])
    const free = many(12).slice(4)
    expect(loads(run([...free, ...bound], ['n1', 'n2', 'n3']), ['n1', 'n2', 'n3'])).toEqual([4, 4, 4])
  })

  it('is the best balance there is, whatever candidates each address has', () => {
    const anyCandidates = fc.array(someNodes, { maxLength: 6 })
    fc.assert(
      fc.property(anyCandidates, (candidates) => {
        const addresses = candidates.map((nodes, index) => placeable(index, nodes))
        const placement = run(addresses, allNodes)
        expect(cost(loads(placement, allNodes))).toBe(leastCost(candidates))
      }),
      { numRuns: 100 },
    )
  })
})

/** The smaller, the more even. */
function cost(counted: readonly number[]): number {
  return counted.reduce((sum, count) => sum + count * count, 0)
}

/** The slow and obvious way: tries every placement. */
function leastCost(candidates: readonly (readonly string[])[], chosen: readonly string[] = []): number {
  const [nodes, ...rest] = candidates
  if (!nodes) return cost(allNodes.map((node) => chosen.filter((each) => each === node).length))
  return Math.min(...nodes.map((node) => leastCost(rest, [...chosen, node])))
}
