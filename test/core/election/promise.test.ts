import { describe, expect, test } from 'vitest'
import type { Heartbeat } from '../../../src/core/wire/heartbeat.ts'
import { heardBy, lastOf, strange } from './heartbeats.ts'
import { Lan, dutyOf } from './lan.ts'

const a = '192.168.10.200'

describe('a promise longer than an honest speaker makes', () => {
  const never = 65_535

  test('is not believed: the peer is dead when the slowest that may be set would be, running late', () => {
    const lan = new Lan('n1')
    lan.run(60)
    const { nonce } = lastOf(lan, 'n1')
    heardBy(lan, 'n1', strange({ intervalMs: never, hears: [{ nonce, complete: true }] }))
    lan.run(2_399)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toHaveLength(1)
    lan.run(2)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toEqual([])
  })

  test('is believed of a peer that says that it hears a hundred, before we have heard them', () => {
    const lan = new Lan('n1')
    lan.run(60)
    const { nonce } = lastOf(lan, 'n1')
    const others = Array.from({ length: 95 }, (_, at) => ({ nonce: 100n + BigInt(at), complete: true }))
    const hears = [{ nonce, complete: true }, ...others]
    heardBy(lan, 'n1', strange({ intervalMs: 250, hears }))
    lan.run(749)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toHaveLength(1)
  })

  test('by a session that was never live keeps nobody silent whose link is back', () => {
    const lan = new Lan('n1')
    lan.announce(dutyOf(a, ['n1']))
    lan.run(1_000)
    heardBy(lan, 'n1', strange({ intervalMs: never }))
    lan.run(10)
    for (const up of [false, true])
      lan.tell('n1', { kind: 'segments', segments: [lan.segment('n1', { up })] })
    lan.run(160)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('heard while we listen has us listen as long as for one that runs late, and no longer', () => {
    const lan = new Lan('n1')
    lan.announce(dutyOf(a, ['n1']))
    heardBy(lan, 'n1', strange({ intervalMs: never }))
    lan.run(2_390)
    expect(lan.answererOf(a)).toEqual([])
    lan.run(20)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('by a peer whose bids are not all here delays nobody for longer than one that runs late', () => {
    const lan = new Lan('n1')
    lan.run(500)
    const { nonce } = lastOf(lan, 'n1')
    const hears = [{ nonce, complete: true }]
    const gap = (sequence: number): Heartbeat => strange({ intervalMs: never, hears, sequence, digest: 7 })
    heardBy(lan, 'n1', gap(1))
    lan.announce(dutyOf(a, ['n1']))
    for (let sequence = 2; sequence < 60; sequence++) {
      lan.run(50)
      heardBy(lan, 'n1', gap(sequence))
    }
    expect(lan.answererOf(a)).toEqual(['n1'])
  })
})

test('who stood still for a minute promises the usual again as soon as who stood still for a moment', () => {
  const beatsUntilUsual = (pausedMs: number): number => {
    const lan = new Lan('n1')
    lan.run(1_000)
    lan.now += pausedMs
    const before = lan.effectsOf('n1', 'heartbeat').length
    lan.run(5_000)
    const promises = lan.effectsOf('n1', 'heartbeat').slice(before)
    return promises.findIndex(({ heartbeat }, at) => at > 0 && heartbeat.intervalMs === 50)
  }
  expect(beatsUntilUsual(60_000)).toBe(beatsUntilUsual(300))
  expect(beatsUntilUsual(300)).toBeGreaterThan(1)
})
