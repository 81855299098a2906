import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { place } from '../../../src/core/election/placement.ts'
import type { Placeable, Placed } from '../../../src/core/election/placement.ts'
import { placeChanged, placeShifted, takeUp } from '../../../src/core/election/standing-placement.ts'

const allNodes = ['n1', 'n2', 'n3', 'n4']

/** One thing that happens to a cluster. */
type Happening =
  | {
      readonly kind: 'comes'
      readonly index: number
      readonly nodes: readonly string[]
      readonly asks: string | undefined
    }
  | { readonly kind: 'goes'; readonly index: number }
  | { readonly kind: 'is announced'; readonly index: number; readonly on: string }
  | { readonly kind: 'attend'; readonly live: readonly string[]; readonly away: readonly string[] }

const index = fc.integer({ min: 0, max: 11 })
const someNodes = fc.subarray(allNodes)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('comes' as const),
      index,
      nodes: someNodes,
      asks: fc.option(fc.constantFrom(...allNodes), { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('goes' as const), index }) },
  fc.record({ kind: fc.constant('is announced' as const), index, on: fc.constantFrom(...allNodes) }),
  fc.record({ live: someNodes, away: someNodes }).map(({ live, away }) => ({
    kind: 'attend' as const,
    live,
    away: away.filter((node) => !live.includes(node)),
  })),
)

/** An address; the last of its nodes is of last resort when there are three, and the node that is asked for preferred. */
function placeable(at: number, nodes: readonly string[], asks?: string): Placeable {
  const candidates = nodes.map((node, place) => ({
    node,
    lastResort: place === 2,
    ...(node === asks && { preference: 50 }),
  }))
  return { key: `a${at}`, address: { family: 'IPv4', value: BigInt(at) }, candidates, preferredNode: asks }
}

/** The cluster with two placements side by side: one kept up to date, and one made anew of everything after each turn. */
class Twins {
  readonly kept = takeUp([], 0)
  anew: { readonly placed: ReadonlyMap<string, Placed>; readonly revision: number } = {
    placed: new Map(),
    revision: 0,
  }
  readonly #addresses = new Map<number, Placeable>()
  #live = new Set(allNodes)
  #away = new Set<string>()

  turn(happenings: readonly Happening[]): void {
    const before = new Set(this.#addresses.keys())
    const changed = new Set<number>()
    const followed = new Map<number, string>()
    let isAll = false
    for (const each of happenings) {
      if (each.kind === 'attend') isAll = this.#attend(each.live, each.away)
      else changed.add(each.index)
      if (each.kind === 'comes') this.#addresses.set(each.index, placeable(each.index, each.nodes, each.asks))
      if (each.kind === 'goes') this.#addresses.delete(each.index)
      if (each.kind === 'is announced') followed.set(each.index, each.on)
    }
    const looked = isAll ? new Set([...before, ...this.#addresses.keys()]) : changed
    const mayFollow = [...followed].filter(([at, on]) => this.#mayFollow(at, on))
    this.#placeKept(looked, new Map(mayFollow.map(([at, on]) => [`a${at}`, on])))
    this.#placeAnew(new Map(mayFollow.map(([at, on]) => [`a${at}`, on])))
  }

  #attend(live: readonly string[], away: readonly string[]): boolean {
    this.#live = new Set(live)
    this.#away = new Set(away)
    return true
  }

  #mayFollow(at: number, on: string): boolean {
    const { candidates = [] } = this.#addresses.get(at) ?? {}
    return this.#live.has(on) && candidates.some(({ node, lastResort }) => node === on && !lastResort)
  }

  #placeKept(looked: ReadonlySet<number>, followed: ReadonlyMap<string, string>): void {
    const changed = [...looked].toSorted((a, b) => a - b).flatMap((at) => this.#addresses.get(at) ?? [])
    const gone = [...looked].filter((at) => !this.#addresses.has(at)).map((at) => `a${at}`)
    placeChanged(this.kept, { changed, gone, followed, live: this.#live, away: this.#away })
  }

  #placeAnew(followed: ReadonlyMap<string, string>): void {
    let { revision } = this.anew
    const current = new Map(this.anew.placed)
    for (const [key, node] of followed) current.set(key, { ...current.get(key), node, revision: ++revision })
    const addresses = [...this.#addresses].toSorted(([a], [b]) => a - b).map(([, each]) => each)
    const [live, away] = [this.#live, this.#away]
    this.anew = place({ addresses, live, away, current, revision })
  }
}

function sharesOf(placed: ReadonlyMap<string, Placed>): object {
  const nodes = [...new Set([...placed.values()].map(({ node }) => node))]
  return Object.fromEntries(
    nodes.map((node) => [
      node,
      [...placed]
        .filter(([, on]) => on.node === node)
        .map(([key]) => key)
        .toSorted(),
    ]),
  )
}

describe('a placement that is kept up to date', () => {
  it('is at each turn what placing everything anew makes of it, revisions included', () => {
    const history = fc.array(fc.array(happening, { minLength: 1, maxLength: 4 }), { maxLength: 25 })
    fc.assert(
      fc.property(history, (turns) => {
        const twins = new Twins()
        for (const turn of turns) {
          twins.turn(turn)
          expect(twins.kept.placed).toEqual(twins.anew.placed)
          expect(twins.kept.revision).toBe(twins.anew.revision)
          const shares = [...twins.kept.shares].map(([node, keys]) => [node, [...keys].toSorted()])
          expect(Object.fromEntries(shares)).toEqual(sharesOf(twins.kept.placed))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('begins with the newest placement of each address, for one that moves stands in two Speakers', () => {
    const placement = takeUp(
      [
        ['a1', { node: 'n1', revision: 4 }],
        ['a1', { node: 'n2', revision: 7 }],
      ],
      9,
    )
    expect(placement.placed.get('a1')).toEqual({ node: 'n2', revision: 7 })
    expect([...placement.shares]).toEqual([['n2', new Set(['a1'])]])
  })

  it('says what each address that moved had before, and nothing of those that stay', () => {
    const placement = takeUp([['a1', { node: 'n1', revision: 1 }]], 1)
    const change = { gone: [], followed: new Map<string, string>(), away: new Set<string>() }
    const addresses = [placeable(1, ['n1', 'n2']), placeable(2, ['n1', 'n2'])]
    const live = new Set(['n1', 'n2'])
    expect([...placeChanged(placement, { ...change, changed: addresses, live })]).toEqual([['a2', undefined]])
    const moves = placeChanged(placement, { ...change, changed: addresses, live: new Set(['n2']) })
    expect([...moves]).toEqual([['a1', { node: 'n1', revision: 1 }]])
  })

  it('takes up what a rebalance moves, each by a revision of its own and with what was asked for', () => {
    const placement = takeUp(
      [
        ['a1', { node: 'n1', revision: 3, preferredNode: 'n9' }],
        ['a2', { node: 'n1', revision: 4 }],
      ],
      6,
    )
    const shifts = ['a1', 'a2'].map((key) => ({ key, from: 'n1', to: 'n2' }))
    expect([...placeShifted(placement, shifts)]).toEqual([
      ['a1', { node: 'n1', revision: 3, preferredNode: 'n9' }],
      ['a2', { node: 'n1', revision: 4 }],
    ])
    expect(placement.placed.get('a1')).toEqual({ node: 'n2', revision: 7, preferredNode: 'n9' })
    expect(placement.placed.get('a2')).toEqual({ node: 'n2', revision: 8 })
    expect([...placement.shares]).toEqual([['n2', new Set(['a1', 'a2'])]])
  })

  it('gives back the share of an address that is gone: the next one goes where it was', () => {
    const live = new Set(['n1', 'n2'])
    const placement = takeUp([], 0)
    const turn = (changed: readonly Placeable[], gone: readonly string[]) =>
      placeChanged(placement, { changed, gone, followed: new Map(), live, away: new Set() })
    turn(
      [1, 2, 3, 4].map((at) => placeable(at, ['n1', 'n2'])),
      [],
    )
    const node = placement.placed.get('a2')?.node
    turn([], ['a2'])
    turn([placeable(5, ['n1', 'n2'])], [])
    expect(placement.placed.get('a5')?.node).toBe(node)
  })
})
