import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answersAll } from '../../../src/core/allocation/answers-all.ts'
import { nextToGive, quarantine } from '../../../src/core/allocation/allocation.ts'
import type { Allocation } from '../../../src/core/allocation/allocation.ts'
import type { Quarantined } from '../../../src/core/allocation/memory.ts'
import { quarantineText } from '../../../src/core/allocation/quarantine.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { addresses, claim, cluster, outcome, preferred, put, remove, start } from './build.ts'

const mac = '02:00:00:00:00:0a'

function entriesOf(text: string): readonly Quarantined[] {
  return addresses(text).map((address) => ({ address, mac, seen: start }))
}

/** Takes the addresses from those that hold them, for another device answers. */
function withdraw(world: Allocation, text: string) {
  return quarantine(world, entriesOf(text), start, addresses(text))
}

function next(world: Allocation, lab: Pool, count = 8, family: 'IPv4' | 'IPv6' = 'IPv4'): string {
  return nextToGive(world, lab, family, count).map(formatAddress).join()
}

const lab = pool('lab', '10.0.0.1-10.0.0.4,fd00::1-fd00::4')

test('the addresses that are given next are told in their order, and no more than asked for', () => {
  const world = cluster([lab], claim('a/a'))
  expect(next(world, lab)).toBe('10.0.0.2,10.0.0.3,10.0.0.4')
  expect(next(world, lab, 2)).toBe('10.0.0.2,10.0.0.3')
  expect(next(world, lab, 2, 'IPv6')).toBe('fd00::1,fd00::2')
})

test('an address that was freed comes behind those that were never held, and a quarantined one not at all', () => {
  const world = cluster([lab], claim('a/a'), claim('a/b'))
  remove(world, 'a/a')
  quarantine(world, entriesOf('10.0.0.3'), start)
  expect(next(world, lab)).toBe('10.0.0.4,10.0.0.1')
})

test('an address that was never held and is quarantined no more is the first of all again', () => {
  const world = cluster([lab], claim('a/a'))
  quarantine(world, entriesOf('10.0.0.2'), start)
  put(world, claim('a/b'))
  quarantine(world, [], start)
  expect(next(world, lab)).toBe('10.0.0.2,10.0.0.4')
})

test('what is withdrawn and nobody holds is quarantined, and nobody is decided anew', () => {
  const world = cluster([lab], claim('a/a'))
  expect(withdraw(world, '10.0.0.2').size).toBe(0)
  expect(next(world, lab)).toBe('10.0.0.3,10.0.0.4')
})

test('a pool that gives nothing out, or that nobody announces, has none that are given next', () => {
  const silent = pool('lab', '10.0.0.1', { l2: { enabled: false } })
  for (const each of [pool('lab', '10.0.0.1', { disabled: true }), { ...lab, isLeaving: true }, silent]) {
    expect(next(cluster([each]), each)).toBe('')
  }
})

test('what is told is what Services get, one after the other, whatever happened before', () => {
  const step = fc.record({ name: fc.integer({ min: 0, max: 9 }), isGone: fc.boolean() })
  const small = pool('lab', '10.0.0.1-10.0.0.9')
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.subarray([1, 4, 7]), (steps, bad) => {
      const world = cluster([small])
      for (const { name, isGone } of steps) {
        if (isGone) remove(world, `a/${name}`)
        else put(world, claim(`a/${name}`))
      }
      quarantine(world, entriesOf(bad.map((host) => `10.0.0.${host}`).join()), start)
      const told = next(world, small, 100)
      const got = told.split(',').map((_, index) => {
        put(world, claim(`new/${index}`))
        return outcome(world, `new/${index}`)
      })
      expect(told === '' ? 'PoolExhausted' : told).toBe(got.join())
    }),
  )
})

test('a Service whose address was never announced, because another device answers, gets another one and reads why', () => {
  const world = cluster([lab], claim('a/a'))
  const decided = withdraw(world, '10.0.0.1')
  expect(outcome(world, 'a/a')).toBe('10.0.0.2')
  expect(decided.get('a/a')).toMatchObject({
    inPlaceOf: `in place of 10.0.0.1, which another device (${mac}) answers for`,
  })
})

test('a Service that asked for that address is refused with the MAC, and gets it once nobody else answers', () => {
  const world = cluster([lab], claim('a/a', { asksFor: '10.0.0.1' }))
  withdraw(world, '10.0.0.1')
  expect(world.decisions.get('a/a')).toMatchObject({ kind: 'refuse', reason: 'AddressConflict' })
  expect(
    JSON.stringify(world.decisions.get('a/a'), (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
  ).toContain(mac)
  quarantine(world, [], start)
  expect(outcome(world, 'a/a')).toBe('10.0.0.1')
})

test('of two addresses of a Service only the one that another device answers for is another one then', () => {
  const world = cluster([lab], claim('a/a', preferred))
  withdraw(world, 'fd00::1')
  expect(outcome(world, 'a/a')).toBe('10.0.0.1,fd00::2')
})

test('all that share a withdrawn address get another one together', () => {
  const sharing = (port: string) => ({ sharing: { key: 'one', ports: [port] } })
  const world = cluster([lab], claim('a/a', sharing('TCP 80')), claim('a/b', sharing('TCP 81')))
  withdraw(world, '10.0.0.1')
  expect([outcome(world, 'a/a'), outcome(world, 'a/b')]).toEqual(['10.0.0.2', '10.0.0.2'])
})

test('a Service that is refused when its only address is withdrawn waits for the pool', () => {
  const tiny = pool('lab', '10.0.0.1')
  const world = cluster([tiny], claim('a/a'))
  withdraw(world, '10.0.0.1')
  expect(outcome(world, 'a/a')).toBe('PoolExhausted')
  quarantine(world, [], start)
  expect(outcome(world, 'a/a')).toBe('10.0.0.1')
})

test('who is told of many quarantined addresses reads the first three, and how many more there are', () => {
  const entry = (host: number) => ({ address: `10.0.0.${host}`, mac })
  expect(quarantineText([], 'lab')).toBeUndefined()
  expect(quarantineText([entry(1)], 'lab')).toBe(
    `another device answers for 10.0.0.1 (${mac}): nobody new gets it while that lasts; take the address off that device, or exclude it from AddressPool lab`,
  )
  const many = quarantineText([1, 2, 3, 4, 5].map(entry), 'lab')
  expect(many).toContain(`10.0.0.3 (${mac}) and 2 more`)
  expect(many).not.toContain('10.0.0.4')
})

/** The addresses of a /24 up to this one. */
function upTo(last: number, network = '10.0.0'): string {
  return Array.from({ length: last + 1 }, (_, at) => `${network}.${at}`).join()
}

test('a device that answers for eight addresses of a pool answers for whatever it is asked: that is said, once for it', () => {
  const wide = pool('wide', '10.0.1.0/24')
  const world = cluster([lab, wide])
  const foreign = (last: number) => entriesOf(upTo(last, '10.0.1'))
  quarantine(world, [...foreign(6), ...entriesOf('10.0.0.1')], start)
  expect(answersAll(world.ledger, wide)).toEqual([])
  quarantine(world, foreign(7), start)
  const [remark] = answersAll(world.ledger, wide)
  expect(remark).toMatchObject({ reason: 'ProxyArp', message: expect.stringContaining(mac) as string })
  quarantine(world, foreign(99), start)
  expect(answersAll(world.ledger, wide)).toEqual([remark])
  expect(answersAll(world.ledger, lab)).toEqual([])
})

test('where others answer for 256 addresses of a pool nobody is given one after the other, and it says why', () => {
  const wide = pool('wide', '10.0.0.0/16')
  const world = cluster([wide])
  quarantine(world, entriesOf(upTo(239)), start)
  expect(next(world, wide, 1)).toBe('10.0.0.240')
  quarantine(world, entriesOf(upTo(240)), start)
  expect(next(world, wide)).toBe('')
  quarantine(world, entriesOf(upTo(255)), start)
  put(world, claim('a/a'))
  expect(outcome(world, 'a/a')).toContain('PoolExhausted')
  const decision = world.decisions.get('a/a')
  expect(decision?.kind === 'refuse' && decision.message).toContain(
    'other devices answer for 256 of its addresses',
  )
  quarantine(world, entriesOf(upTo(99)), start)
  expect(outcome(world, 'a/a')).toContain('10.0.0.100')
})

test('who waits because others have so many addresses of one family waits no more once they have fewer of it', () => {
  const wide = pool('wide', '10.0.0.0/16,fd00::/112')
  const world = cluster([wide])
  const foreign = Array.from({ length: 256 }, (_, at) => `fd00::${(at + 1).toString(16)}`)
  quarantine(world, entriesOf(foreign.join()), start)
  put(world, claim('a/a'))
  expect(outcome(world, 'a/a')).toContain('PoolExhausted')
  quarantine(world, entriesOf(foreign.slice(1).join()), start)
  expect(outcome(world, 'a/a')).toContain('10.0.0.0')
})
