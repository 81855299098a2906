import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate } from '../../../src/core/election/candidates.ts'
import {
  avoidedFor,
  detoursAfter,
  detoursDueAt,
  firstDetourMs,
  mendMs,
  mostDetourMs,
  noDetours,
  withDetours,
} from '../../../src/core/election/detours.ts'
import type { Detours } from '../../../src/core/election/detours.ts'
import type { Unheard } from '../../../src/core/election/unheard.ts'

const a = '10.0.0.1'
const b = '10.0.0.2'

function candidates(...nodes: readonly string[]): readonly Candidate[] {
  return nodes.map((node) => ({ node: node.replace('!', ''), lastResort: node.endsWith('!') }))
}

function unheard(node: string, result: Unheard['result'] = 'Unanswered'): Unheard {
  return { node, result, witnesses: ['x', 'y'], others: [] }
}

interface Case {
  readonly said?: readonly (readonly [key: string, unheard: Unheard])[]
  readonly able?: readonly Candidate[]
  readonly absent?: readonly string[]
}

function after(
  before: Detours,
  now: number,
  { said = [[a, unheard('one')]], able = candidates('one', 'two'), absent = [] }: Case = {},
): Detours {
  const view = {
    unheard: new Map(said),
    candidatesOf: () => able,
    isPresent: (node: string) => !absent.includes(node),
  }
  return detoursAfter(before, view, now)
}

/** What is avoided when that is said for as long as it takes. */
function avoided(one: Case = {}): readonly string[] {
  return avoidedFor(after(after(noDetours, 0, one), mendMs, one), a, mendMs)
}

describe('an address for which its announcer does not answer', () => {
  it('goes elsewhere when that has not mended in ten seconds', () => {
    const first = after(noDetours, 0)
    expect(detoursDueAt(first, 0)).toBe(mendMs)
    expect(avoidedFor(after(first, mendMs - 1), a, mendMs - 1)).toEqual([])
    expect(avoidedFor(after(first, mendMs), a, mendMs)).toEqual(['one'])
  })

  it('stays when it was well in between, though only for a moment', () => {
    const mended = after(after(noDetours, 0), mendMs - 1, { said: [] })
    expect(avoidedFor(after(mended, mendMs), a, mendMs)).toEqual([])
  })

  it('waits anew when another node announces it meanwhile', () => {
    const moved = after(after(noDetours, 0), mendMs, { said: [[a, unheard('two')]] })
    expect(avoidedFor(moved, a, mendMs)).toEqual([])
  })

  it('stays where no other node may announce it, is there, and is answered itself', () => {
    expect(avoided({ able: candidates('one') })).toEqual([])
    expect(avoided({ able: candidates('one', 'two!') })).toEqual([])
    expect(avoided({ absent: ['two'] })).toEqual([])
    const both = [[a, unheard('one')] as const, [b, unheard('two')] as const]
    expect(avoided({ said: both })).toEqual([])
    expect(avoided({ said: both, able: candidates('one', 'two', 'three') })).toEqual(['one'])
  })

  it('stays when it is only answered by somebody else, too', () => {
    expect(avoided({ said: [[a, unheard('one', 'AnsweredTwice')]] })).toEqual([])
    expect(avoided({ said: [[a, unheard('one', 'AnsweredElsewhere')]] })).toEqual(['one'])
  })

  it('does not come back before ten minutes, and then not by itself: the node is a candidate like the others', () => {
    const gone = after(after(noDetours, 0), mendMs)
    expect(detoursDueAt(gone, mendMs)).toBe(mendMs + firstDetourMs)
    const end = mendMs + firstDetourMs
    expect(avoidedFor(after(gone, end - 1, { said: [] }), a, end - 1)).toEqual(['one'])
    expect(avoidedFor(after(gone, end, { said: [] }), a, end)).toEqual([])
  })
})

describe('a detour', () => {
  it('is forgotten after as long again in peace, and the next one is as short as the first', () => {
    const gone = after(after(noDetours, 0), mendMs)
    const later = mendMs + 2 * firstDetourMs
    const forgotten = after(gone, later, { said: [] })
    expect(forgotten.standing.size).toBe(0)
    const again = after(after(forgotten, later), later + mendMs)
    expect(detoursDueAt(again, later + mendMs)).toBe(later + mendMs + firstDetourMs)
  })
})

describe('the candidates', () => {
  it('are those of the cluster, with who is avoided behind all others', () => {
    const all = candidates('one', 'two')
    expect(withDetours(all, [])).toBe(all)
    expect(withDetours(all, ['one'])).toEqual(candidates('one!', 'two'))
  })
})

/** An address that nobody ever hears, wherever it is, and what becomes of it in so long. */
function movesOf(nodes: readonly string[], forMs: number, isHeard: (at: number) => boolean): number[] {
  const able = candidates(...nodes)
  let [detours, node, moves]: [Detours, string, number[]] = [noDetours, nodes[0] ?? '', []]
  for (let now = 0; now < forMs; now += 5_000) {
    detours = after(detours, now, { said: isHeard(now) ? [] : [[a, unheard(node)]], able })
    const placed = withDetours(able, avoidedFor(detours, a, now))
    const good = placed.filter(({ lastResort }) => !lastResort).map((each) => each.node)
    if (good.length === 0 || good.includes(node)) continue
    node = good[0] ?? node
    moves.push(now)
  }
  return moves
}

describe('an address that nobody is heard to answer for, whoever announces it', () => {
  it.each([2, 9])('moves once, then after ten minutes, twenty, forty, and so on, among %i nodes', (count) => {
    const nodes = Array.from({ length: count }, (_, at) => `node-${at}`)
    const moves = movesOf(nodes, 6 * 3_600_000, () => false)
    const waits = moves.slice(1).map((at, index) => at - (moves[index] as number))
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8].map((times) => times * firstDetourMs))
    expect(Math.max(...waits)).toBeLessThanOrEqual(mostDetourMs)
  })

  it('never moves twice in ten minutes, whatever is heard when', () => {
    const arbitrary = fc.array(fc.boolean(), { minLength: 100, maxLength: 400 })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), arbitrary, (count, heard) => {
        const nodes = Array.from({ length: count }, (_, at) => `node-${at}`)
        const moves = movesOf(nodes, heard.length * 5_000, (at) => heard[at / 5_000] ?? true)
        for (const [index, at] of moves.slice(1).entries())
          expect(at - (moves[index] as number)).toBeGreaterThanOrEqual(firstDetourMs)
      }),
    )
  })
})
