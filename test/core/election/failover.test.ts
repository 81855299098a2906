import { describe, expect, test } from 'vitest'
import { Lan, dutyOf } from './lan.ts'

const a = '192.168.10.200'
const b = '192.168.10.201'
const c = '192.168.10.202'

/** Three nodes, each announcing one address and a candidate for all. */
function threeNodes(): Lan {
  const lan = new Lan('n1', 'n2', 'n3')
  lan.announce(dutyOf(a, ['n1', 'n2', 'n3']), dutyOf(b, ['n2', 'n3', 'n1']), dutyOf(c, ['n3', 'n1', 'n2']))
  lan.run(1_000)
  return lan
}

describe('a cluster that starts', () => {
  test('is silent for a dead interval, then each node announces what is placed on it', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(dutyOf(a, ['n1', 'n2']), dutyOf(b, ['n2', 'n1']))
    lan.run(149)
    expect(lan.answererOf(a)).toEqual([])
    lan.run(10)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.answererOf(b)).toEqual(['n2'])
    expect(lan.storyOf('n1', a)).toEqual(['announcing: placed'])
  })

  test('leaves everything where it is from then on', () => {
    const lan = threeNodes()
    lan.run(70_000)
    expect(lan.speaker('n1').changes).toHaveLength(1)
    expect([lan.answererOf(a), lan.answererOf(b), lan.answererOf(c)]).toEqual([['n1'], ['n2'], ['n3']])
  })

  test('sends both forms on the schedule, and again about a minute later', () => {
    const lan = threeNodes()
    lan.run(90_000)
    const moments = lan.announcements(a).map(({ at }) => at)
    const first = moments[0] as number
    expect(moments.slice(0, 5).map((at) => Math.round(at - first))).toEqual([0, 100, 500, 1_100, 2_500])
    expect(moments.length).toBeGreaterThan(5)
    expect(moments.length).toBeLessThan(9)
  })
})

describe('a node that dies', () => {
  test('is followed by the first announcement within a dead interval of its last heartbeat', () => {
    const lan = threeNodes()
    const cutAt = lan.now
    lan.kill('n1')
    lan.run(400)
    const [first] = lan.announcements(a, cutAt)
    expect((first?.at ?? Infinity) - cutAt).toBeLessThanOrEqual(151)
    expect(lan.answererOf(a)).toHaveLength(1)
  })

  test('is followed at other times as fast: the median over its phase stays far under 200 ms', () => {
    const gaps = Array.from({ length: 10 }, (_, at) => {
      const lan = threeNodes()
      lan.run(at * 5)
      const cutAt = lan.now
      lan.kill('n1')
      lan.run(400)
      return (lan.announcements(a, cutAt)[0]?.at ?? Infinity) - cutAt
    }).sort((x, y) => x - y)
    expect(gaps[5]).toBeLessThan(140)
    expect(gaps[9]).toBeLessThanOrEqual(151)
  })

  test('gets nothing back when it returns, and disturbs nobody', () => {
    const lan = threeNodes()
    lan.kill('n1')
    lan.run(1_000)
    const holder = lan.answererOf(a)
    lan.boot('n1')
    lan.announce(dutyOf(a, ['n1', 'n2', 'n3']), dutyOf(b, ['n2', 'n3', 'n1']), dutyOf(c, ['n3', 'n1', 'n2']))
    const before = lan.speaker(holder[0] as string).changes.length
    lan.run(3_000)
    expect(lan.answererOf(a)).toEqual(holder)
    expect(lan.speaker('n1').changes).toEqual([])
    expect(lan.speaker(holder[0] as string).changes).toHaveLength(before)
  })

  test('of a thousand addresses has the first announcement of each before the second of any', () => {
    const lan = new Lan('n1', 'n2')
    const duties = Array.from({ length: 1_000 }, (_, at) =>
      dutyOf(`10.0.${at >> 8}.${at & 255}`, ['n1', 'n2']),
    )
    lan.announce(...duties)
    lan.run(3_000)
    expect(lan.speaker('n1').answering).toHaveLength(1_000)
    const cutAt = lan.now
    lan.kill('n1')
    lan.run(200)
    const announced = lan.effectsOf('n2', 'announce').slice(0, 1_000)
    expect(new Set(announced.map(({ address }) => address.value)).size).toBe(1_000)
    const batch = lan.done
      .filter(({ at, effect }) => at > cutAt && effect.kind === 'announce')
      .map(({ at }) => at)
    expect(new Set(batch.slice(0, 1_000)).size).toBe(1)
  })

  test('and whose placement nobody can follow leaves the address to the next in line', () => {
    const lan = threeNodes()
    lan.kill('n3')
    lan.kill('n1')
    lan.run(400)
    expect([lan.answererOf(a), lan.answererOf(b), lan.answererOf(c)]).toEqual([['n2'], ['n2'], ['n2']])
  })
})

describe('whose turn it is', () => {
  test('a node that reads of a new address first leaves it to the one that should for a second', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(500)
    lan.tell('n2', { kind: 'duties', duties: [dutyOf(a, ['n1', 'n2'])] })
    lan.run(1_000)
    expect(lan.answererOf(a)).toEqual([])
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(a, ['n1', 'n2'])] })
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('a node that starts first leaves a new address to the one it is placed on, which starts a little later', () => {
    const lan = new Lan('n2')
    lan.announce(dutyOf(a, ['n1', 'n2']))
    lan.run(600)
    lan.boot('n1')
    lan.announce(dutyOf(a, ['n1', 'n2']))
    lan.run(1_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.speaker('n2').changes).toEqual([])
  })

  test('but stands in when the one that should does not come forward', () => {
    const lan = new Lan('n1', 'n2')
    lan.run(500)
    lan.tell('n2', { kind: 'duties', duties: [dutyOf(a, ['n1', 'n2'])] })
    lan.run(1_200)
    expect(lan.storyOf('n2', a)).toEqual(['announcing: stoodIn'])
  })

  test('a Service that is heard of before its placement waits for that: the placed node alone takes the address', () => {
    for (const node of ['n1', 'n2', 'n3']) {
      const lan = new Lan('n1', 'n2', 'n3')
      lan.run(500)
      lan.announce(dutyOf(a, ['n1', 'n2', 'n3'], { placement: undefined }))
      lan.run(300)
      expect(lan.answererOf(a)).toEqual([])
      lan.announce(dutyOf(a, ['n1', 'n2', 'n3'], { placement: { node, revision: 1 } }))
      expect(lan.answererOf(a)).toEqual([node])
      expect(lan.storyOf(node, a)).toEqual(['announcing: placed'])
    }
  })

  test('an address that is placed nowhere goes to one node of its candidates', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    lan.announce(dutyOf(a, ['n1', 'n2'], { placement: undefined }), dutyOf(b, [], { placement: undefined }))
    lan.run(2_000)
    expect(lan.answererOf(a)).toHaveLength(1)
    expect(lan.answererOf(b)).toEqual([])
    expect(lan.storyOf('n3', a)).toEqual([])
  })

  test('an address that nobody might announce for long goes to the node it is placed on, also when others hear first', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    const duty = dutyOf(a, ['n1', 'n2', 'n3'])
    lan.announce(duty)
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
    lan.announce({ ...duty, candidates: [] })
    lan.run(5_000)
    expect(lan.answererOf(a)).toEqual([])
    const waiting = dutyOf(b, ['n1', 'n2', 'n3'], { placement: undefined })
    lan.announce({ ...duty, candidates: [] }, waiting)
    lan.run(100)
    for (const name of ['n3', 'n2', 'n1']) {
      lan.tell(name, { kind: 'duties', duties: [duty, waiting] })
      lan.run(20)
    }
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
    for (const other of ['n2', 'n3']) expect(lan.storyOf(other, a)).toEqual([])
    expect(lan.answererOf(b)).toHaveLength(1)
  })

  test('a candidate of last resort takes an address only when no other lives', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    const candidates = ['n1', 'n2', 'n3'].map((node) => ({ node, lastResort: node !== 'n3' }))
    lan.announce(dutyOf(a, [], { candidates }))
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n3'])
    lan.kill('n3')
    lan.run(400)
    expect(lan.answererOf(a)).toHaveLength(1)
  })

  test('a node that holds nothing of its own stays silent about an address it may not announce', () => {
    const lan = threeNodes()
    lan.announce(dutyOf(a, ['n1']))
    lan.kill('n1')
    lan.run(3_000)
    expect(lan.answererOf(a)).toEqual([])
  })
})

test('what a peer announces is known to be held, also by who heard nothing of it from the API for a moment', () => {
  const lan = new Lan('n1', 'n2')
  lan.announce(dutyOf(a, ['n1', 'n2']))
  lan.run(1_000)
  lan.tell('n2', { kind: 'duties', duties: [] })
  lan.tell('n2', { kind: 'duties', duties: [dutyOf(a, ['n1', 'n2'])] })
  lan.run(200)
  lan.kill('n1')
  lan.run(210)
  expect(lan.answererOf(a)).toEqual(['n2'])
})
