import { describe, expect, it } from 'vitest'
import { waitingFor } from '../../../src/core/allocation/allocation.ts'
import type { Allocation } from '../../../src/core/allocation/allocation.ts'
import { heldCount, holdersFrom, poolUsage } from '../../../src/core/allocation/pool-usage.ts'
import { addressPoolSpec } from '../../../src/core/api/address-pool.ts'
import { settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { poolOf } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { claim, cluster, dual, outcome, preferred, put, refusal, repool } from './build.ts'

const lab = pool('lab', '10.0.0.1-10.0.0.3')

function leaving(name: string, addresses: string) {
  return poolOf(name, addressPoolSpec.parse({ addresses: addresses.split(',') }), { isLeaving: true })
}

/** What is said of the addresses that it had before. */
function words(world: Allocation, key: string): string | undefined {
  const decision = world.decisions.get(key)
  return decision?.kind === 'assign' || decision?.kind === 'keep' ? decision.inPlaceOf : 'no answer'
}

describe('a pool that is being deleted', () => {
  const gone = leaving('lab', '10.0.0.1-10.0.0.3,fd00::1')

  it('gives out nothing new, and Services keep what they have', () => {
    const world = cluster([gone], claim('a/1', { holds: '10.0.0.2' }), claim('a/2'))
    expect([outcome(world, 'a/1'), gone.state.reason]).toEqual(['10.0.0.2', 'Leaving'])
    expect(refusal(world, 'a/2')).toMatchObject({
      reason: 'PoolDisabled',
      message: 'AddressPool lab: it is being deleted; make another AddressPool with these addresses',
    })
    expect([waitingFor(world, 'lab'), poolUsage(world.ledger, gone, 'IPv4').available]).toEqual([1, 0])
    put(world, claim('a/3', { asksFor: '10.0.0.1' }))
    expect(outcome(world, 'a/3')).toBe('PoolDisabled')
    put(world, claim('a/1', preferred))
    expect(outcome(world, 'a/1')).toBe('10.0.0.2')
  })

  it('is in use as long as anybody holds an address from it', () => {
    const world = cluster([gone], claim('a/1', { ...dual, holds: '10.0.0.2,fd00::1' }))
    expect([heldCount(world.ledger, 'lab'), holdersFrom(world.ledger, 'lab')]).toEqual([2, ['a/1']])
    put(world, claim('a/1', { wantsLoadBalancer: false }))
    expect([heldCount(world.ledger, 'lab'), holdersFrom(world.ledger, 'lab')]).toEqual([0, []])
  })

  it('hands its Services over to another one with the same addresses', () => {
    const heir = pool('heir', '10.0.0.0/24')
    const world = cluster([gone], claim('a/1', { holds: '10.0.0.2' }))
    repool(world, settleOverlaps([gone, heir]))
    expect(world.pools.map(({ state }) => state.reason)).toEqual(['Leaving', 'Accepted'])
    expect(world.decisions.get('a/1')).toMatchObject({ kind: 'keep', pool: 'heir' })
    expect([heldCount(world.ledger, 'lab'), heldCount(world.ledger, 'heir')]).toEqual([0, 1])
    expect([holdersFrom(world.ledger, 'lab'), holdersFrom(world.ledger, 'heir')]).toEqual([[], ['a/1']])
    put(world, claim('a/1', { wantsLoadBalancer: false }))
    expect([heldCount(world.ledger, 'lab'), heldCount(world.ledger, 'heir')]).toEqual([0, 0])
  })

  it('counts what is held from it, and what is held from another one that lists it is counted there', () => {
    const [first, second] = [leaving('first', '10.0.0.1-10.0.0.2'), leaving('second', '10.0.0.2-10.0.0.3')]
    const world = cluster([first, second], claim('a/1', { holds: '10.0.0.2' }))
    expect(['first', 'second'].map((name) => heldCount(world.ledger, name))).toEqual([1, 0])
    put(world, claim('a/1', { wantsLoadBalancer: false }))
    expect(['first', 'second'].map((name) => heldCount(world.ledger, name))).toEqual([0, 0])
  })

  it('is in use by a Service of which it has one address and another pool the other', () => {
    const six = pool('six', 'fd01::1')
    const world = cluster([gone, six], claim('a/1', { ...dual, holds: '10.0.0.2,fd01::1' }))
    expect([holdersFrom(world.ledger, 'lab'), holdersFrom(world.ledger, 'six')]).toEqual([['a/1'], ['a/1']])
  })

  it('is no barrier to those that it does not admit', () => {
    const shut = poolOf('lab', addressPoolSpec.parse({ addresses: ['10.0.0.1'], namespaces: ['z'] }), {
      isLeaving: true,
    })
    expect(refusal(cluster([shut], claim('a/1')), 'a/1').reason).toBe('NotAdmitted')
  })
})

describe('a Service whose pool is edited', () => {
  it.each([
    ['quota below what is used', { quota: { perNamespace: 1 } }],
    ['retain', { retain: '1h' }],
    ['priority', { priority: 7 }],
    ['autoAssign', { autoAssign: false }],
    ['disabled', { disabled: true }],
    ['exclude', { exclude: ['10.0.0.1-10.0.0.3'] }],
    ['avoidBuggyIPs', { avoidBuggyIPs: true }],
  ])('keeps its address: %s', (_, spec) => {
    const world = cluster([lab], claim('a/1'), claim('a/2'))
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3', spec), pool('more', '10.9.0.1', { priority: 99 })])
    expect(['a/1', 'a/2'].map((key) => outcome(world, key))).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(words(world, 'a/1')).toBeUndefined()
  })

  it('keeps what it shares when the pool is no more for sharing across namespaces', () => {
    const share = (port: string) => ({ sharing: { key: 'k', ports: [port], sharesWith: ['*'] } })
    const open = pool('lab', '10.0.0.1-10.0.0.3', { sharing: 'Cluster' })
    const world = cluster([open], claim('a/1', share('TCP 1')), claim('b/1', share('TCP 2')))
    repool(world, [lab])
    put(world, claim('c/1', share('TCP 3')))
    expect(['a/1', 'b/1', 'c/1'].map((key) => outcome(world, key))).toEqual([
      '10.0.0.1',
      '10.0.0.1',
      '10.0.0.2',
    ])
  })

  it('is moved when the pool lists its address no more, and is told so as long as it has the other', () => {
    const world = cluster([lab], claim('a/1'))
    repool(world, [pool('lab', '10.0.0.9')])
    expect([outcome(world, 'a/1'), words(world, 'a/1')]).toEqual([
      '10.0.0.9',
      'in place of 10.0.0.1, which it no longer lists',
    ])
    put(world, claim('a/1', { labels: { a: 'b' } }))
    expect(words(world, 'a/1')).toBe('in place of 10.0.0.1, which it no longer lists')
    repool(world, [pool('lab', '10.0.0.9'), pool('more', '10.1.0.1')])
    put(world, claim('a/1', { asksPool: 'more' }))
    expect([outcome(world, 'a/1'), words(world, 'a/1')]).toEqual(['10.1.0.1', undefined])
  })

  it('is told what became of an address that is of no pool, or of one that is not for it, or of another Service', () => {
    const world = cluster([lab], claim('a/1'))
    repool(world, [pool('next', '10.0.0.9')])
    expect(words(world, 'a/1')).toBe('in place of 10.0.0.1, which no AddressPool lists')
    repool(world, [pool('next', '10.0.0.9', { namespaces: ['z'] }), lab])
    expect(words(world, 'a/1')).toBe(
      'in place of 10.0.0.9, which is of AddressPool next, which is not for it',
    )
    const twice = cluster([lab], claim('a/1', { holds: '10.0.0.1' }), claim('a/2', { holds: '10.0.0.1' }))
    expect(words(twice, 'a/2')).toBe('in place of 10.0.0.1, which belongs to a/1')
  })

  it('is told of both addresses that it lost', () => {
    const world = cluster([pool('lab', '10.0.0.1,fd00::1')], claim('a/1', dual))
    repool(world, [pool('lab', '10.0.0.2,fd00::2')])
    expect(words(world, 'a/1')).toBe(
      'in place of 10.0.0.1, which it no longer lists, and of fd00::1, which it no longer lists',
    )
  })

  it('that has other labels is told why it was moved', () => {
    const picky = pool('lab', '10.0.0.1', { serviceSelectors: [{ matchLabels: { a: 'b' } }] })
    const world = cluster([picky, pool('open', '10.1.0.1')], claim('a/1', { labels: { a: 'b' } }))
    put(world, claim('a/1'))
    expect([outcome(world, 'a/1'), words(world, 'a/1')]).toEqual([
      '10.1.0.1',
      'in place of 10.0.0.1, which is of AddressPool lab, which is not for it',
    ])
  })
})

describe('a status', () => {
  it('is taken up when a Service comes with one, and not looked at again', () => {
    const world = cluster([lab])
    put(world, claim('a/1', { holds: '10.0.0.3' }))
    put(world, claim('a/1', { holds: '10.0.0.2' }))
    expect(outcome(world, 'a/1')).toBe('10.0.0.3')
  })

  it('that is late does not bring back what was taken away', () => {
    const world = cluster([lab], claim('a/1', { holds: '10.0.0.3' }))
    repool(world, [])
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3', { disabled: true })])
    put(world, claim('a/1', { holds: '10.0.0.3' }))
    expect(outcome(world, 'a/1')).toBe('PoolDisabled')
  })

  it('that is taken up late serves those that would share', () => {
    const one = pool('one', '10.0.0.1,10.0.0.2', { exclude: ['10.0.0.2'] })
    const share = (port: string) => ({ sharing: { key: 'k', ports: [port] } })
    const world = cluster([one], claim('a/9'), claim('a/2', share('TCP 2')))
    expect(outcome(world, 'a/9')).toBe('PoolExhausted')
    expect([...put(world, claim('a/3', { ...share('TCP 3'), holds: '10.0.0.1' })).keys()]).toContain('a/3')
    expect(outcome(world, 'a/3')).toBe('10.0.0.1')
  })
})

describe('a Service that asks for another address', () => {
  const both = pool('both', '10.0.0.1-10.0.0.2,fd00::1')

  it('keeps its address of the other family', () => {
    const world = cluster([both], claim('a/1', preferred))
    put(world, claim('a/1', { ...preferred, asksFor: '10.0.0.2' }))
    expect([outcome(world, 'a/1'), words(world, 'a/1')]).toEqual(['10.0.0.2,fd00::1', undefined])
  })

  it('may name, with it, one that it has though others could not get that', () => {
    const world = cluster([pool('both', '10.0.0.1-10.0.0.2,fd00::1', { exclude: ['10.0.0.1'] })])
    put(world, claim('a/1', { holds: '10.0.0.1' }))
    put(world, claim('a/1', { ...dual, asksFor: '10.0.0.1,fd00::1' }))
    expect(outcome(world, 'a/1')).toBe('10.0.0.1,fd00::1')
  })

  it('and requires two families keeps to the pool that it asks for', () => {
    const pools = [pool('four', '10.0.0.1'), pool('pair', '10.1.0.1,fd01::1')]
    const world = cluster(pools, claim('a/1', { ...dual, asksPool: 'four', holds: '10.0.0.1' }))
    expect(outcome(world, 'a/1')).toBe('FamilyUnavailable 10.0.0.1')
  })
})
