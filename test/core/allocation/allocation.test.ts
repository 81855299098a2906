import { describe, expect, it } from 'vitest'
import { shelfOf } from '../../../src/core/allocation/ledger.ts'
import { poolUsage } from '../../../src/core/allocation/pool-usage.ts'
import { memoryLimit } from '../../../src/core/allocation/shelf.ts'
import { settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { pool } from '../pool/build.ts'
import { claim, cluster, dual, outcome, preferred, put, refusal, remove, repool } from './build.ts'

const one = pool('one', '10.0.0.1')
const lab = pool('lab', '10.0.0.1-10.0.0.3')

describe('at the start', () => {
  it('what stands in a status is adopted before anything is given away', () => {
    const world = cluster([one], claim('a/new'), claim('b/holder', { holds: '10.0.0.1' }))
    expect([outcome(world, 'a/new'), outcome(world, 'b/holder')]).toEqual(['PoolExhausted', '10.0.0.1'])
  })

  it('of two that hold one address the older keeps it and the younger gets another', () => {
    const young = claim('a/young', { holds: '10.0.0.1', createdAt: '2024-01-02T00:00:00Z' })
    const world = cluster([lab], young, claim('z/old', { holds: '10.0.0.1' }))
    expect([outcome(world, 'a/young'), outcome(world, 'z/old')]).toEqual(['10.0.0.2', '10.0.0.1'])
  })

  it('the waiting ones are served oldest first, then by arrival, then by name as people count', () => {
    const names = ['a/web-10', 'a/web-2', 'a/late', 'a/old']
    const world = cluster(
      [lab],
      claim('a/web-10'),
      claim('a/web-2'),
      claim('a/late', { arrival: 1 }),
      claim('a/old', { createdAt: '2023-01-01T00:00:00Z' }),
    )
    expect(names.map((name) => outcome(world, name))).toEqual([
      '10.0.0.3',
      '10.0.0.2',
      'PoolExhausted',
      '10.0.0.1',
    ])
  })

  it('what is given up for another pool goes to an older one that waits for it', () => {
    const two = pool('two', '10.2.0.1')
    const waits = claim('a/waits', { asksPool: 'two' })
    const world = cluster([one, two], waits, claim('b/moves', { asksPool: 'one', holds: '10.2.0.1' }))
    expect([outcome(world, 'a/waits'), outcome(world, 'b/moves')]).toEqual(['10.2.0.1', '10.0.0.1'])
  })

  it('a Service that is not ours holds nothing', () => {
    const world = cluster([one], claim('a/other', { holds: '10.0.0.1', wantsLoadBalancer: false }))
    expect([outcome(world, 'a/other'), world.ledger.holdings.size]).toEqual(['release', 0])
  })
})

describe('a waiting Service', () => {
  it('is served at once when an address is freed, the oldest first', () => {
    const young = claim('a/young', { createdAt: '2024-01-02T00:00:00Z' })
    const world = cluster([one], claim('a/holder', { holds: '10.0.0.1' }), young, claim('a/old'))
    const decided = remove(world, 'a/holder')
    expect(decided.get('a/old')).toMatchObject({ kind: 'assign', pool: 'one' })
    expect([outcome(world, 'a/old'), outcome(world, 'a/young')]).toEqual(['10.0.0.1', 'PoolExhausted'])
  })

  it('is decided again only when something that it waits for changes', () => {
    const other = pool('other', '10.1.0.1', { autoAssign: false })
    const elsewhere = claim('a/elsewhere', { asksPool: 'other' })
    const world = cluster([one, other], claim('a/holder', { holds: '10.0.0.1' }), elsewhere, claim('a/waits'))
    expect([...remove(world, 'a/elsewhere').keys()]).toEqual([])
    expect([...remove(world, 'a/unknown').keys()]).toEqual([])
    expect([...put(world, claim('a/holder', { labels: { a: 'b' } })).keys()]).toEqual(['a/holder'])
    expect([...put(world, claim('a/new', { arrival: 1 })).keys()]).toEqual(['a/new'])
    expect([...put(world, claim('a/holder', { wantsLoadBalancer: false })).keys()]).toEqual([
      'a/holder',
      'a/waits',
      'a/new',
    ])
  })

  it('is served when another one moves away, and so on down the line', () => {
    const two = pool('two', '10.2.0.1')
    const world = cluster(
      [one, two],
      claim('a/1', { holds: '10.0.0.1' }),
      claim('a/2', { holds: '10.2.0.1', asksFor: '10.0.0.1' }),
      claim('a/3', { asksPool: 'two' }),
    )
    expect(outcome(world, 'a/2')).toBe('AddressInUse 10.2.0.1')
    expect([...remove(world, 'a/1').keys()]).toEqual(['a/2', 'a/3'])
    expect([outcome(world, 'a/2'), outcome(world, 'a/3')]).toEqual(['10.0.0.1', '10.2.0.1'])
  })

  it('is served when its pool grows or appears', () => {
    const world = cluster([], claim('a/a'))
    expect(outcome(world, 'a/a')).toBe('NoPool')
    repool(world, [one])
    expect(outcome(world, 'a/a')).toBe('10.0.0.1')
  })

  it('that prefers two families gets the second one when it is freed in its pool', () => {
    const both = pool('both', '10.0.0.1-10.0.0.9,fd00::1')
    const world = cluster([both], claim('a/1', preferred), claim('a/2', preferred), claim('a/3', preferred))
    expect(outcome(world, 'a/2')).toBe('10.0.0.2')
    expect([...remove(world, 'a/1').keys()]).toEqual(['a/2', 'a/3'])
    expect([outcome(world, 'a/2'), outcome(world, 'a/3')]).toEqual(['10.0.0.2,fd00::1', '10.0.0.3'])
  })

  it('that prefers two families of a pool with one is not looked at again and again', () => {
    const world = cluster([lab], claim('a/1', preferred), claim('a/2', preferred))
    expect([...remove(world, 'a/1').keys()]).toEqual([])
  })

  it('is served from what was freed in another pool than that of its holder’s first address', () => {
    const four = pool('four', '10.0.0.1')
    const six = pool('six', 'fd00::1')
    const both = { families: ['IPv4', 'IPv6'], familyPolicy: 'RequireDualStack' } as const
    const waits = claim('a/waits', { families: ['IPv6'], asksPool: 'six' })
    const world = cluster([four, six], claim('a/holder', { ...both, holds: '10.0.0.1,fd00::1' }), waits)
    expect(outcome(world, 'a/waits')).toBe('PoolExhausted')
    remove(world, 'a/holder')
    expect(outcome(world, 'a/waits')).toBe('fd00::1')
  })
})

describe('when the pools change', () => {
  it('what is still valid stays, and the rest is decided anew, oldest first', () => {
    const world = cluster([lab], claim('a/1'), claim('a/2'), claim('a/3'))
    repool(world, [pool('lab', '10.0.0.2-10.0.0.3')])
    expect(['a/1', 'a/2', 'a/3'].map((key) => outcome(world, key))).toEqual([
      'PoolExhausted',
      '10.0.0.2',
      '10.0.0.3',
    ])
  })

  it('a status that was not written yet does not count against what was decided', () => {
    const world = cluster([lab], claim('a/1', { holds: '10.9.9.9' }))
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3'), pool('more', '10.9.9.9')])
    expect(outcome(world, 'a/1')).toBe('10.0.0.1')
  })

  it('a Service that is not admitted any more loses its address', () => {
    const world = cluster([lab], claim('a/1'))
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3', { namespaces: ['b'] })])
    expect(refusal(world, 'a/1').reason).toBe('NotAdmitted')
  })
})

describe('a freed address', () => {
  const three = () => cluster([lab], claim('a/1'), claim('a/2'), claim('a/3'))

  it('goes back to the Service of the same name, though others are free', () => {
    const world = cluster([pool('lab', '10.0.0.1-10.0.0.9')], claim('a/1'), claim('a/2'))
    remove(world, 'a/1')
    put(world, claim('a/3'))
    put(world, claim('a/1'))
    expect([outcome(world, 'a/1'), outcome(world, 'a/3')]).toEqual(['10.0.0.1', '10.0.0.3'])
  })

  it('goes to a stranger last: first those that were never held, then the longest freed', () => {
    const world = three()
    remove(world, 'a/2')
    remove(world, 'a/1')
    put(world, claim('a/4'))
    put(world, claim('a/5'))
    expect([outcome(world, 'a/4'), outcome(world, 'a/5')]).toEqual(['10.0.0.2', '10.0.0.1'])
  })

  it('is remembered when the pools change', () => {
    const world = three()
    remove(world, 'a/1')
    repool(world, [pool('lab', '10.0.0.1-10.0.0.5')])
    put(world, claim('a/4'))
    put(world, claim('a/1'))
    expect([outcome(world, 'a/4'), outcome(world, 'a/1')]).toEqual(['10.0.0.4', '10.0.0.1'])
    repool(world, [pool('lab', '10.0.0.2-10.0.0.5'), pool('new', '10.0.0.1')])
    expect(outcome(world, 'a/1')).toBe('10.0.0.1')
  })

  it('is not forgotten because others are only looked at again', () => {
    const many = Array.from({ length: memoryLimit }, (_, at) => claim(`b/${at}`))
    const world = cluster([pool('lab', '10.0.0.0/16')], claim('a/first', { createdAt: '' }), ...many)
    for (const { key } of many) remove(world, key)
    put(world, claim('a/first', { labels: { some: 'label' } }))
    put(world, claim('a/new'))
    expect(outcome(world, 'a/new')).toBe(`10.0.${(memoryLimit + 1) >> 8}.1`)
  })

  it('of a pool that is deleted and made again goes back to its Service, also under another name of the pool', () => {
    const names = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5']
    const world = cluster([pool('lab', '10.0.0.1-10.0.0.9')], ...names.map((name) => claim(name)))
    remove(world, 'a/1')
    remove(world, 'a/3')
    const had = ['a/2', 'a/4', 'a/5'].map((name) => outcome(world, name))
    for (const name of ['lab', 'new']) {
      repool(world, [])
      put(world, claim('a/0', { createdAt: '' }))
      repool(world, [pool('other', '10.9.9.9', { autoAssign: false })])
      repool(world, [pool(name, '10.0.0.1-10.0.0.9')])
      expect(['a/2', 'a/4', 'a/5'].map((each) => outcome(world, each))).toEqual(had)
    }
    put(world, claim('a/3'))
    expect(['a/3', 'a/0'].map((each) => outcome(world, each))).toEqual(['10.0.0.3', '10.0.0.6'])
  })

  it('that was freed while no pool could give it is remembered all the same', () => {
    const world = cluster([lab], claim('a/1'), claim('a/2'))
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3', { exclude: ['10.0.0.1-10.0.0.2'] })])
    remove(world, 'a/2')
    repool(world, [lab])
    put(world, claim('a/3'))
    put(world, claim('a/2'))
    expect([outcome(world, 'a/3'), outcome(world, 'a/2')]).toEqual(['10.0.0.3', '10.0.0.2'])
  })

  it('of which no pool knows is remembered within a bound, the latest for sure', () => {
    const many = Array.from({ length: memoryLimit + 1 }, (_, at) => claim(`b/${at}`, { arrival: at }))
    const wide = pool('lab', '10.0.0.0/16')
    const world = cluster([wide], ...many)
    repool(world, [])
    expect(world.ledger.unlisted.size).toBe(memoryLimit)
    for (const { key } of many) remove(world, key)
    repool(world, [wide])
    put(world, claim('a/new'))
    put(world, many.at(-1)!)
    expect([outcome(world, 'a/new'), outcome(world, `b/${memoryLimit}`)]).toEqual(['10.0.0.0', '10.0.16.0'])
  })

  it('is forgotten when it is no longer in the pool', () => {
    const world = three()
    remove(world, 'a/1')
    repool(world, [pool('lab', '10.0.0.2-10.0.0.4')])
    put(world, claim('a/1'))
    expect(outcome(world, 'a/1')).toBe('10.0.0.4')
  })
})

describe('the first address of an IPv6 network', () => {
  const six = { families: ['IPv6'] } as const
  const given = (entries: string, spec: object = {}) =>
    outcome(cluster([pool('lab', entries, spec)], claim('a/1', six)), 'a/1')

  it('is the one of its routers, and is given only to a Service that asks for it', () => {
    const net = pool('lab', 'fd00::/126,fd00:1::1')
    const world = cluster([net], ...['a/1', 'a/2', 'a/3', 'a/4', 'a/5'].map((name) => claim(name, six)))
    expect(['a/1', 'a/2', 'a/3', 'a/4', 'a/5'].map((name) => outcome(world, name))).toEqual([
      'fd00::1',
      'fd00::2',
      'fd00::3',
      'fd00:1::1',
      'PoolExhausted',
    ])
    put(world, claim('a/5', { ...six, asksFor: 'fd00::' }))
    expect(outcome(world, 'a/5')).toBe('fd00::')
    expect(poolUsage(world.ledger, net, 'IPv6')).toMatchObject({ total: 4, allocated: 5, available: 0 })
  })

  it.each([
    ['fd00::/127', 'fd00::'],
    ['fd00::/128', 'fd00::'],
    ['fd00::-fd00::ff', 'fd00::'],
    ['fd00::/64', 'fd00::1'],
    ['fd00::/64,fd00:0:0:1::/64', 'fd00::1'],
  ])('%s begins to give out with %s', (entries, first) => {
    expect(given(entries)).toBe(first)
  })

  it('is not given at all when it is excluded', () => {
    const world = cluster([pool('lab', 'fd00::/64', { exclude: ['fd00::'] })])
    put(world, claim('a/1', { ...six, asksFor: 'fd00::' }))
    expect(outcome(world, 'a/1')).toBe('AddressReserved')
  })
})

describe('the usage of a pool', () => {
  it('counts addresses that are held, shared ones once, also those that are excluded', () => {
    const cut = pool('cut', '10.0.0.0/29', { exclude: ['10.0.0.7'] })
    const share = (port: string) => ({ holds: '10.0.0.7', sharing: { key: 'k', ports: [port] } })
    const world = cluster([cut], claim('a/1'), claim('a/2', share('TCP 1')), claim('a/3', share('TCP 2')))
    const use = () => poolUsage(world.ledger, cut, 'IPv4')
    expect(use()).toMatchObject({ total: 7, allocated: 2, available: 6 })
    remove(world, 'a/2')
    expect(use()).toMatchObject({ total: 7, allocated: 2, available: 6 })
    remove(world, 'a/3')
    expect(use()).toMatchObject({ total: 7, allocated: 1, available: 6 })
  })

  it('of one that is not Ready counts what is held from it, not what is held from the older pool, and nothing is free', () => {
    const [first, second] = settleOverlaps([
      pool('first', '10.0.0.1-10.0.0.3,fd00::1-fd00::2'),
      pool('second', '10.0.0.2-10.0.0.9,fd00::1'),
    ])
    const world = cluster(
      [first!, second!],
      claim('a/1', dual),
      claim('a/2'),
      claim('a/3', { holds: '10.0.0.7' }),
    )
    expect(world.pools.map(({ state }) => state.reason)).toEqual(['Accepted', 'Overlaps'])
    expect(poolUsage(world.ledger, first!, 'IPv4')).toMatchObject({ total: 3, allocated: 2, available: 1 })
    expect(poolUsage(world.ledger, second!, 'IPv4')).toMatchObject({ total: 8, allocated: 1, available: 0 })
    expect(poolUsage(world.ledger, second!, 'IPv6')).toMatchObject({ total: 1, allocated: 0, available: 0 })
  })

  it('of a pool that the ledger was not made for is an error of ours', () => {
    expect(() => shelfOf(cluster([]).ledger, 'lab', 'IPv4')).toThrow('the ledger has no pool lab')
  })
})
