import { describe, expect, it } from 'vitest'
import { addressPoolSpec } from '../../../src/core/api/address-pool.ts'
import { parseAddress } from '../../../src/core/ip/address.ts'
import { compareAge, settleOverlaps } from '../../../src/core/pool/overlap.ts'
import { admits, isPinned, lists, poolOf, unreadablePool } from '../../../src/core/pool/pool.ts'
import { pool } from './build.ts'

describe('a pool', () => {
  it('is ready when all of it can be read', () => {
    expect(pool('lab', '10.0.0.0/29,fd00::/120').state).toEqual({
      ready: true,
      reason: 'Accepted',
      message: 'its addresses can be given out',
    })
  })

  it('says what is wrong with each entry, and keeps the rest', () => {
    const spec = addressPoolSpec.parse({ addresses: ['10.0.0.1'] })
    const bad = poolOf('lab', {
      ...spec,
      addresses: ['10.0.0.1', 'lan', '10.0.0.9-10.0.0.2'],
      exclude: ['x'],
    })
    expect(bad.state).toMatchObject({ ready: false, reason: 'InvalidAddresses' })
    expect(bad.state.message).toMatch(/"lan" is not an IP address.*ends before it begins.*"x" is not/)
    expect(bad.whole).toBe(false)
    expect(lists(bad, parseAddress('10.0.0.1')!)).toBe(true)
  })

  it('of which nothing can be read gives out nothing', () => {
    const bad = unreadablePool('lab', 'spec.addresses is missing')
    expect(bad.state).toEqual({ ready: false, reason: 'InvalidSpec', message: 'spec.addresses is missing' })
    expect([bad.whole, bad.lines.IPv4.total]).toEqual([false, 0n])
  })

  it('lists what it excludes, so that a Service that holds it keeps it', () => {
    const lab = pool('lab', '10.0.0.0/29', { exclude: ['10.0.0.3'] })
    expect(lists(lab, parseAddress('10.0.0.3')!)).toBe(true)
    expect(lab.lines.IPv4.total).toBe(7n)
  })

  const shop = { namespace: 'shop', namespaceLabels: { team: 'a' }, labels: { app: 'web' } }
  it.each([
    ['everyone when it says nothing', {}, true, false],
    ['a namespace by name', { namespaces: ['shop'] }, true, true],
    ['no other namespace', { namespaces: ['prod'] }, false, true],
    [
      'a namespace by label',
      { namespaces: ['prod'], namespaceSelectors: [{ matchLabels: { team: 'a' } }] },
      true,
      true,
    ],
    [
      'nobody when its selectors match none',
      { namespaceSelectors: [{ matchLabels: { team: 'b' } }] },
      false,
      true,
    ],
    ['nobody when its list of namespaces is empty', { namespaces: [] }, false, true],
    ['a Service by label', { serviceSelectors: [{ matchLabels: { app: 'web' } }] }, true, true],
    ['no other Service', { serviceSelectors: [{ matchLabels: { app: 'db' } }] }, false, true],
    [
      'both or nobody',
      { namespaces: ['shop'], serviceSelectors: [{ matchLabels: { app: 'db' } }] },
      false,
      true,
    ],
  ])('lets in %s', (_, spec, admitted, pinned) => {
    const lab = pool('lab', '10.0.0.0/29', spec)
    expect([admits(lab, shop), isPinned(lab)]).toEqual([admitted, pinned])
  })
})

describe('pools that overlap', () => {
  it('leave the range to the older one, and say which and how to mend it', () => {
    const [old, young] = settleOverlaps([
      pool('old', '10.0.0.0/24'),
      pool('young', '10.1.0.1,10.0.0.5-10.0.0.9'),
    ])
    expect(old?.state.ready).toBe(true)
    expect(young?.state).toEqual({
      ready: false,
      reason: 'Overlaps',
      message:
        '10.0.0.5-10.0.0.9 overlaps 10.0.0.0/24 of AddressPool old, which is older and keeps it; take the shared addresses out of one of the two',
    })
  })

  it('do not count where the older one is not ready itself', () => {
    const settled = settleOverlaps([
      pool('a', '10.0.0.0/29'),
      pool('b', '10.0.0.4-10.0.0.20'),
      pool('c', '10.0.0.16'),
    ])
    expect(settled.map(({ state }) => state.reason)).toEqual(['Accepted', 'Overlaps', 'Accepted'])
  })

  it('keep a reason of their own', () => {
    const broken = unreadablePool('broken', 'no')
    expect(settleOverlaps([pool('a', '10.0.0.0/29'), broken])[1]).toBe(broken)
  })

  const age = { createdAt: '2024-01-01T00:00:00Z', wasReady: false, version: 1, name: 'a', isLeaving: false }
  it.each([
    [
      'the one that stays',
      { ...age, createdAt: '2025-01-01T00:00:00Z' },
      { ...age, isLeaving: true, wasReady: true },
    ],
    ['created earlier', age, { ...age, createdAt: '2024-01-01T00:00:01Z', wasReady: true }],
    ['ready before, in the same second', { ...age, wasReady: true, version: 9 }, age],
    ['written first, in the same second', age, { ...age, version: 2 }],
    ['first by name, when nothing else tells', age, { ...age, name: 'b' }],
  ])('are ordered by age: %s', (_, first, second) => {
    expect(compareAge(first, second)).toBeLessThan(0)
    expect(compareAge(second, first)).toBeGreaterThan(0)
  })
})
