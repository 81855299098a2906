import { describe, expect, it } from 'vitest'
import { settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { unreadablePool } from '../../../src/core/pool/pool.ts'
import { pool } from '../pool/build.ts'
import { claim, cluster, dual, outcome, preferred, put, refusal, remove, repool } from './build.ts'

const lab = pool('lab', '10.0.0.1-10.0.0.3')

describe('a Service that asks for nothing in particular', () => {
  it('gets the first free address of the pool', () => {
    const world = cluster([lab], claim('shop/a'), claim('shop/b'))
    expect([outcome(world, 'shop/a'), outcome(world, 'shop/b')]).toEqual(['10.0.0.1', '10.0.0.2'])
  })

  it('keeps the one it holds', () => {
    const world = cluster([lab], claim('shop/a', { holds: '10.0.0.3' }))
    expect(world.decisions.get('shop/a')).toMatchObject({ kind: 'keep', pool: 'lab' })
    expect(outcome(world, 'shop/a')).toBe('10.0.0.3')
  })

  it('loses an address that no pool lists any more, and gets another one', () => {
    const world = cluster([lab], claim('shop/a', { holds: '10.9.9.9' }))
    expect(world.decisions.get('shop/a')).toMatchObject({ kind: 'assign', pool: 'lab' })
  })

  it('keeps such an address while a pool cannot be read', () => {
    const world = cluster([unreadablePool('broken', 'no')], claim('shop/a', { holds: '10.9.9.9' }))
    expect(world.decisions.get('shop/a')).toEqual({
      kind: 'keep',
      addresses: [{ family: 'IPv4', value: 0x0a090909n }],
      pool: undefined,
    })
  })

  it('keeps an address that is excluded now, whose pool is disabled, or not ready', () => {
    const excluding = pool('lab', '10.0.0.1-10.0.0.3', { exclude: ['10.0.0.2'], disabled: true })
    expect(outcome(cluster([excluding], claim('shop/a', { holds: '10.0.0.2' })), 'shop/a')).toBe('10.0.0.2')
    const young = settleOverlaps([pool('old', '10.0.0.3'), lab])
    expect(outcome(cluster(young, claim('shop/a', { holds: '10.0.0.2' })), 'shop/a')).toBe('10.0.0.2')
  })

  it('belongs to the pool that is ready where two list its address', () => {
    const pools = settleOverlaps([pool('old', '10.0.0.3'), lab]).toReversed()
    const world = cluster(pools, claim('shop/a', { holds: '10.0.0.3' }))
    expect(world.decisions.get('shop/a')).toMatchObject({ kind: 'keep', pool: 'old' })
  })

  it('is released when it wants no load balancer any more', () => {
    const world = cluster(
      [lab],
      claim('shop/a', { holds: '10.0.0.1', wantsLoadBalancer: false }),
      claim('shop/b'),
    )
    expect([outcome(world, 'shop/a'), outcome(world, 'shop/b')]).toEqual(['release', '10.0.0.1'])
  })

  it('is told when there is no pool', () => {
    expect(refusal(cluster([], claim('shop/a')), 'shop/a')).toMatchObject({
      reason: 'NoPool',
      message: 'there is no AddressPool; create one',
    })
  })

  it('is told which pool is full and what would mend it', () => {
    const world = cluster([pool('lab', '10.0.0.1')], claim('shop/a'), claim('shop/b'))
    expect(refusal(world, 'shop/b')).toMatchObject({
      reason: 'PoolExhausted',
      message: 'AddressPool lab: its one IPv4 address is in use; add addresses to it or delete a Service',
      waitsFor: ['free lab IPv4'],
    })
  })

  it('is told of every pool why it was passed over', () => {
    const pools = settleOverlaps([
      pool('full', '10.0.0.1-10.0.0.2', { priority: 9 }),
      pool('clash', '10.0.0.2'),
      pool('off', '10.1.0.1', { disabled: true }),
      pool('other', '10.2.0.1', { namespaces: ['prod'] }),
      pool('quiet', '10.3.0.1', { autoAssign: false }),
      pool('six', 'fd00::/120'),
    ])
    const world = cluster(pools, claim('a/a'), claim('a/b'), claim('a/c'))
    expect(refusal(world, 'a/c').message.split('; ')).toEqual([
      'AddressPool full: all 2 IPv4 addresses are in use',
      'AddressPool other: it is not for namespace a and the labels of a/c',
      expect.stringContaining(
        'AddressPool clash: it is not Ready (10.0.0.2 overlaps 10.0.0.1-10.0.0.2 of AddressPool full',
      ),
      expect.stringContaining('take the shared addresses'),
      'AddressPool off: it is disabled',
      'AddressPool quiet: it has autoAssign false',
      'AddressPool six: it has no IPv4 addresses',
      'add addresses to AddressPool full or delete a Service',
    ])
  })

  it('is told the reason about which most can be done, whichever pool gives it', () => {
    const pools = [pool('a-off', '10.1.0.1', { disabled: true }), pool('b-full', '10.0.0.1')]
    const told = refusal(cluster(pools, claim('a/a'), claim('a/b')), 'a/b')
    expect([told.reason, told.message.split('; ').at(-1)]).toEqual([
      'PoolExhausted',
      'add addresses to AddressPool b-full or delete a Service',
    ])
  })

  it.each([
    [{ disabled: true }, 'PoolDisabled', 'it is disabled; set spec.disabled of it to false'],
    [{ namespaces: ['prod'] }, 'NotAdmitted', 'change the namespaces or selectors of it, or the labels'],
    [{ autoAssign: false }, 'NoPool', 'annotate the Service with lanlord.dev/pool=lab to use it'],
  ])('is told what would mend a pool with %j', (spec, reason, words) => {
    const told = refusal(cluster([pool('lab', '10.0.0.1', spec)], claim('a/a')), 'a/a')
    expect(told.reason).toBe(reason)
    expect(told.message).toContain(words)
  })

  it('gets its address from the pool with the highest priority, then a pinned one, then by name', () => {
    const pools = [
      pool('b-open', '10.1.0.1'),
      pool('a-open', '10.2.0.1'),
      pool('z-pinned', '10.3.0.1', { namespaces: ['shop'] }),
      pool('first', '10.4.0.1', { priority: 1 }),
    ]
    const names = ['shop/1', 'shop/2', 'shop/3', 'shop/4']
    const world = cluster(pools, ...names.map((name) => claim(name)))
    expect(names.map((name) => outcome(world, name))).toEqual([
      '10.4.0.1',
      '10.3.0.1',
      '10.2.0.1',
      '10.1.0.1',
    ])
  })

  it('counts towards the quota of its namespace, and nobody else does', () => {
    const quota = pool('lab', '10.0.0.1-10.0.0.9', { quota: { perNamespace: 1 } })
    const world = cluster([quota], claim('a/a'), claim('a/b'), claim('b/a'))
    expect([outcome(world, 'a/a'), outcome(world, 'b/a')]).toEqual(['10.0.0.1', '10.0.0.2'])
    expect(refusal(world, 'a/b')).toMatchObject({
      reason: 'QuotaExceeded',
      message:
        'AddressPool lab: namespace a holds 1 of its addresses, needs 1 more and may hold 1; delete a Service of a or raise the quota of it',
    })
    remove(world, 'a/a')
    expect(outcome(world, 'a/b')).toBe('10.0.0.3')
  })
})

describe('a Service that asks for a pool', () => {
  it('gets an address of it, also when it gives nothing unasked', () => {
    const quiet = pool('quiet', '10.3.0.1', { autoAssign: false })
    expect(outcome(cluster([lab, quiet], claim('a/a', { asksPool: 'quiet' })), 'a/a')).toBe('10.3.0.1')
  })

  it('is told when there is no such pool', () => {
    expect(refusal(cluster([lab], claim('a/a', { asksPool: 'lob' })), 'a/a').message).toBe(
      'AddressPool lob does not exist; create it or correct the annotation lanlord.dev/pool',
    )
  })

  it('moves there, and keeps what it has where it cannot', () => {
    const other = pool('other', '10.5.0.1')
    const world = cluster(
      [lab, other],
      claim('a/a', { holds: '10.0.0.1', asksPool: 'other' }),
      claim('a/b', { holds: '10.0.0.2' }),
    )
    expect(outcome(world, 'a/a')).toBe('10.5.0.1')
    put(world, claim('a/b', { asksPool: 'other' }))
    expect(outcome(world, 'a/b')).toBe('PoolExhausted 10.0.0.2')
  })
})

describe('a Service that asks for an address', () => {
  const ask = (asksFor: string, more: object = {}) => claim('a/a', { asksFor, ...more })

  it('gets it', () => {
    expect(outcome(cluster([lab], ask('10.0.0.3')), 'a/a')).toBe('10.0.0.3')
  })

  it('is told who has it and how to share it', () => {
    const world = cluster([lab], claim('shop/web', { holds: '10.0.0.3' }), ask('10.0.0.3'))
    expect(refusal(world, 'a/a')).toMatchObject({
      reason: 'AddressInUse',
      message:
        '10.0.0.3 belongs to shop/web; give both Services the same lanlord.dev/sharing-key to share it',
    })
    remove(world, 'shop/web')
    expect(outcome(world, 'a/a')).toBe('10.0.0.3')
  })

  it('keeps what it has while it cannot get it', () => {
    const world = cluster(
      [lab],
      claim('shop/web', { holds: '10.0.0.3' }),
      ask('10.0.0.3', { holds: '10.0.0.1' }),
    )
    expect(outcome(world, 'a/a')).toBe('AddressInUse 10.0.0.1')
    remove(world, 'shop/web')
    expect(outcome(world, 'a/a')).toBe('10.0.0.3')
  })

  it.each([
    [[], 'AddressNotInPool', '10.9.9.9 is in no AddressPool; add it to one'],
    [[lab], 'AddressNotInPool', 'ask for an address of lab (10.0.0.1-10.0.0.3), or add it to an AddressPool'],
    [
      [pool('shut', '10.9.9.9', { disabled: true })],
      'PoolDisabled',
      '10.9.9.9 cannot be given out; AddressPool shut: it is disabled',
    ],
    [[pool('shut', '10.9.9.9', { namespaces: ['b'] })], 'NotAdmitted', 'it is not for namespace a'],
    [
      [pool('cut', '10.9.9.0/24', { exclude: ['10.9.9.9'] })],
      'AddressReserved',
      '10.9.9.9 is one that AddressPool cut never gives out',
    ],
  ])('is told why not (%#)', (pools, reason, words) => {
    const told = refusal(cluster(pools, ask('10.9.9.9')), 'a/a')
    expect(told.reason).toBe(reason)
    expect(told.message).toContain(words)
  })

  it('is told when it asks for another pool at the same time, or for addresses of two', () => {
    const six = pool('six', 'fd00::/120')
    expect(refusal(cluster([lab, six], ask('10.0.0.1', { asksPool: 'six' })), 'a/a').message).toBe(
      '10.0.0.1 is in AddressPool lab, not in AddressPool six; correct lanlord.dev/addresses or lanlord.dev/pool',
    )
    expect(refusal(cluster([lab, six], ask('10.0.0.1,fd00::1', dual)), 'a/a').message).toBe(
      'fd00::1 is not in AddressPool lab as 10.0.0.1 is; ask for addresses of one AddressPool',
    )
  })

  it('is refused when the quota of its namespace is used up', () => {
    const quota = pool('lab', '10.0.0.1-10.0.0.9', { quota: { perNamespace: 1 } })
    const world = cluster([quota], claim('a/b', { holds: '10.0.0.1' }), ask('10.0.0.3'))
    expect(refusal(world, 'a/a').reason).toBe('QuotaExceeded')
  })

  it('is refused when the request cannot be read, and keeps what it has', () => {
    const world = cluster([lab], claim('a/a', { holds: '10.0.0.2', problem: 'nonsense' }))
    expect(refusal(world, 'a/a')).toMatchObject({ reason: 'InvalidRequest', message: 'nonsense' })
    expect(outcome(world, 'a/a')).toBe('InvalidRequest 10.0.0.2')
  })
})

describe('a Service of two families', () => {
  const both = pool('both', '10.0.0.1-10.0.0.2,fd00::1-fd00::2')
  const six = pool('six', 'fd01::/120')

  it('gets both from one pool, in its order', () => {
    expect(outcome(cluster([lab, six, both], claim('a/a', dual)), 'a/a')).toBe('10.0.0.1,fd00::1')
    const turned = claim('a/a', { ...dual, families: ['IPv6', 'IPv4'] })
    expect(outcome(cluster([both], turned), 'a/a')).toBe('fd00::1,10.0.0.1')
  })

  it('gets nothing where it requires both and no pool has both', () => {
    const world = cluster([lab, six], claim('a/a', dual))
    expect(refusal(world, 'a/a')).toMatchObject({ reason: 'FamilyUnavailable' })
    expect(refusal(world, 'a/a').message).toContain('AddressPool lab: it has no IPv6 addresses')
  })

  it('gets one where it only prefers both, its first family before the other', () => {
    expect(outcome(cluster([six, lab], claim('a/a', preferred)), 'a/a')).toBe('10.0.0.1')
    expect(outcome(cluster([six], claim('a/a', preferred)), 'a/a')).toBe('fd01::1')
    expect(
      refusal(cluster([pool('lab', '10.0.0.1', { disabled: true })], claim('a/a', preferred)), 'a/a').reason,
    ).toBe('PoolDisabled')
  })

  it('gets the other one when its pool gains it', () => {
    const world = cluster([lab], claim('a/a', preferred))
    repool(world, [pool('lab', '10.0.0.1-10.0.0.3,fd00::9')])
    expect(world.decisions.get('a/a')).toMatchObject({ kind: 'assign', pool: 'lab' })
    expect(outcome(world, 'a/a')).toBe('10.0.0.1,fd00::9')
  })

  it('gets the other one though its namespace then has as much as it may', () => {
    const quota = { quota: { perNamespace: 2 } }
    const world = cluster([pool('lab', '10.0.0.1', quota)], claim('a/a', preferred))
    repool(world, [pool('lab', '10.0.0.1,fd00::9', quota)])
    expect(outcome(world, 'a/a')).toBe('10.0.0.1,fd00::9')
  })

  it('does not get the other one from a pool that is disabled, nor from none', () => {
    const off = pool('lab', '10.0.0.1-10.0.0.3,fd00::9', { disabled: true })
    expect(outcome(cluster([off], claim('a/a', { ...preferred, holds: '10.0.0.1' })), 'a/a')).toBe('10.0.0.1')
    const broken = unreadablePool('broken', 'no')
    expect(outcome(cluster([broken], claim('a/a', { ...preferred, holds: '10.9.0.1' })), 'a/a')).toBe(
      '10.9.0.1',
    )
  })

  it('moves to a pool with both when it comes to require both', () => {
    const world = cluster(
      [lab, pool('pair', '10.7.0.1,fd07::1')],
      claim('a/a', { ...dual, holds: '10.0.0.1' }),
    )
    expect(outcome(world, 'a/a')).toBe('10.7.0.1,fd07::1')
    expect(outcome(cluster([lab], claim('a/a', { ...dual, holds: '10.0.0.1' })), 'a/a')).toBe(
      'FamilyUnavailable 10.0.0.1',
    )
  })

  it('gets the address it asks for and the other family from the same pool', () => {
    expect(outcome(cluster([six, both], claim('a/a', { ...dual, asksFor: '10.0.0.2' })), 'a/a')).toBe(
      '10.0.0.2,fd00::1',
    )
    expect(outcome(cluster([lab], claim('a/a', { ...preferred, asksFor: '10.0.0.2' })), 'a/a')).toBe(
      '10.0.0.2',
    )
    expect(outcome(cluster([six], claim('a/a', { ...preferred, asksFor: 'fd01::5' })), 'a/a')).toBe('fd01::5')
    expect(outcome(cluster([lab], claim('a/a', { ...dual, asksFor: '10.0.0.2' })), 'a/a')).toBe(
      'FamilyUnavailable',
    )
  })

  it('gives up an address of a family that it no longer has', () => {
    const world = cluster([both], claim('a/a', dual))
    put(world, claim('a/a'))
    expect(outcome(world, 'a/a')).toBe('10.0.0.1')
  })
})

describe('Services that share', () => {
  const web = { sharing: { key: 'k', ports: ['TCP 80'] } }
  const mail = { sharing: { key: 'k', ports: ['TCP 25'] } }

  it('have one address when they name the same key and no port twice', () => {
    const world = cluster([lab], claim('a/web', web), claim('a/xmail', mail), claim('a/web-2', web))
    expect(['a/web', 'a/xmail', 'a/web-2'].map((key) => outcome(world, key))).toEqual([
      '10.0.0.1',
      '10.0.0.1',
      '10.0.0.2',
    ])
  })

  it('have the lowest address that they can share', () => {
    const world = cluster(
      [lab],
      claim('a/1', { ...web, holds: '10.0.0.2' }),
      claim('a/2', { ...web, holds: '10.0.0.1' }),
      claim('a/3', mail),
    )
    expect(outcome(world, 'a/3')).toBe('10.0.0.1')
  })

  it('do not go where they would need another policy', () => {
    const local = claim('a/xmail', { sharing: { key: 'k', ports: ['TCP 25'], backend: 'a app=mail' } })
    expect(outcome(cluster([lab], claim('a/web', web), local), 'a/xmail')).toBe('10.0.0.2')
  })

  it.each([
    [
      { asksFor: '10.0.0.1', ...web },
      '10.0.0.1 is shared with a/web, which has TCP 80 as well; use another port or another address',
    ],
    [
      { asksFor: '10.0.0.1', sharing: { key: 'k', ports: ['TCP 25'], backend: 'x' } },
      '10.0.0.1 is shared with a/web; set externalTrafficPolicy Cluster on both Services, or Local with the same selector',
    ],
  ])('are told what stands in the way (%#)', (wish, message) => {
    expect(refusal(cluster([lab], claim('a/web', web), claim('a/xb', wish)), 'a/xb')).toMatchObject({
      reason: 'SharingRefused',
      message,
    })
  })

  it('free the address when the last of them goes', () => {
    const world = cluster(
      [pool('one', '10.0.0.1')],
      claim('a/web', web),
      claim('a/xmail', mail),
      claim('a/z'),
    )
    remove(world, 'a/web')
    expect(outcome(world, 'a/z')).toBe('PoolExhausted')
    remove(world, 'a/xmail')
    expect(outcome(world, 'a/z')).toBe('10.0.0.1')
  })

  it('are served as soon as a holder comes to share', () => {
    const world = cluster([pool('one', '10.0.0.1')], claim('a/web'), claim('a/xmail', mail))
    expect(outcome(world, 'a/xmail')).toBe('PoolExhausted')
    expect(put(world, claim('a/web', web)).has('a/xmail')).toBe(true)
    expect(outcome(world, 'a/xmail')).toBe('10.0.0.1')
  })

  it('are parted when one comes to have a port of the other', () => {
    const world = cluster([lab], claim('a/web', web), claim('a/xmail', mail))
    put(world, claim('a/xmail', web))
    expect([outcome(world, 'a/web'), outcome(world, 'a/xmail')]).toEqual(['10.0.0.1', '10.0.0.2'])
  })

  it('count once in the quota of a namespace', () => {
    const quota = pool('lab', '10.0.0.1-10.0.0.9', { quota: { perNamespace: 1 } })
    expect(outcome(cluster([quota], claim('a/web', web), claim('a/xmail', mail)), 'a/xmail')).toBe('10.0.0.1')
  })
})
