import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareClaims } from '../../../src/core/allocation/claim.ts'
import type { Claim } from '../../../src/core/allocation/claim.ts'
import { WaitList } from '../../../src/core/allocation/wait-list.ts'
import { pool } from '../pool/build.ts'
import { claim, cluster, dual, outcome, preferred, put, refusal, remove } from './build.ts'

const one = pool('one', '10.0.0.1')
const share = (port: string, more: object = {}) => ({ sharing: { key: 'k', ports: [port], ...more } })

it('at the start each that waits is told why it waits now, when all others have what they get', () => {
  const both = pool('both', '10.0.0.1,fd00::1', { quota: { perNamespace: 1 } })
  const older = claim('a/older', { ...dual, createdAt: '2023-01-01T00:00:00Z' })
  const world = cluster([both], older, claim('a/younger'))
  const told = refusal(world, 'a/older')
  put(world, older)
  expect(refusal(world, 'a/older')).toEqual(told)
  expect(told.reason).toBe('PoolExhausted')
})

describe('a change', () => {
  const crowd = (count: number) => Array.from({ length: count }, (_, at) => claim(`a/${at}`, { arrival: at }))

  it('is answered for no more Services when a thousand wait than when ten do', () => {
    const answered = (count: number) => remove(cluster([one], ...crowd(count)), 'a/0').size
    expect([answered(11), answered(1001)]).toEqual([8, 8])
  })

  it('of how an address is shared is told to a few of the many that ask for it', () => {
    const asks = Array.from({ length: 20 }, (_, at) => claim(`b/${at}`, { asksFor: '10.0.0.1', arrival: at }))
    const world = cluster([one], claim('a/1', share('TCP 1')), ...asks)
    expect(put(world, claim('a/1', share('TCP 2'))).size).toBe(9)
    expect(remove(world, 'a/1').size).toBe(9)
  })

  it('frees as many as it can: the oldest get what is there', () => {
    const wide = pool('wide', '10.0.0.0/27', { quota: { perNamespace: 32 } })
    const world = cluster([wide], ...crowd(40))
    for (let at = 0; at < 8; at++) remove(world, `a/${at}`)
    expect([...world.claims.keys()].filter((key) => outcome(world, key).includes('.'))).toHaveLength(32)
  })

  it('serves the oldest of those that wait for a freed address, be it by address or for any', () => {
    const world = (asks: string, any: string) =>
      cluster(
        [one],
        claim('a/holder', { holds: '10.0.0.1' }),
        claim('a/asks', { asksFor: '10.0.0.1', createdAt: asks }),
        claim('a/any', { createdAt: any }),
      )
    const [early, late] = ['2024-02-01T00:00:00Z', '2024-02-02T00:00:00Z']
    for (const [asks, any, first] of [
      [early, late, 'a/asks'],
      [late, early, 'a/any'],
    ] as const) {
      const each = world(asks, any)
      remove(each, 'a/holder')
      expect(outcome(each, first)).toBe('10.0.0.1')
    }
  })

  it('passes over those that could not use what is free, however many they are', () => {
    const both = pool('both', '10.0.0.1,fd00::1')
    const many = Array.from({ length: 20 }, (_, at) => claim(`b/${at}`, { ...dual, arrival: at }))
    const six = claim('a/six', { families: ['IPv6'] })
    const world = cluster([both], claim('a/1'), six, ...many, claim('b/last', { arrival: 99 }))
    remove(world, 'a/1')
    expect(outcome(world, 'b/last')).toBe('10.0.0.1')
  })

  it('passes over those that ask for an address and need more than that, however many they are', () => {
    const both = pool('both', '10.0.0.1,fd00::1')
    const many = Array.from({ length: 20 }, (_, at) =>
      claim(`b/${at}`, { ...dual, asksFor: '10.0.0.1', arrival: at }),
    )
    const six = claim('a/six', { families: ['IPv6'] })
    const last = claim('b/last', { asksFor: '10.0.0.1', arrival: 99 })
    const world = cluster([both], claim('a/1', { holds: '10.0.0.1' }), six, ...many, last)
    remove(world, 'a/1')
    expect(outcome(world, 'b/last')).toBe('10.0.0.1')
  })

  it('in the namespace wakes those that the quota held back', () => {
    const tight = pool('tight', '10.0.0.0/24', { quota: { perNamespace: 1 } })
    const world = cluster([tight], claim('a/1'), claim('a/2'), claim('b/1'), claim('b/2'))
    expect([...remove(world, 'a/1').keys()]).toEqual(['a/2'])
    expect(refusal(world, 'b/2').waitsFor).toEqual(['quota tight b'])
  })

  it('of one that has one family for want of another goes on being looked for', () => {
    const both = pool('both', '10.0.0.1-10.0.0.3,fd00::1', { quota: { perNamespace: 3 } })
    const world = cluster([both], claim('a/1', { families: ['IPv6'] }), claim('b/1', preferred))
    expect(outcome(world, 'b/1')).toBe('10.0.0.1')
    expect([...remove(world, 'a/1').keys()]).toEqual(['b/1'])
    expect(outcome(world, 'b/1')).toBe('10.0.0.1,fd00::1')
  })

  it('tells those that ask for an address who has it now', () => {
    const asks = (at: number) => claim(`a/${at}`, { asksFor: '10.0.0.1', arrival: at })
    const world = cluster([one], asks(1), asks(2), asks(3))
    expect([...remove(world, 'a/1').keys()]).toEqual(['a/2', 'a/3'])
    expect(refusal(world, 'a/3').message).toContain('10.0.0.1 belongs to a/2')
  })

  it.each([
    ['ports', share('TCP 80')],
    ['key', { sharing: { key: 'l', ports: ['TCP 1'] } }],
    ['backend', share('TCP 1', { backend: 'x' })],
    ['namespaces', share('TCP 1', { sharesWith: [] })],
  ])('of how a holder shares wakes those that may share then: %s', (_, before) => {
    const cluster_ = pool('one', '10.0.0.1', { sharing: 'Cluster' })
    const world = cluster(
      [cluster_],
      claim('a/1', before),
      claim('b/2', share('TCP 80', { sharesWith: ['a'] })),
      claim('c/plain'),
    )
    expect(outcome(world, 'b/2')).toBe('PoolExhausted')
    expect([...put(world, claim('a/1', share('TCP 1', { sharesWith: ['b'] }))).keys()]).toEqual([
      'a/1',
      'b/2',
    ])
    expect(outcome(world, 'b/2')).toBe('10.0.0.1')
    expect([...put(world, claim('a/1', share('TCP 1', { sharesWith: ['b'] }))).keys()]).toEqual(['a/1'])
  })

  it('wakes those that share when one of several holders goes, however many others wait', () => {
    const holding = (port: string) => ({ ...share(port), holds: '10.0.0.1' })
    const older = crowd(20).map((each) => ({ ...each, createdAt: '2023-01-01T00:00:00Z' }))
    const [first, second, third] = [
      claim('b/1', holding('TCP 1')),
      claim('b/2', holding('TCP 2')),
      claim('b/3', share('TCP 2')),
    ]
    const world = cluster([one], first, second, third, ...older)
    expect(outcome(world, 'b/3')).toBe('PoolExhausted')
    remove(world, 'b/2')
    expect(outcome(world, 'b/3')).toBe('10.0.0.1')
  })
})

describe('sharing across namespaces', () => {
  const open = pool('lab', '10.0.0.1-10.0.0.9', { sharing: 'Cluster' })
  const asks = (port: string, sharesWith: readonly string[]) => ({
    asksFor: '10.0.0.1',
    ...share(port, { sharesWith }),
  })

  it.each([[['b']], [['*']], [['x', 'b']]])('takes the word of both, such as %j', (names) => {
    const world = cluster(
      [open],
      claim('a/1', share('TCP 1', { sharesWith: names })),
      claim('b/1', share('TCP 2', { sharesWith: ['a'] })),
    )
    expect(outcome(world, 'b/1')).toBe('10.0.0.1')
  })

  it.each([
    [
      'the pool does not allow it',
      pool('lab', '10.0.0.1-10.0.0.9'),
      ['b'],
      ['a'],
      '10.0.0.1 is shared with a/1 of another namespace, and AddressPool lab is shared within one; set its spec.sharing to Cluster or ask for another address',
    ],
    [
      'it does not name the other namespace',
      open,
      ['b'],
      ['c'],
      '10.0.0.1 is shared with a/1, and b/1 does not share with namespace a; add a to its lanlord.dev/sharing-namespaces',
    ],
    [
      'the other one does not name its namespace',
      open,
      [],
      ['a'],
      '10.0.0.1 is shared with a/1, and a/1 does not share with namespace b; add b to its lanlord.dev/sharing-namespaces',
    ],
  ])('is refused when %s', (_, lab, first, second, message) => {
    const world = cluster(
      [lab],
      claim('a/1', share('TCP 1', { sharesWith: first })),
      claim('b/1', asks('TCP 2', second)),
    )
    expect(refusal(world, 'b/1')).toMatchObject({ reason: 'SharingRefused', message })
    put(world, claim('b/1', share('TCP 2', { sharesWith: second })))
    expect(outcome(world, 'b/1')).toBe('10.0.0.2')
  })

  it('wants ports apart all the same', () => {
    const world = cluster(
      [open],
      claim('a/1', share('TCP 1', { sharesWith: ['*'] })),
      claim('b/1', asks('TCP 1', ['*'])),
    )
    expect(refusal(world, 'b/1').message).toContain('which has TCP 1 as well')
  })
})

describe('the list of those that wait', () => {
  const anyWait = fc.record({
    at: fc.nat(40),
    createdAt: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z', '2024-01-03T00:00:00Z'),
    arrival: fc.nat(9),
    act: fc.constantFrom('put', 'put', 'put', 'delete', 'setAside', 'restore'),
  })

  it('gives the oldest of those that are not set aside, whatever came and went', () => {
    fc.assert(
      fc.property(fc.array(anyWait, { minLength: 20, maxLength: 120 }), (acts) => {
        const list = new WaitList()
        const model = new Map<string, { readonly claim: Claim; isAside: boolean }>()
        for (const { at, act, ...age } of acts) {
          const waits = claim(`a/${at}`, age)
          const known = model.get(waits.key)
          if (act === 'put') {
            list.put(waits)
            model.set(waits.key, { claim: waits, isAside: known?.isAside ?? false })
          } else if (act === 'delete') {
            list.delete(waits.key)
            model.delete(waits.key)
          } else if (act === 'setAside') {
            expect(list.setAside(waits.key)).toBe(known?.isAside === false)
            if (known) known.isAside = true
          } else {
            list.restore()
            for (const each of model.values()) each.isAside = false
          }
          const there = [...model.values()].filter((each) => !each.isAside).map((each) => each.claim)
          expect(list.oldest).toEqual(there.toSorted(compareClaims)[0])
          expect(list.size).toBe(model.size)
        }
      }),
      { numRuns: 500 },
    )
  })
})
