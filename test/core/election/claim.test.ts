import { describe, expect, test } from 'vitest'
import { heardBy, lastOf, strange } from './heartbeats.ts'
import { Lan, addressOf, dutyOf } from './lan.ts'

const a = '192.168.10.200'
const stranger = 0x0600_0000_0099n

function aloneWith(): Lan {
  const lan = new Lan('n1')
  lan.announce(dutyOf(a, ['n1', 'n2']))
  lan.run(5_000)
  return lan
}

function claim(lan: Lan, name: string, mac = stranger): void {
  lan.tell(name, { kind: 'claim', interface: 'eth0', address: addressOf(a), mac })
}

describe('a foreign claim to an address that we announce', () => {
  test('is answered with our own a beat later, and reported with its MAC', () => {
    const lan = aloneWith()
    const since = lan.now
    claim(lan, 'n1')
    lan.run(49)
    expect(lan.effectsOf('n1', 'conflict')).toEqual([])
    lan.run(2)
    expect(lan.effectsOf('n1', 'conflict')).toEqual([
      { kind: 'conflict', interface: 'eth0', address: addressOf(a), mac: stranger },
    ])
    expect(lan.announcements(a, since)).toHaveLength(1)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('costs nothing more before it is judged, however often it comes and from whatever MAC', () => {
    const lan = aloneWith()
    claim(lan, 'n1')
    const { state } = lan.speaker('n1')
    for (let at = 0; at < 1_000; at++) claim(lan, 'n1', stranger + BigInt(at % 7))
    const holdingsOf = (each: typeof state) => each.segments.get('eth0')?.holdings
    expect(holdingsOf(lan.speaker('n1').state)).toBe(holdingsOf(state))
    lan.run(1_000)
    expect(lan.effectsOf('n1', 'conflict')).toMatchObject([{ mac: stranger }])
  })

  test('is answered once in ten seconds at most, however often it comes', () => {
    const lan = aloneWith()
    for (let at = 0; at < 300; at++) {
      claim(lan, 'n1')
      lan.run(100)
    }
    expect(lan.effectsOf('n1', 'conflict')).toHaveLength(3)
  })

  test('is answered with one announcement, and the address is announced as before besides that', () => {
    const quiet = aloneWith()
    const lan = aloneWith()
    const since = lan.now
    claim(lan, 'n1')
    for (const each of [quiet, lan]) each.run(120_000)
    expect(lan.announcements(a, since).length).toBeLessThanOrEqual(quiet.announcements(a, since).length + 1)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('does not make us give the address up, however long it goes on', () => {
    const lan = aloneWith()
    for (let at = 0; at < 600; at++) {
      claim(lan, 'n1')
      lan.run(1_000)
    }
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.storyOf('n1', a)).toHaveLength(1)
  })

  test('is nothing when it is of another interface of ours, or for what we do not hold', () => {
    const lan = aloneWith()
    claim(lan, 'n1', lan.speaker('n1').mac)
    lan.tell('n1', { kind: 'claim', interface: 'eth0', address: addressOf('192.168.10.9'), mac: stranger })
    lan.tell('n1', { kind: 'claim', interface: 'eth9', address: addressOf(a), mac: stranger })
    lan.run(1_000)
    expect(lan.effectsOf('n1', 'conflict')).toEqual([])
  })

  test('is nothing while we are silent', () => {
    const lan = new Lan('n1')
    claim(lan, 'n1')
    lan.run(1_000)
    expect(lan.effectsOf('n1', 'conflict')).toEqual([])
  })
})

describe('the claim of a peer', () => {
  const moved = dutyOf(a, ['n1', 'n2'], { placement: { node: 'n2', revision: 2 } })

  test('that comes before its bid is no conflict, and counts as the first of the two that end the hand-over', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(dutyOf(a, ['n1', 'n2']))
    lan.run(1_000)
    claim(lan, 'n1', lan.speaker('n2').mac)
    lan.announce(moved)
    lan.run(0.3)
    expect(lan.storyOf('n1', a).slice(1)).toEqual(['yielding: outbid'])
    // Both forms of one announcement are one word.
    lan.run(20)
    claim(lan, 'n1', lan.speaker('n2').mac)
    expect(lan.storyOf('n1', a).slice(2)).toEqual([])
    lan.run(30)
    claim(lan, 'n1', lan.speaker('n2').mac)
    expect(lan.storyOf('n1', a).slice(2)).toEqual(['silent: handedOver'])
    lan.run(1_000)
    expect(lan.effectsOf('n1', 'conflict')).toEqual([])
  })

  test('that comes before it is known that we leave ends the hand-over too', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(dutyOf(a, ['n1', 'n2']))
    lan.run(1_000)
    lan.cut('n1', 'n2')
    lan.tell('n1', { kind: 'leave' })
    claim(lan, 'n1', lan.speaker('n2').mac)
    expect(lan.answererOf(a)).toEqual(['n1'])
    lan.cuts.clear()
    lan.run(200)
    expect(lan.storyOf('n1', a).slice(1)).toEqual(['yielding: leaving', 'silent: handedOver'])
  })

  test('that crosses ours on the wire is answered, and is no conflict', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(dutyOf(a, ['n1', 'n2']))
    lan.run(1_000)
    const tell = lan.tell.bind(lan)
    lan.tell = (name, event) => (event.kind === 'claim' ? [] : tell(name, event))
    lan.announce(moved)
    lan.run(10)
    tell('n2', { kind: 'claim', interface: 'eth0', address: addressOf(a), mac: lan.speaker('n1').mac })
    const since = lan.now
    lan.run(60)
    expect(lan.effectsOf('n2', 'conflict')).toEqual([])
    expect(lan.announcements(a, since)).toHaveLength(1)
  })
})

test('a claim is foreign only once all bids of the peers are here: one that was away speaks before it has told its own', () => {
  const lan = aloneWith()
  const { nonce } = lastOf(lan, 'n1')
  const peer = { nonce: 9n, intervalMs: 200, hears: [{ nonce, complete: true }] }
  heardBy(lan, 'n1', strange({ ...peer, digest: 7 }))
  const since = lan.now
  claim(lan, 'n1')
  lan.run(100)
  expect(lan.effectsOf('n1', 'conflict')).toEqual([])
  expect(lan.announcements(a, since)).toEqual([])
  heardBy(lan, 'n1', strange({ ...peer, sequence: 2, digest: 0 }))
  lan.run(600)
  expect(lan.effectsOf('n1', 'conflict')).toHaveLength(1)
})
