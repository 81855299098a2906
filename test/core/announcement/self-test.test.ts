import { describe, expect, it } from 'vitest'
import { dutyOf } from '../election/lan.ts'
import { minute, second, TestedLan } from './tested-lan.ts'

const a = '10.0.1.1'
const stranger = 0x0an

/** Three nodes, the first of which announces the addresses, and everyone has been asked once. */
function settled(addresses: readonly string[] = [a], nodes = ['one', 'two', 'three']): TestedLan {
  const tested = new TestedLan(...nodes)
  tested.announce(...addresses.map((address) => dutyOf(address, nodes)))
  tested.run(30 * second)
  return tested
}

describe('an address that is answered for as it should be', () => {
  it('is asked for soon after it began to be announced, and once in twenty seconds by each of two others', () => {
    const tested = new TestedLan('one', 'two', 'three', 'four')
    tested.announce(dutyOf(a, ['one', 'two', 'three', 'four']))
    tested.run(6 * second)
    expect(tested.asked.length).toBe(1)
    tested.run(2 * minute)
    const askers = new Set(tested.asked.map(({ by }) => by))
    expect(askers.size).toBe(2)
    expect(askers).not.toContain('one')
    expect(tested.asked.length).toBeGreaterThanOrEqual(12)
    expect(tested.asked.length).toBeLessThanOrEqual(14)
    expect([...tested.results]).toEqual([['Answered', expect.any(Number)]])
    expect(tested.news).toEqual([])
  })

  it('is asked for by the only other one where there are two, and by nobody where there is one', () => {
    expect(new Set(settled([a], ['one', 'two']).asked.map(({ by }) => by))).toEqual(new Set(['two']))
    expect(settled([a], ['one']).asked).toEqual([])
  })

  it('is asked for by others at once when one of those who do is gone', () => {
    const tested = new TestedLan('one', 'two', 'three', 'four')
    tested.announce(dutyOf(a, ['one']))
    tested.run(30 * second)
    const [first = ''] = tested.asked.map(({ by }) => by)
    tested.lan.kill(first)
    const since = tested.now
    tested.run(40 * second)
    const askers = new Set(tested.asked.filter(({ at }) => at > since).map(({ by }) => by))
    expect(askers.size).toBe(2)
    expect(askers).not.toContain(first)
  })

  it('is found well though it moves, also when who had it answers for a while', () => {
    const tested = settled()
    for (let revision = 2; revision < 12; revision++) {
      const node = ['one', 'two', 'three'][revision % 3] as string
      tested.announce(dutyOf(a, ['one', 'two', 'three'], { placement: { node, revision } }))
      tested.run(7 * second)
    }
    expect(tested.news).toEqual([])
    expect([...tested.results.keys()]).toEqual(['Answered'])
  })
})

describe('an address that its announcer does not answer for', () => {
  it('is found by both who ask, within a round and three questions, and over when it is answered again', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.run(26 * second)
    expect(tested.news.toSorted()).toEqual([
      `three finding Unanswered ${a} one`,
      `two finding Unanswered ${a} one`,
    ])
    tested.mute.clear()
    tested.run(8 * second)
    expect(tested.news.slice(2).toSorted()).toEqual([
      `three findingOver Unanswered ${a} one`,
      `two findingOver Unanswered ${a} one`,
    ])
  })

  it('is found when its announcer answers for nothing at all: others prove that the ears work', () => {
    const tested = settled()
    tested.mute.add('one')
    tested.run(26 * second)
    expect(tested.news).toHaveLength(2)
  })

  it('is looked at at once when somebody else says so', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.suspect(a)
    tested.run(5 * second)
    expect(tested.news).toHaveLength(2)
  })

  it('is found to be answered elsewhere where somebody else answers', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.strangers = [stranger]
    tested.run(26 * second)
    expect(tested.news).toContain(`two finding AnsweredElsewhere ${a} one ${stranger}`)
    tested.mute.clear()
    tested.run(10 * second)
    expect(tested.news).toContain(`two finding AnsweredTwice ${a} one ${stranger}`)
  })

  it('is no concern of one who loses a question or two', () => {
    const tested = settled()
    tested.suspect(a)
    tested.mute.add(a)
    tested.run(2 * second)
    tested.mute.clear()
    tested.run(minute)
    expect(tested.results.get('Unanswered')).toBeGreaterThan(0)
    expect(tested.news).toEqual([])
  })

  it('is forgotten when it moves to another node', () => {
    const tested = settled()
    tested.mute.add('one')
    tested.run(26 * second)
    tested.announce(dutyOf(a, ['one', 'two', 'three'], { placement: { node: 'two', revision: 2 } }))
    tested.run(5 * second)
    expect(tested.news.filter((each) => each.includes('findingOver'))).toHaveLength(2)
    tested.run(minute)
    expect(tested.news).toHaveLength(4)
  })
})

describe('an address that somebody else answers for, too', () => {
  it('is found after two questions, with the MAC', () => {
    const tested = settled()
    tested.strangers = [stranger]
    tested.run(24 * second)
    expect(tested.news.toSorted()).toEqual([
      `three finding AnsweredTwice ${a} one ${stranger}`,
      `two finding AnsweredTwice ${a} one ${stranger}`,
    ])
    tested.strangers = []
    tested.run(8 * second)
    expect(tested.news).toHaveLength(4)
  })
})

describe('what is tested', () => {
  it('is nothing of a node whose MACs are not known, nor while nobody announces it', () => {
    const tested = new TestedLan('one', 'two', 'three')
    tested.unknown.add('one')
    tested.announce(dutyOf(a, ['one']), dutyOf('10.0.1.2', []))
    tested.run(minute)
    expect(tested.asked).toEqual([])
  })

  it('is no more what is to be announced no more, and what was found of it is over', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.run(26 * second)
    tested.announce()
    expect(tested.news.slice(2)).toHaveLength(2)
    const { length } = tested.asked
    tested.run(minute)
    expect(tested.asked.length).toBe(length)
  })

  it('is over on an interface that is gone, and what is heard there is of no account', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.run(26 * second)
    tested.unplug('two')
    expect(tested.news.slice(2)).toEqual([`two findingOver Unanswered ${a} one`])
    tested.hear('two', 'eth0', a)
  })

  it('is left to the others by one that leaves, with what it asked', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.suspect(a)
    tested.run(300)
    tested.lan.tell('two', { kind: 'leave' })
    tested.run(minute)
    expect(tested.news.filter((each) => each.startsWith('two'))).toEqual([])
    expect(tested.news).toContain(`three finding Unanswered ${a} one`)
  })

  it('is not looked at by those who are not to ask, whoever suspects it', () => {
    const tested = new TestedLan('one', 'two', 'three', 'four')
    tested.announce(dutyOf(a, ['one']))
    tested.run(6 * second)
    tested.suspect(a)
    tested.suspect('10.0.9.9')
    tested.run(5 * second)
    expect(new Set(tested.asked.map(({ by }) => by)).size).toBe(2)
  })
})

describe('those who answer', () => {
  it('are named in order, and no more than eight of them', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.strangers = [5n, 3n, 9n, 1n, 2n, 4n, 8n, 7n, 6n]
    tested.run(26 * second)
    expect(tested.news[0]).toContain('finding AnsweredElsewhere')
    expect(tested.news[0]?.split(' ').slice(5)).toEqual(['1', '2', '3', '4', '5', '7', '8', '9'])
  })
})

describe('a node that hears no answers at all', () => {
  it('finds nothing, whatever it asks for', () => {
    const addresses = Array.from({ length: 20 }, (_, at) => `10.0.1.${at}`)
    const tested = settled(addresses)
    tested.deaf.add('two')
    tested.run(3 * minute)
    expect(tested.results.get('Unsure')).toBeGreaterThan(10)
    expect(tested.news).toEqual([])
  })

  it('forgets what it found before', () => {
    const tested = settled()
    tested.mute.add(a)
    tested.run(26 * second)
    tested.deaf.add('two')
    tested.run(30 * second)
    expect(tested.news.slice(2)).toEqual([`two findingOver Unanswered ${a} one`])
  })
})

describe('the price', () => {
  /** The most questions in any minute. */
  function mostInAMinute(tested: TestedLan): number {
    const times = tested.asked.map(({ at }) => at)
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + minute).length))
  }

  it.each([
    [2, 1_000, 2],
    [5, 1_000, 9],
    [9, 500, 2],
    [3, 2_000, 2],
  ])('is at most 240 questions a minute with %i nodes and %i addresses', (nodes, many, minutes) => {
    const names = Array.from({ length: nodes }, (_, at) => `node-${at}`)
    const tested = new TestedLan(...names)
    const addresses = Array.from({ length: many }, (_, at) => `10.0.${16 + (at >> 8)}.${at & 255}`)
    tested.announce(
      ...addresses.map((address, at) =>
        dutyOf(address, names, { placement: { node: names[at % nodes] as string, revision: 1 } }),
      ),
    )
    tested.run(3 * second)
    tested.rest(minutes * minute)
    expect(mostInAMinute(tested)).toBeLessThanOrEqual(240 + nodes)
    expect([...tested.results.keys()]).toEqual(['Answered'])
    const asked = new Set(tested.asked.map(({ address }) => address))
    if (minutes * 60 > many / 2) expect(asked.size).toBe(many)
  })

  it('is spread over time: no quarter of a second has more questions than there are nodes', () => {
    const names = ['one', 'two', 'three']
    const addresses = Array.from({ length: 100 }, (_, at) => `10.0.1.${at}`)
    const tested = settled(addresses, names)
    tested.run(2 * minute)
    const slots = new Map<number, number>()
    for (const { at } of tested.asked) {
      const slot = Math.floor(at / 250)
      slots.set(slot, (slots.get(slot) ?? 0) + 1)
    }
    expect(Math.max(...slots.values())).toBeLessThanOrEqual(names.length)
  })

  it('is bounded while a whole node is not answered', () => {
    const names = ['one', 'two', 'three']
    const addresses = Array.from({ length: 300 }, (_, at) => `10.0.${1 + (at >> 8)}.${at & 255}`)
    const tested = settled(addresses, names)
    tested.mute.add('one')
    tested.rest(5 * minute)
    // Of two who ask: four a second each beside the usual ones, and the addresses that surely answer.
    expect(mostInAMinute(tested)).toBeLessThanOrEqual(240 + 2 * (240 + 120))
    expect(tested.news.length).toBeGreaterThan(50)
  })
})
