import { describe, expect, test } from 'vitest'
import { heardBy, lastOf, strange } from './heartbeats.ts'
import { Lan, dutyOf } from './lan.ts'

const a = '192.168.10.200'

describe('a peer is live', () => {
  test('from the first packet on that carries our nonce, and not before', () => {
    const lan = new Lan('n1')
    expect(heardBy(lan, 'n1', strange())).toEqual([])
    lan.run(60)
    const { nonce } = lastOf(lan, 'n1')
    const effects = heardBy(lan, 'n1', strange({ sequence: 2, hears: [{ nonce, complete: true }] }))
    expect(effects).toEqual(['peers'])
  })

  test('for as long as it promised, three times over', () => {
    const lan = new Lan('n1')
    lan.run(60)
    const { nonce } = lastOf(lan, 'n1')
    heardBy(lan, 'n1', strange({ intervalMs: 150, hears: [{ nonce, complete: true }] }))
    lan.run(449)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toHaveLength(1)
    lan.run(2)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toEqual([])
  })

  test('on neither side when frames go one way only', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(1_000)
    lan.cuts.add('n1>n2')
    lan.run(1_000)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toEqual([])
    expect(lan.effectsOf('n2', 'peers').at(-1)?.peers).toEqual([])
  })

  test('in its newest session only: what came before is never believed again', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(500)
    const old = lastOf(lan, 'n2')
    lan.boot('n2')
    lan.run(500)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toHaveLength(1)
    expect(heardBy(lan, 'n1', { ...old, sequence: old.sequence + 1_000 })).toEqual(['refused: replayed'])
  })

  test('in its newest session even when a last word of the one before comes late', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(500)
    const old = lastOf(lan, 'n2')
    lan.kill('n2')
    lan.run(500)
    const { nonce } = lastOf(lan, 'n1')
    heardBy(lan, 'n1', strange({ node: 'n2', nonce: 5n }))
    heardBy(lan, 'n1', { ...old, sequence: old.sequence + 1 })
    expect(
      heardBy(lan, 'n1', strange({ node: 'n2', nonce: 5n, sequence: 2, hears: [{ nonce, complete: true }] })),
    ).toEqual(['peers'])
  })
})

describe('a recorded packet', () => {
  test('of a session that goes on is refused', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(510)
    expect(heardBy(lan, 'n1', lastOf(lan, 'n2'))).toEqual(['refused: replayed'])
  })

  test('is refused for ever, long after its session has ended', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(500)
    const recorded = lastOf(lan, 'n2')
    lan.kill('n2')
    lan.run(60_000)
    expect(heardBy(lan, 'n1', recorded)).toEqual(['refused: replayed'])
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toEqual([])
  })

  test('makes nobody live on an interface that was removed and added since', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(500)
    const recorded = lastOf(lan, 'n2')
    lan.kill('n2')
    lan.run(1_000)
    lan.tell('n1', { kind: 'segments', segments: [] })
    lan.tell('n1', { kind: 'segments', segments: [lan.segment('n1')] })
    heardBy(lan, 'n1', recorded)
    lan.run(60)
    heardBy(lan, 'n1', { ...recorded, sequence: recorded.sequence + 1 })
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toEqual([])
  })

  test('makes nobody live for a speaker that was started since', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(500)
    const recorded = lastOf(lan, 'n2')
    lan.kill('n2')
    lan.boot('n1')
    expect(heardBy(lan, 'n1', recorded)).toEqual([])
    lan.run(200)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).not.toContainEqual(
      expect.objectContaining({ since: lan.now }),
    )
    expect(
      [...(lan.speaker('n1').state.segments.get('eth0')?.sessions.values() ?? [])][0]?.liveSince,
    ).toBeUndefined()
  })
})

describe('what a peer gives up', () => {
  test('is not remembered where nobody wants it announced', () => {
    const lan = new Lan('n1', 'n2')
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(a, ['n1'])] })
    lan.run(1_000)
    lan.tell('n1', { kind: 'duties', duties: [] })
    lan.run(100)
    expect(lan.speaker('n2').state.segments.get('eth0')?.unheldSince.size).toBe(0)
  })
})

describe('a packet in our own name', () => {
  test('is refused, whether it is ours or an earlier session', () => {
    const lan = new Lan('n1')
    lan.run(100)
    expect(heardBy(lan, 'n1', lastOf(lan, 'n1'))).toEqual(['refused: own'])
    expect(heardBy(lan, 'n1', strange({ node: 'n1' }))).toEqual(['refused: own'])
  })
})

describe('a packet on an interface', () => {
  test('that does not exist or is down is not looked at', () => {
    const lan = new Lan('n1')
    expect(lan.tell('n1', { kind: 'heartbeat', interface: 'eth7', heartbeat: strange() })).toEqual([])
    lan.tell('n1', { kind: 'segments', segments: [lan.segment('n1', { up: false })] })
    expect(heardBy(lan, 'n1', strange())).toEqual([])
  })
})

describe('the interval', () => {
  test('grows with the number of peers, so that some 400 packets a second are heard', () => {
    const lan = new Lan('n1')
    lan.run(60)
    const { nonce } = lastOf(lan, 'n1')
    for (let at = 0; at < 99; at++) {
      heardBy(
        lan,
        'n1',
        strange({
          node: `p${at}`,
          nonce: 100n + BigInt(at),
          intervalMs: 9_000,
          hears: [{ nonce, complete: true }],
        }),
      )
    }
    lan.run(300)
    expect(lastOf(lan, 'n1').intervalMs).toBe(250)
  })

  test('echoes a hundred peers in as many packets as that takes', () => {
    const lan = new Lan('n1')
    for (let at = 0; at < 100; at++)
      heardBy(lan, 'n1', strange({ node: `p${at}`, nonce: 100n + BigInt(at), intervalMs: 9_000 }))
    lan.run(60)
    const [first, second] = lan.effectsOf('n1', 'heartbeat').slice(-2)
    expect((first?.heartbeat.hears.length ?? 0) + (second?.heartbeat.hears.length ?? 0)).toBe(100)
  })
})

describe('a peer that is quiet', () => {
  test('is left in peace, but its bids do not count', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(dutyOf(a, ['n1', 'n2']))
    lan.run(1_000)
    const { nonce } = lastOf(lan, 'n2')
    lan.cut('n1', 'n2')
    const quiet = { ...lastOf(lan, 'n1'), sequence: 9_999, quiet: true, hears: [{ nonce, complete: true }] }
    heardBy(lan, 'n2', quiet)
    lan.run(200)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
  })
})
