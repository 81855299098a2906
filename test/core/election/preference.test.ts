import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { candidatesOf, everywhere, nameOf } from '../../../src/core/election/candidates.ts'
import type { Candidate, CandidateNode, CandidatePool } from '../../../src/core/election/candidates.ts'
import { place } from '../../../src/core/election/placement.ts'
import type { Placeable, Placed, Placement, PlacementView } from '../../../src/core/election/placement.ts'
import { parseAddress } from '../../../src/core/ip/address.ts'
import { announceOf } from '../../../src/core/pool/announce.ts'
import { Lan, dutyOf } from './lan.ts'

const all = ['n1', 'n2', 'n3']

/** Candidates from words such as `n1 n2+50 n3!`. */
function candidatesFrom(text: string): readonly Candidate[] {
  return text.split(' ').map((word) => {
    const [, node = '', last, weight] = /^(\w+)(!?)(?:\+(\d+))?$/.exec(word) ?? []
    const candidate = { node, lastResort: last === '!' }
    return weight === undefined ? candidate : { ...candidate, preference: Number(weight) }
  })
}

function placeable(index: number, candidates: string, preferredNode?: string): Placeable {
  const address = { family: 'IPv4', value: BigInt(index) } as const
  return { key: `a${index}`, address, candidates: candidatesFrom(candidates), preferredNode }
}

function run(
  addresses: readonly Placeable[],
  live: readonly string[],
  more: Partial<PlacementView> = {},
): Placement {
  const nobody = { away: new Set<string>(), current: new Map<string, Placed>() }
  return place({ ...nobody, revision: 0, ...more, addresses, live: new Set(live) })
}

/** The one address `a0`, placed on `on`, in words: node@revision. */
function next(on: string, one: Placeable, live: readonly string[], more: Partial<Placed> = {}, away = '') {
  const current = new Map([['a0', { node: on, revision: 1, ...more }]])
  const { placed } = run([one], live, { current, revision: 1, away: new Set([away]) })
  const { node, revision, preferredNode } = placed.get('a0') as Placed
  return `${node}@${revision}${preferredNode === undefined ? '' : ` asked ${preferredNode}`}`
}

describe('how much a node is preferred', () => {
  const address = parseAddress('10.0.0.5')!

  function preferences(pool: Partial<CandidatePool>, ...asked: readonly (string | undefined)[]): string {
    const labels: Readonly<Record<string, CandidateNode['labels']>> = {
      n1: { rack: 'a', disk: 'ssd' },
      n2: { rack: 'a' },
      n3: {},
    }
    const nodes = all.map((name) => {
      return { name, labels: labels[name] ?? {}, cordoned: false, networkUnavailable: false }
    })
    const services = (asked.length > 0 ? asked : [undefined]).map((preferredNode) => {
      return { policy: 'Cluster' as const, servingOn: new Set(['n1']), preferredNode }
    })
    return candidatesOf(address, { nodes, pool: { ...everywhere, ...pool }, services })
      .map(nameOf)
      .join(' ')
  }

  const preferredNodes = [
    { weight: 50, selector: { matchLabels: { rack: 'a' } } },
    { weight: 20, selector: { matchLabels: { disk: 'ssd' } } },
  ]

  it('are the weights of all terms that match it', () => {
    expect(preferences({ preferredNodes })).toBe('n1+70 n2+50 n3')
    expect(preferences({ preferredNodes: [{ weight: 7, selector: {} }] })).toBe('n1+7 n2+7 n3+7')
    expect(preferences({})).toBe('n1 n2 n3')
  })

  it('is more than all weights where a Service asks for it; the first Service that names a node is heard', () => {
    expect(preferences({ preferredNodes }, undefined, 'n3', 'n2')).toBe('n1+70 n2+50 n3+1000000')
    expect(preferences({}, 'n9')).toBe('n1 n2 n3')
  })

  it('is read from a pool as far as it can be', () => {
    const terms = [...preferredNodes, { weight: 'much', selector: {} }, { weight: 3 }, 'nonsense']
    expect(announceOf({ l2: { preferredNodes: terms } as never }).preferredNodes).toEqual(preferredNodes)
  })
})

describe('a preferred node', () => {
  it('gets every address that has to go somewhere, whatever the others have', () => {
    const many = Array.from({ length: 9 }, (_, index) => placeable(index, 'n1 n2+50 n3+20'))
    const nodes = (placement: Placement) => [...placement.placed.values()].map(({ node }) => node)
    expect(new Set(nodes(run(many, all)))).toEqual(new Set(['n2']))
    expect(new Set(nodes(run(many, ['n1', 'n3'])))).toEqual(new Set(['n3']))
  })

  it('shares them evenly with those that are preferred as much', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), (count) => {
        const addresses = Array.from({ length: count }, (_, index) => placeable(index, 'n1+5 n2+5 n3+4'))
        const on = [...run(addresses, all).placed.values()].map(({ node }) => node)
        const [one, two] = ['n1', 'n2'].map((name) => on.filter((node) => node === name).length)
        expect(on).not.toContain('n3')
        expect(Math.abs((one ?? 0) - (two ?? 0))).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('gets nothing that is placed elsewhere: neither when it is preferred from now on, nor when it comes back', () => {
    expect(next('n1', placeable(0, 'n1 n2+50 n3'), all)).toBe('n1@1')
  })

  it('gets nothing while it is a last resort and another one lives', () => {
    expect(run([placeable(0, 'n1 n2!+50')], all).placed.get('a0')?.node).toBe('n1')
  })

  it('is the next in line among the speakers, when the one that should announce dies', () => {
    const address = '192.168.10.200'
    for (const heir of ['n2', 'n3']) {
      const lan = new Lan('n1', 'n2', 'n3')
      const candidates = all.map((node) => ({ node, lastResort: false, preference: node === heir ? 5 : 0 }))
      lan.announce(dutyOf(address, ['n1'], { candidates }))
      lan.run(2_000)
      expect(lan.answererOf(address)).toEqual(['n1'])
      lan.kill('n1')
      lan.run(400)
      expect(lan.answererOf(address)).toEqual([heir])
    }
  })
})

describe('a Service that asks for a node', () => {
  const asking = (node: string, candidates = 'n1 n2+1000000 n3'): Placeable => placeable(0, candidates, node)

  it('has its address moved there by a newer revision, once', () => {
    expect(next('n1', asking('n2'), all)).toBe('n2@2 asked n2')
    expect(next('n1', asking('n2'), all, { preferredNode: 'n3' })).toBe('n2@2 asked n2')
    expect(next('n1', asking('n2'), all, { preferredNode: 'n2' })).toBe('n1@1 asked n2')
    expect(next('n2', asking('n2'), all)).toBe('n2@1 asked n2')
  })

  it('keeps it where it is when that one may not announce it, and for good', () => {
    expect(next('n1', asking('n9', 'n1 n2'), all)).toBe('n1@1 asked n9')
    expect(next('n1', asking('n2', 'n1 n2!+1000000'), all)).toBe('n1@1 asked n2')
    expect(next('n1', asking('n2'), ['n1', 'n3'])).toBe('n1@1 asked n2')
  })

  it('has it moved later when the speaker of that one is only away for a moment', () => {
    expect(next('n1', asking('n2'), ['n1', 'n3'], {}, 'n2')).toBe('n1@1')
    expect(next('n1', asking('n2'), all)).toBe('n2@2 asked n2')
  })

  it('leaves it where it is when it asks no more, and may ask again then', () => {
    expect(next('n2', placeable(0, 'n1 n2 n3'), all, { preferredNode: 'n2' })).toBe('n2@1')
    expect(next('n1', asking('n2'), all)).toBe('n2@2 asked n2')
  })
})
