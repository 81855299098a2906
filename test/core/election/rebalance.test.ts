import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Placeable } from '../../../src/core/election/placement.ts'
import { loadsOf, shiftsOf } from '../../../src/core/election/rebalance.ts'
import type { RebalanceView, Shift } from '../../../src/core/election/rebalance.ts'

const allNodes = ['n1', 'n2', 'n3', 'n4']

/** An address on a node, and the nodes it may be on; `!` is one of last resort, `+` a preferred one. */
interface Standing {
  readonly on: string
  readonly may: string
  readonly services?: readonly string[]
  readonly stays?: boolean
}

function placeable({ may, services }: Standing, index: number): Placeable {
  const candidates = may.split(' ').map((word) => {
    const node = word.replace(/[!+].*/, '')
    return { node, lastResort: word.includes('!'), ...(word.includes('+') && { preference: 50 }) }
  })
  const address = { family: 'IPv4', value: BigInt(index) } as const
  return { key: `a${index}`, address, candidates, ...(services && { services }) }
}

function viewOf(standing: readonly Standing[], live: readonly string[] = allNodes): RebalanceView {
  const addresses = standing.map(placeable)
  const placed = new Map(standing.map(({ on }, index) => [`a${index}`, { node: on }]))
  const mayMove = new Set(standing.flatMap(({ stays }, index) => (stays === true ? [] : `a${index}`)))
  return { addresses, placed, live: new Set(live), mayMove }
}

function moved(view: RebalanceView, shifts: readonly Shift[]): RebalanceView {
  const placed = new Map(view.placed)
  for (const { key, from, to } of shifts) {
    expect(placed.get(key)?.node).toBe(from)
    placed.set(key, { node: to })
  }
  return { ...view, placed }
}

function words(shifts: readonly Shift[]): string {
  return shifts.map(({ key, from, to }) => `${key} ${from}>${to}`).join(', ')
}

function repeated(count: number, one: Standing): readonly Standing[] {
  return Array.from({ length: count }, () => one)
}

function loads(view: RebalanceView, nodes: readonly string[] = allNodes): readonly number[] {
  const counted = loadsOf(view)
  return nodes.map((node) => counted.get(node) ?? 0)
}

/** The smaller, the more even. */
function cost(counted: readonly number[]): number {
  return counted.reduce((sum, count) => sum + count * count, 0)
}

/** The slow and obvious way: tries every placement, and answers the most even one's cost with the fewest moves to any such. */
function best(standing: readonly Standing[], chosen: readonly string[] = []): readonly [number, number] {
  const next = standing[chosen.length]
  if (!next) {
    const moves = standing.filter(({ on }, index) => on !== chosen[index]).length
    return [cost(allNodes.map((node) => chosen.filter((each) => each === node).length)), moves]
  }
  const nodes = next.stays === true ? [next.on] : next.may.split(' ')
  return nodes
    .map((node) => best(standing, [...chosen, node]))
    .reduce((a, b) => (b[0] < a[0] || (b[0] === a[0] && b[1] < a[1]) ? b : a))
}

const someNodes = fc.subarray(allNodes, { minLength: 1 })
const anyStanding: fc.Arbitrary<Standing> = someNodes.chain((nodes) =>
  fc.record({
    may: fc.constant(nodes.join(' ')),
    on: fc.constantFrom(...nodes),
    stays: fc.boolean().map((a) => a && nodes.length > 2),
  }),
)

describe('a rebalance', () => {
  it('gives a node that joins its share, and moves no more than that', () => {
    const rests = fc.subarray(['n2', 'n3', 'n4'], { minLength: 1 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), rests, (count, rest) => {
        const nodes = ['n1', ...rest]
        const standing = Array.from({ length: count }, (_, index) => {
          return { on: rest[index % rest.length] as string, may: nodes.join(' ') }
        })
        const before = viewOf(standing, nodes)
        const shifts = shiftsOf(before)
        expect(shifts.length).toBe(Math.floor(count / nodes.length))
        expect(shifts.every(({ to }) => to === 'n1')).toBe(true)
        const after = loads(moved(before, shifts), nodes)
        expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('finds the most even placement there is, and to that the fewest moves, whatever nodes each address may be on', () => {
    fc.assert(
      fc.property(fc.array(anyStanding, { maxLength: 6 }), (standing) => {
        const view = viewOf(standing)
        const shifts = shiftsOf(view)
        expect([cost(loads(moved(view, shifts))), shifts.length]).toEqual(best(standing))
        expect(new Set(shifts.map(({ key }) => key)).size).toBe(shifts.length)
      }),
      { numRuns: 400 },
    )
  })

  it('can be made in parts: after any part of it, what is left is the rest, and at last nothing', () => {
    fc.assert(
      fc.property(
        fc.array(anyStanding, { maxLength: 14 }),
        fc.infiniteStream(fc.nat()),
        (standing, picks) => {
          let view = viewOf(standing)
          for (let left = shiftsOf(view); left.length > 0;) {
            const shift = left[picks.next().value % left.length] as Shift
            view = moved(view, [shift])
            const rest = shiftsOf(view)
            expect(rest.length).toBe(left.length - 1)
            left = rest
          }
        },
      ),
    )
  })

  it('is the same whatever the order in which the addresses and nodes are listed', () => {
    const orders = fc.array(anyStanding, { maxLength: 10 }).chain((standing) => {
      const addresses = standing.map(placeable)
      const whole = { minLength: standing.length, maxLength: standing.length }
      const nodes = fc.shuffledSubarray(allNodes, { minLength: 4, maxLength: 4 })
      return fc.tuple(fc.constant(standing), fc.shuffledSubarray(addresses, whole), nodes)
    })
    fc.assert(
      fc.property(orders, ([standing, addresses, nodes]) => {
        const other = { ...viewOf(standing, nodes), addresses }
        expect(words(shiftsOf(other))).toBe(words(shiftsOf(viewOf(standing))))
      }),
      { numRuns: 500 },
    )
  })

  it('moves nothing that has one node to be on, as with policy Local and one endpoint', () => {
    const view = viewOf(
      [...repeated(5, { on: 'n1', may: 'n1' }), { on: 'n2', may: 'n2 n3' }],
      ['n1', 'n2', 'n3'],
    )
    expect(words(shiftsOf(view))).toBe('')
  })

  it('moves nothing that is where it is preferred, and brings what is not there', () => {
    const asked = { may: 'n1 n2+ n3' }
    expect(words(shiftsOf(viewOf(repeated(4, { on: 'n2', ...asked }))))).toBe('')
    expect(words(shiftsOf(viewOf([{ on: 'n1', ...asked }])))).toBe('a0 n1>n2')
    const among = repeated(4, { on: 'n1', may: 'n1+ n2+ n3' })
    expect(loads(moved(viewOf(among), shiftsOf(viewOf(among))))).toEqual([2, 2, 0, 0])
  })

  it('moves nothing to a node of last resort, nor to one that does not live, nor from that', () => {
    const cordoned = repeated(4, { on: 'n1', may: 'n1 n2!' })
    expect(words(shiftsOf(viewOf(cordoned, ['n1', 'n2'])))).toBe('')
    const all = repeated(4, { on: 'n1', may: 'n1 n2' })
    expect(words(shiftsOf(viewOf(all, ['n2'])))).toBe('')
    expect(words(shiftsOf(viewOf(all, ['n1'])))).toBe('')
  })

  it('counts what must stay, and evens the whole out with what may go', () => {
    const all = { on: 'n1', may: 'n1 n2 n3' }
    const view = viewOf([...repeated(3, { ...all, stays: true }), ...repeated(3, all)], ['n1', 'n2', 'n3'])
    expect(words(shiftsOf(view))).toBe('a3 n1>n2, a4 n1>n2, a5 n1>n3')
    expect(loads(moved(view, shiftsOf(view)))).toEqual([3, 2, 1, 0])
  })

  it('takes from the fullest node first, and to the emptiest first', () => {
    const may = 'n1 n2 n3'
    const view = (standing: readonly Standing[]): RebalanceView => viewOf(standing, ['n1', 'n2', 'n3'])
    const emptiest = [...repeated(5, { on: 'n1', may }), ...repeated(3, { on: 'n2', may })]
    expect(words(shiftsOf(view(emptiest)))).toBe('a0 n1>n3, a1 n1>n3')
    const fullest = [...repeated(4, { on: 'n1', may: 'n1 n3' }), ...repeated(8, { on: 'n2', may: 'n2 n4' })]
    const from = shiftsOf(viewOf(fullest)).map((shift) => shift.from)
    expect(from.join(' ')).toBe('n2 n2 n2 n2 n1 n1')
  })

  it('moves one that was asked to stay only where no other can in its place', () => {
    const view = viewOf(repeated(4, { on: 'n1', may: 'n1 n2' }), ['n1', 'n2'])
    const reluctant = new Set(['a0', 'a2'])
    expect(words(shiftsOf({ ...view, reluctant }))).toBe('a1 n1>n2, a3 n1>n2')
    expect(words(shiftsOf({ ...view, reluctant: new Set([...reluctant, 'a3']) }))).toBe('a1 n1>n2, a0 n1>n2')
  })

  it('parts as few addresses of one Service as can be', () => {
    const may = 'n1 n2'
    const pair = { on: 'n1', may, services: ['s/pair'] }
    const view = (standing: readonly Standing[]): RebalanceView => viewOf(standing, ['n1', 'n2'])
    const single = { on: 'n1', may, services: ['s/single'] }
    // The one that leaves nobody behind; both of a pair; the one whose other is there already.
    expect(words(shiftsOf(view([pair, pair, single])))).toBe('a2 n1>n2')
    expect(words(shiftsOf(view([pair, single, { ...single, services: ['s/other'] }, pair, pair])))).toBe(
      'a1 n1>n2, a2 n1>n2',
    )
    const pairs = [1, 2].flatMap((at) => repeated(2, { ...pair, services: [`s/${at}`] }))
    const four = [pairs[0], pairs[2], pairs[1], pairs[3]] as readonly Standing[]
    expect(words(shiftsOf(view(four)))).toBe('a0 n1>n2, a2 n1>n2')
    const torn = [single, { ...single, services: ['s/torn'] }, { on: 'n2', may, services: ['s/torn'] }]
    const more = repeated(2, { on: 'n1', may, services: ['s/x'] })
    expect(words(shiftsOf(view([...torn, ...more])))).toBe('a1 n1>n2')
  })
})
