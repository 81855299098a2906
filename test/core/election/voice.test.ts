import { describe, expect, test } from 'vitest'
import type { Duty } from '../../../src/core/election/event.ts'
import { Lan, addressOf, dutyOf } from './lan.ts'

const a = '192.168.10.200'
const many = Array.from({ length: 50 }, (_, at) => `192.168.10.${at + 200}`)
const second = 1_000

/** Speakers that know each other's MACs and have announced for a while. */
function lanOf(names: readonly string[], ...duties: readonly Duty[]): Lan {
  const lan = new Lan(...names)
  lan.acquaint()
  lan.announce(...duties)
  lan.run(4 * second)
  return lan
}

function estranged(lan: Lan, name: string): readonly string[] {
  const told = lan.effectsOf(name, 'estranged').at(-1)?.estranged ?? []
  return told.map(({ node, reason }) => `${reason} ${node}`)
}

function changesOf(lan: Lan, address: string, since: number): number {
  return lan.announcements(address, since).length
}

describe('speakers whose heartbeats are filtered while ARP passes', () => {
  test('leave the address with the one that it is placed on, after one word of each', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.filter('n1', 'n2')
    const filteredAt = lan.now
    lan.run(second)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.storyOf('n2', a)).toEqual(['announcing: elected', 'silent: overruled'])
    lan.run(600 * second)
    expect(lan.storyOf('n1', a)).toEqual(['announcing: placed'])
    expect(lan.storyOf('n2', a)).toHaveLength(2)
    // The word of who fell silent, and of the other one its answer to that and its usual one each minute.
    expect(lan.announcements(a, filteredAt).filter(({ node }) => node === 'n2')).toHaveLength(1)
    expect(changesOf(lan, a, filteredAt)).toBeLessThan(15)
  })

  test('leave no client with the word of the one that fell silent, however soon it happens again', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    for (let times = 0; times < 3; times++) {
      const since = lan.now
      lan.filter('n1', 'n2')
      lan.run(400)
      expect(lan.announcements(a, since).map(({ node }) => node)).toEqual(['n2', 'n1'])
      lan.filtered.clear()
      lan.run(1_600)
    }
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('and a device that claims the address, too, keep it no longer from clients', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    const claimed = { kind: 'claim', interface: 'eth0', address: addressOf(a), mac: 1n } as const
    for (let times = 0; times < 3; times++) {
      lan.tell('n1', claimed)
      lan.run(500)
    }
    const since = lan.now
    lan.filter('n1', 'n2')
    lan.run(1_400)
    expect(lan.announcements(a, since).map(({ node }) => node)).toEqual(['n2', 'n1'])
  })

  test('agree without a placement, too', () => {
    const lan = lanOf(
      ['n1', 'n2', 'n3'],
      ...many.map((each) => dutyOf(each, ['n1', 'n2', 'n3'], { placement: undefined })),
    )
    const before = many.map((each) => lan.answererOf(each))
    for (const [one, other] of [
      ['n1', 'n2'],
      ['n1', 'n3'],
      ['n2', 'n3'],
    ] as const)
      lan.filter(one, other)
    lan.run(5 * second)
    const afterwards = many.map((each) => lan.answererOf(each))
    expect(afterwards.every((answerers) => answerers.length === 1)).toBe(true)
    expect(afterwards).toEqual(before)
    const settledAt = lan.now
    lan.run(120 * second)
    const moved = [...lan.speakers.values()].flatMap(({ changes }) => changes).length
    lan.run(120 * second)
    expect([...lan.speakers.values()].flatMap(({ changes }) => changes)).toHaveLength(moved)
    expect(settledAt).toBeGreaterThan(0)
  })

  test('say both that they hear each other on the wire alone', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']), dutyOf('192.168.10.201', ['n2', 'n1']))
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    expect([estranged(lan, 'n1'), estranged(lan, 'n2')]).toEqual([['WireOnly n2'], ['WireOnly n1']])
    lan.filtered.clear()
    lan.run(5 * second)
    expect([estranged(lan, 'n1'), estranged(lan, 'n2')]).toEqual([[], []])
  })

  test('take over when the other answers no more', () => {
    const lan = lanOf(['n1', 'n2'], ...many.map((each) => dutyOf(each, ['n1', 'n2'])))
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    lan.kill('n1')
    lan.run(2_500)
    expect(many.map((each) => lan.answererOf(each))).toEqual(many.map(() => ['n2']))
    expect(lan.storyOf('n2', a).at(-1)).toMatch(/^announcing/)
  })

  test('follow a placement that moves', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    lan.announce(dutyOf(a, ['n2', 'n1'], { placement: { node: 'n2', revision: 2 } }))
    lan.run(2 * second)
    expect(lan.answererOf(a)).toEqual(['n2'])
    lan.run(60 * second)
    expect(lan.answererOf(a)).toEqual(['n2'])
  })

  test('whose views of the placement differ do not fall silent both for long, nor again and again', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(a, ['n2', 'n1'])] })
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    expect(lan.answererOf(a)).toHaveLength(1)
    const stories = ['n1', 'n2'].map((name) => lan.storyOf(name, a).length)
    lan.run(120 * second)
    expect(['n1', 'n2'].map((name) => lan.storyOf(name, a).length)).toEqual(stories)
  })

  test('that fall silent before each other in the same moment do so once', () => {
    const lan = new Lan('n1', 'n2')
    lan.acquaint()
    lan.cut('n1', 'n2')
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(a, ['n2', 'n1'])] })
    lan.tell('n2', { kind: 'duties', duties: [dutyOf(a, ['n1', 'n2'])] })
    lan.run(5 * second)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    lan.filter('n1', 'n2')
    lan.cuts.clear()
    for (const [name, other] of [
      ['n1', 'n2'],
      ['n2', 'n1'],
    ] as const) {
      const { mac } = lan.speaker(other)
      lan.tell(name, { kind: 'answer', interface: 'eth0', address: addressOf(a), mac })
    }
    expect(lan.answererOf(a)).toEqual([])
    lan.run(3 * second)
    expect(lan.answererOf(a)).toHaveLength(1)
    const stories = ['n1', 'n2'].map((name) => lan.storyOf(name, a).length)
    lan.run(60 * second)
    expect(['n1', 'n2'].map((name) => lan.storyOf(name, a).length)).toEqual(stories)
  })

  test('take an address that the other has given up, while it has others', () => {
    const b = '192.168.10.201'
    const duties = [a, b].map((each) => dutyOf(each, ['n1', 'n2']))
    const lan = lanOf(['n1', 'n2'], ...duties)
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    // The other one has not heard of that yet.
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(b, ['n1', 'n2'])] })
    lan.run(5 * second)
    expect([lan.answererOf(a), lan.answererOf(b)]).toEqual([['n2'], ['n1']])
  })

  test('go by their bids again once heartbeats come', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    lan.filtered.clear()
    lan.run(5 * second)
    expect(lan.answererOf(a)).toEqual(['n1'])
    lan.kill('n1')
    lan.run(160)
    expect(lan.answererOf(a)).toEqual(['n2'])
  })

  test('are asked no oftener than three times a second, however much they claim', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    const { mac } = lan.speaker('n1')
    const asked = lan.effectsOf('n2', 'ask').length
    for (let claims = 0; claims < 2_000; claims++) {
      lan.tell('n2', { kind: 'claim', interface: 'eth0', address: addressOf(a), mac })
      lan.run(5)
    }
    expect(lan.effectsOf('n2', 'ask').length - asked).toBeLessThanOrEqual(40)
  })
})

describe('a claim by the MAC of a speaker that is dead', () => {
  function claimed(lan: Lan): void {
    lan.tell('n2', { kind: 'claim', interface: 'eth0', address: addressOf(a), mac: lan.speaker('n1').mac })
  }

  test('silences nobody, for nobody answers there', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.kill('n1')
    lan.run(second)
    const { length } = lan.storyOf('n2', a)
    for (let claims = 0; claims < 50; claims++) {
      claimed(lan)
      lan.run(200)
    }
    expect(lan.storyOf('n2', a)).toHaveLength(length)
    expect(lan.answererOf(a)).toEqual(['n2'])
  })

  test('is answered no oftener than any other foreign one', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.kill('n1')
    lan.run(10 * second)
    const since = lan.now
    for (let claims = 0; claims < 100; claims++) {
      claimed(lan)
      lan.run(100)
    }
    expect(lan.announcements(a, since).length).toBeLessThanOrEqual(3)
  })

  test('and an answer by it silence the node until nobody answers there any more: for that somebody must lie on and on', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.kill('n1')
    lan.run(second)
    claimed(lan)
    lan.tell('n2', { kind: 'answer', interface: 'eth0', address: addressOf(a), mac: lan.speaker('n1').mac })
    expect(lan.answererOf(a)).toEqual([])
    lan.run(2_500)
    expect(lan.answererOf(a)).toEqual(['n2'])
  })
})

describe('an answer', () => {
  const answer = { kind: 'answer', interface: 'eth0', address: addressOf(a), mac: 1n } as const

  test('by a MAC of no speaker, on no interface of ours, or for what nobody wants is nothing to us', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    const { mac } = lan.speaker('n1')
    lan.kill('n1')
    lan.run(10 * second)
    const { length } = lan.storyOf('n2', a)
    lan.tell('n2', answer)
    lan.tell('n2', { ...answer, mac, interface: 'eth7' })
    lan.tell('n2', { ...answer, mac, address: addressOf('192.168.10.7') })
    lan.tell('n2', { ...answer, mac: lan.speaker('n2').mac })
    expect(lan.storyOf('n2', a)).toHaveLength(length)
    expect(lan.answererOf(a)).toEqual(['n2'])
  })

  test('is awaited no more for an address that nobody wants any more', () => {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, ['n1', 'n2']))
    lan.filter('n1', 'n2')
    lan.run(5 * second)
    expect(estranged(lan, 'n2')).toEqual(['WireOnly n1'])
    lan.announce()
    lan.run(second)
    const asked = lan.effectsOf('n2', 'ask').length
    lan.run(5 * second)
    expect(lan.effectsOf('n2', 'ask')).toHaveLength(asked)
    expect(estranged(lan, 'n2')).toEqual([])
  })
})

describe('a link that works one way only', () => {
  /** The second hears the first, which does not hear it. */
  function oneWay(placed: readonly string[]): Lan {
    const lan = lanOf(['n1', 'n2'], dutyOf(a, placed))
    lan.cuts.add('n2>n1')
    lan.run(5 * second)
    return lan
  }

  test('is told by the one that hears, with the name of the other', () => {
    const lan = oneWay(['n1', 'n2'])
    expect(estranged(lan, 'n2')).toEqual(['OneWay n1'])
    expect(estranged(lan, 'n1')).toEqual([])
    lan.cuts.clear()
    lan.run(5 * second)
    expect(estranged(lan, 'n2')).toEqual([])
  })

  test('leaves the address with the one that is reached, as well, for the other one answers it nothing', () => {
    const lan = oneWay(['n1', 'n2'])
    expect(lan.answererOf(a)).toContain('n2')
  })

  test('starts no fight: neither says again and again that the address is its own', () => {
    const lan = oneWay(['n2', 'n1'])
    const since = lan.now
    const changes = lan.storyOf('n1', a).length + lan.storyOf('n2', a).length
    lan.run(600 * second)
    expect(lan.storyOf('n1', a).length + lan.storyOf('n2', a).length).toBe(changes)
    // Once a minute each, and one in reply to the other's.
    expect(lan.announcements(a, since).length).toBeLessThanOrEqual(32)
  })
})
