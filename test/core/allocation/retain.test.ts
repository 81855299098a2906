import { describe, expect, it } from 'vitest'
import {
  begin,
  dueAt,
  lapse,
  memoryOf,
  quarantine,
  waitingFor,
} from '../../../src/core/allocation/allocation.ts'
import type { Allocation } from '../../../src/core/allocation/allocation.ts'
import type { Quarantined } from '../../../src/core/allocation/memory.ts'
import { poolUsage } from '../../../src/core/allocation/pool-usage.ts'
import { memoryLimit } from '../../../src/core/allocation/shelf.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { pool } from '../pool/build.ts'
import {
  addresses,
  claim,
  cluster,
  outcome,
  preferred,
  put,
  refusal,
  remove,
  repool,
  start,
} from './build.ts'

const minute = 60_000
const keeping = (entries: string, spec: object = {}) => pool('lab', entries, { retain: '1m', ...spec })
const two = keeping('10.0.0.1-10.0.0.2')

function conflict(text: string, mac = '02:00:00:00:00:99'): Quarantined {
  return { address: addresses(text)[0]!, mac, seen: start }
}

function remembered(world: Allocation, name = 'lab'): readonly string[] {
  return memoryOf(world, name).map(({ address, service, freedAt }) => {
    return `${formatAddress(address)} ${service} ${freedAt - start}`
  })
}

describe('an address of a pool that retains', () => {
  it('is kept for the Service that had it, even when the pool is full, and no longer', () => {
    const world = cluster([two], claim('a/1'), claim('a/2'), claim('a/3'))
    expect([...remove(world, 'a/1').keys()]).toEqual(['a/3'])
    expect(refusal(world, 'a/3').message).toBe(
      'AddressPool lab: all 2 IPv4 addresses are in use: 1 held, 1 kept for Services that are gone; add addresses to it or delete a Service, or shorten its spec.retain',
    )
    expect(dueAt(world)).toBe(start + minute)
    expect([...lapse(world, start + minute - 1).keys()]).toEqual([])
    expect([...lapse(world, start + minute).keys()]).toEqual(['a/3'])
    expect([outcome(world, 'a/3'), dueAt(world)]).toEqual(['10.0.0.1', Infinity])
  })

  it('goes back to its Service at once', () => {
    const world = cluster([two], claim('a/1'), claim('a/2'), claim('a/3'))
    remove(world, 'a/1')
    put(world, claim('a/1', { createdAt: '2025-01-01T00:00:00Z' }), start + 1)
    expect([outcome(world, 'a/1'), outcome(world, 'a/3'), dueAt(world)]).toEqual([
      '10.0.0.1',
      'PoolExhausted',
      Infinity,
    ])
  })

  it('is refused to others who ask for it, who are told for whom and until when it is kept', () => {
    const world = cluster([two], claim('a/1'))
    remove(world, 'a/1')
    put(world, claim('a/2', { asksFor: '10.0.0.1' }))
    expect(refusal(world, 'a/2')).toMatchObject({
      reason: 'AddressReserved',
      message:
        '10.0.0.1 is kept for a/1, which had it last, until 2024-06-01T00:01:00Z; wait until then, ask for another address or shorten spec.retain of AddressPool lab',
    })
    expect([...lapse(world, start + minute).keys()]).toEqual(['a/2'])
    expect(outcome(world, 'a/2')).toBe('10.0.0.1')
  })

  it('is given to its own Service that asks for it by address or by pool', () => {
    for (const wish of [{ asksFor: '10.0.0.1' }, { asksPool: 'lab' }]) {
      const world = cluster([two], claim('a/1'))
      remove(world, 'a/1')
      put(world, claim('a/1', wish))
      expect(outcome(world, 'a/1')).toBe('10.0.0.1')
    }
  })

  it('is free again as soon as anything happens after its time', () => {
    const world = cluster([two], claim('a/1'), claim('a/2'), claim('a/3'))
    remove(world, 'a/1')
    expect([...put(world, claim('a/4', { arrival: 1 }), start + minute).keys()]).toEqual(['a/3', 'a/4'])
    expect([outcome(world, 'a/3'), outcome(world, 'a/4')]).toEqual(['10.0.0.1', 'PoolExhausted'])
  })

  it('is counted as retained, and not as available', () => {
    const world = cluster([two], claim('a/1'), claim('a/2'))
    remove(world, 'a/1')
    expect(poolUsage(world.ledger, two, 'IPv4')).toEqual({
      total: 2,
      allocated: 1,
      retained: 1,
      quarantined: 0,
      available: 0,
    })
  })

  it('is kept from when retain is set, also when it was freed before, and given as soon as it is not', () => {
    const soft = pool('lab', '10.0.0.1-10.0.0.2')
    const world = cluster([soft], claim('a/1'), claim('a/2'), claim('a/3', { asksFor: '10.0.0.9' }))
    remove(world, 'a/1')
    repool(world, [two], start + 1)
    put(world, claim('a/4'), start + 2)
    expect(outcome(world, 'a/4')).toBe('PoolExhausted')
    repool(world, [soft], start + 3)
    expect(outcome(world, 'a/4')).toBe('10.0.0.1')
  })

  it('that was shared is kept for the one who had it last, and each may have it back', () => {
    const share = (port: string) => ({ sharing: { key: 'k', ports: [port] } })
    const world = cluster([two], claim('a/1', share('TCP 1')), claim('a/2', share('TCP 2')))
    remove(world, 'a/2')
    remove(world, 'a/1', start + 1)
    put(world, claim('a/3'), start + 2)
    put(world, claim('a/2', share('TCP 2')), start + 3)
    expect([outcome(world, 'a/3'), outcome(world, 'a/2')]).toEqual(['10.0.0.2', 'PoolExhausted'])
    put(world, claim('a/1', share('TCP 1')), start + 4)
    expect([outcome(world, 'a/1'), outcome(world, 'a/2')]).toEqual(['10.0.0.1', '10.0.0.1'])
  })

  it('is kept across a restart', () => {
    const before = cluster([two], claim('a/1'), claim('a/2'))
    remove(before, 'a/1')
    const waits = claim('a/3')
    const world = begin(
      [two],
      [claim('a/2', { holds: '10.0.0.2' }), waits],
      memoryOf(before, 'lab'),
      start + 9,
    )
    expect([outcome(world, 'a/2'), outcome(world, 'a/3')]).toEqual(['10.0.0.2', 'PoolExhausted'])
    expect(dueAt(world)).toBe(start + minute)
    put(world, claim('a/1'), start + 10)
    expect(outcome(world, 'a/1')).toBe('10.0.0.1')
  })

  it('of which 1,024 others are kept already lapses early, the first that would end', () => {
    const many = Array.from({ length: 1025 }, (_, at) => claim(`a/${at}`, { arrival: at }))
    const wide = keeping('10.0.0.0/20')
    const world = cluster([wide], ...many)
    many.forEach(({ key }, at) => remove(world, key, start + at))
    expect(poolUsage(world.ledger, wide, 'IPv4')).toMatchObject({ retained: 1024 })
    put(world, claim('b/1', { asksFor: '10.0.0.0' }), start + 1025)
    put(world, claim('b/2', { asksFor: '10.0.0.1' }), start + 1025)
    expect([outcome(world, 'b/1'), outcome(world, 'b/2')]).toEqual(['10.0.0.0', 'AddressReserved'])
  })

  it('of either family counts towards the 1,024', () => {
    const both = keeping('10.0.0.0/20,fd00::1-fd00::ffff')
    const many = Array.from({ length: 513 }, (_, at) => claim(`a/${at}`, { ...preferred, arrival: at }))
    const world = cluster([both], ...many)
    many.forEach(({ key }, at) => remove(world, key, start + at))
    const [four, six] = [poolUsage(world.ledger, both, 'IPv4'), poolUsage(world.ledger, both, 'IPv6')]
    expect([four.retained, six.retained]).toEqual([512, 512])
  })

  it('is kept no longer than retain says when the clock is set back', () => {
    const world = cluster([two], claim('a/1'))
    remove(world, 'a/1', start + 1000 * minute)
    lapse(world, start)
    expect(dueAt(world)).toBe(start + minute)
    const again = begin(
      [two],
      [],
      [{ address: addresses('10.0.0.1')[0]!, service: 'a/1', freedAt: start + 1e9 }],
      start,
    )
    expect(dueAt(again)).toBe(start + minute)
  })

  it('is found in no more steps for 4,096 that are kept at the front of the pool', () => {
    const wide = keeping('10.0.0.0/8')
    const memory = Array.from({ length: 4096 }, (_, at) => ({
      address: { family: 'IPv4', value: 0x0a000000n + BigInt(4095 - at) } as const,
      service: `a/${at}`,
      freedAt: start + at,
    }))
    const world = begin([wide], [], memory, start)
    const shelf = world.ledger.shelves.get('lab')!.IPv4
    let looks = 0
    const has = shelf.held.has.bind(shelf.held)
    shelf.held.has = (position) => {
      looks++
      return has(position)
    }
    put(world, claim('b/1'))
    expect([outcome(world, 'b/1'), looks < 6]).toEqual(['10.0.16.0', true])
  })
})

describe('what is remembered of a pool', () => {
  it('is who had what, the latest freed last, without those that have it again', () => {
    const world = cluster(
      [pool('lab', '10.0.0.1-10.0.0.9,fd00::1')],
      claim('a/1', preferred),
      claim('a/2'),
      claim('a/3'),
    )
    remove(world, 'a/3', start + 1)
    remove(world, 'a/1', start + 2)
    remove(world, 'a/2', start + 3)
    put(world, claim('a/3'), start + 4)
    expect(remembered(world)).toEqual(['10.0.0.1 a/1 2', 'fd00::1 a/1 2', '10.0.0.2 a/2 3'])
  })

  it('is at most 1,024, the latest, and first of all what is retained', () => {
    const wide = pool('lab', '10.0.0.0/20')
    const many = Array.from({ length: 1100 }, (_, at) => claim(`a/${at}`, { arrival: at }))
    const world = cluster([wide], ...many)
    many.forEach(({ key }, at) => remove(world, key, start + at))
    expect([remembered(world).length, remembered(world)[0]]).toEqual([1024, '10.0.0.76 a/76 76'])
    repool(world, [keeping('10.0.0.0/20', { retain: '1s' })], start + 1100)
    expect([remembered(world).length, remembered(world)[0]]).toEqual([1024, '10.0.0.76 a/76 76'])
    expect(dueAt(world)).toBe(start + 1101)
    repool(world, [keeping('10.0.0.0/20')], start + 1100)
    expect([remembered(world).length, remembered(world)[0]]).toEqual([1024, '10.0.0.76 a/76 76'])
  })

  it('has excluded addresses in it', () => {
    const cut = pool('lab', '10.0.0.1-10.0.0.2', { exclude: ['10.0.0.1'] })
    const world = cluster([cut], claim('a/1', { holds: '10.0.0.1' }))
    remove(world, 'a/1', start + 1)
    expect(remembered(world)).toEqual(['10.0.0.1 a/1 1'])
  })

  it('has what former holders of a shared address had, while others have it', () => {
    const share = (port: string) => ({ sharing: { key: 'k', ports: [port] } })
    const world = cluster([two], claim('a/1', share('TCP 1')), claim('a/2', share('TCP 2')))
    remove(world, 'a/1', start + 1)
    expect(remembered(world)).toEqual(['10.0.0.1 a/1 1'])
  })

  it('is given back by whichever pool lists the address after a restart', () => {
    const memory = [{ address: addresses('10.0.0.3')[0]!, service: 'a/1', freedAt: start - 1 }]
    const world = begin([pool('new', '10.0.0.1-10.0.0.9')], [], memory, start)
    put(world, claim('a/2'))
    put(world, claim('a/1'))
    expect([outcome(world, 'a/2'), outcome(world, 'a/1')]).toEqual(['10.0.0.1', '10.0.0.3'])
  })

  it('counts by when it was freed, in whatever order it is read', () => {
    const [one, two_] = addresses('10.0.0.1,10.0.0.2')
    const memory = [
      { address: one!, service: 'a/last', freedAt: start - 1 },
      { address: two_!, service: 'a/2', freedAt: start - 2 },
      { address: one!, service: 'a/first', freedAt: start - 3 },
    ]
    const world = begin([pool('lab', '10.0.0.1-10.0.0.2')], [claim('a/3')], memory, start)
    expect(outcome(world, 'a/3')).toBe('10.0.0.2')
    expect(remembered(world).at(-1)).toBe('10.0.0.1 a/last -1')
    const kept = begin([two], [claim('a/first', { asksFor: '10.0.0.1' })], memory, start)
    expect(refusal(kept, 'a/first').message).toContain('10.0.0.1 is kept for a/last')
  })

  it('does not grow without bound', () => {
    const world = cluster([pool('lab', '10.0.0.0/16')])
    for (let at = 0; at < memoryLimit + 10; at++) {
      put(world, claim(`a/${at}`), start + at)
      remove(world, `a/${at}`, start + at)
    }
    const shelf = world.ledger.shelves.get('lab')!.IPv4
    expect([shelf.freed.size, shelf.lastOf.size]).toEqual([memoryLimit, memoryLimit])
  })
})

describe('an address that another device answers for', () => {
  const soft = pool('lab', '10.0.0.1-10.0.0.2')

  it('is not given to anyone, though its holder keeps it', () => {
    const world = cluster([soft], claim('a/1'))
    quarantine(world, [conflict('10.0.0.1'), conflict('10.0.0.2')], start)
    put(world, claim('a/2'))
    expect([outcome(world, 'a/1'), outcome(world, 'a/2')]).toEqual(['10.0.0.1', 'PoolExhausted'])
    expect(refusal(world, 'a/2').message).toContain('in use: 1 held, 1 answered by another device; add')
    expect(poolUsage(world.ledger, soft, 'IPv4')).toMatchObject({
      allocated: 1,
      quarantined: 1,
      available: 0,
    })
    remove(world, 'a/1')
    expect(refusal(world, 'a/2').message).toContain('in use: 2 answered by other devices; add')
    expect(poolUsage(world.ledger, soft, 'IPv4')).toMatchObject({ quarantined: 2 })
  })

  it('is refused to one who asks for it, who is told the device and what to do', () => {
    const world = cluster([soft])
    quarantine(world, [conflict('10.0.0.1')], start)
    put(world, claim('a/2', { asksFor: '10.0.0.1' }))
    const words = (mac: string) =>
      `10.0.0.1 is answered by another device (${mac}); take the address off that device, exclude it from AddressPool lab or ask for another address`
    expect(refusal(world, 'a/2')).toMatchObject({
      reason: 'AddressConflict',
      message: words('02:00:00:00:00:99'),
    })
    expect([...quarantine(world, [conflict('10.0.0.1', '02:00:00:00:00:11')], start).keys()]).toEqual(['a/2'])
    expect(refusal(world, 'a/2').message).toBe(words('02:00:00:00:00:11'))
    expect([...quarantine(world, [conflict('10.0.0.1', '02:00:00:00:00:11')], start).keys()]).toEqual([])
  })

  it('is given as soon as nobody answers any more, to the one that waits, and back to the one that had it', () => {
    const world = cluster([soft], claim('a/1'), claim('a/2'), claim('a/3'))
    quarantine(world, [conflict('10.0.0.1')], start)
    remove(world, 'a/1')
    expect(outcome(world, 'a/3')).toBe('PoolExhausted')
    expect([...quarantine(world, [], start).keys()]).toEqual(['a/3'])
    expect(outcome(world, 'a/3')).toBe('10.0.0.1')
  })

  it('is remembered meanwhile', () => {
    const world = cluster([soft], claim('a/1'))
    remove(world, 'a/1', start + 5)
    quarantine(world, [conflict('10.0.0.1')], start + 6)
    expect(remembered(world)).toEqual(['10.0.0.1 a/1 5'])
    put(world, claim('a/1'), start + 7)
    expect(outcome(world, 'a/1')).toBe('10.0.0.2')
    remove(world, 'a/1', start + 8)
    quarantine(world, [], start + 9)
    put(world, claim('a/2'), start + 9)
    expect(outcome(world, 'a/2')).toBe('10.0.0.1')
  })

  it('is not joined by one that would share it', () => {
    const share = (port: string) => ({ sharing: { key: 'k', ports: [port] } })
    const world = cluster([soft], claim('a/1', share('TCP 1')))
    quarantine(world, [conflict('10.0.0.1')], start)
    put(world, claim('a/2', share('TCP 2')))
    put(world, claim('a/3', { ...share('TCP 3'), asksFor: '10.0.0.1' }))
    expect([outcome(world, 'a/2'), outcome(world, 'a/3')]).toEqual(['10.0.0.2', 'AddressConflict'])
  })

  it('stays so when the pools change, and is so from the beginning', () => {
    const world = begin([soft], [claim('a/1')], [], start, [conflict('10.0.0.1')])
    expect(outcome(world, 'a/1')).toBe('10.0.0.2')
    repool(world, [pool('new', '10.0.0.1')])
    expect(outcome(world, 'a/1')).toBe('PoolExhausted')
  })

  it('goes back into the order in which addresses were freed', () => {
    const world = cluster([soft], claim('a/1'), claim('a/2'))
    remove(world, 'a/1', start + 1)
    remove(world, 'a/2', start + 2)
    quarantine(world, [conflict('10.0.0.1')], start + 3)
    quarantine(world, [], start + 4)
    put(world, claim('a/3'), start + 5)
    expect(outcome(world, 'a/3')).toBe('10.0.0.1')
  })
})

describe('the number of Services that wait for a pool', () => {
  it('counts those that are refused for want of something in it, each once', () => {
    const lab = pool('lab', '10.0.0.1', { quota: { perNamespace: 1 } })
    const off = pool('off', '10.1.0.1', { disabled: true })
    const shut = pool('shut', '10.2.0.1', { namespaces: ['z'] })
    const quiet = pool('quiet', '10.3.0.1', { autoAssign: false })
    const world = cluster(
      [lab, off, shut, quiet],
      claim('a/1'),
      claim('a/2'),
      claim('b/1', { asksPool: 'lab' }),
      claim('b/2', { asksFor: '10.0.0.1' }),
      claim('b/3', { asksFor: '10.9.9.9' }),
    )
    expect(['lab', 'off', 'shut', 'quiet', 'none'].map((name) => waitingFor(world, name))).toEqual([
      3, 1, 0, 0, 0,
    ])
    remove(world, 'b/1')
    expect(waitingFor(world, 'lab')).toBe(2)
    remove(world, 'a/1')
    expect([outcome(world, 'a/2'), waitingFor(world, 'lab'), waitingFor(world, 'off')]).toEqual([
      '10.0.0.1',
      1,
      0,
    ])
  })

  it('does not count one that has one family and would have another', () => {
    const both = pool('lab', '10.0.0.1-10.0.0.2,fd00::1')
    const world = cluster([both], claim('a/1', preferred), claim('a/2', preferred))
    expect([outcome(world, 'a/2'), waitingFor(world, 'lab')]).toEqual(['10.0.0.2', 0])
  })
})
