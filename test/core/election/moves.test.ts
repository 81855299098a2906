import { describe, expect, test } from 'vitest'
import { Lan, dutyOf } from './lan.ts'

const a = '192.168.10.200'

/** Two nodes; the address is at the first. */
function twoNodes(): Lan {
  const lan = new Lan('n1', 'n2')
  lan.announce(dutyOf(a, ['n1', 'n2']))
  lan.run(1_000)
  return lan
}

describe('a newer placement', () => {
  const moved = dutyOf(a, ['n1', 'n2'], { placement: { node: 'n2', revision: 2 } })

  test('moves the address: the new announcer speaks first, the old one answers until it has heard that twice', () => {
    const lan = twoNodes()
    lan.announce(moved)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    lan.run(99)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    lan.run(2)
    expect(lan.answererOf(a)).toEqual(['n2'])
    expect(lan.storyOf('n1', a).slice(1)).toEqual(['yielding: outbid', 'silent: handedOver'])
  })

  test('moves nothing before the node that it names has heard of it', () => {
    const lan = twoNodes()
    lan.tell('n1', { kind: 'duties', duties: [moved] })
    lan.run(5_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('of an address that was wanted by nobody meanwhile is answered by the node that it names, and by it alone', () => {
    const lan = new Lan('n1', 'n2')
    const placed = dutyOf(a, ['n1', 'n2'], { placement: { node: 'n2', revision: 1 } })
    lan.announce(placed)
    lan.run(1_000)
    lan.announce()
    lan.run(1_500)
    lan.tell('n1', { kind: 'duties', duties: [moved] })
    lan.run(20)
    expect(lan.answererOf(a)).toEqual([])
    lan.tell('n2', { kind: 'duties', duties: [moved] })
    expect(lan.answererOf(a)).toEqual(['n2'])
    lan.run(1_000)
    expect(lan.storyOf('n1', a)).toEqual([])
  })

  test('of the node that announces already changes nothing but the bid', () => {
    const lan = twoNodes()
    lan.announce(dutyOf(a, ['n1', 'n2'], { placement: { node: 'n1', revision: 7 } }))
    lan.run(1_000)
    expect(lan.speaker('n1').changes).toHaveLength(1)
    const bids = lan.effectsOf('n1', 'heartbeat').flatMap(({ heartbeat }) => heartbeat.bids)
    expect(bids.at(-1)?.revision).toBe(7)
  })

  test('is done when the old one never hears the new one on the wire: a bound ends the yielding', () => {
    const lan = twoNodes()
    const [deaf] = [lan.speaker('n1')]
    lan.announce(moved)
    lan.run(0.1)
    // Claims are lost, heartbeats come through.
    const tell = lan.tell.bind(lan)
    lan.tell = (name, event) => (name === deaf.name && event.kind === 'claim' ? [] : tell(name, event))
    lan.run(200)
    lan.announce(dutyOf(a, ['n1', 'n2'], { placement: { node: 'n2', revision: 3 } }))
    lan.run(290)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    lan.run(60)
    expect(lan.storyOf('n1', a).at(-1)).toBe('silent: expired')
  })

  test('is done when the new one was heard once, and its second word is lost', () => {
    const lan = twoNodes()
    lan.announce(moved)
    lan.run(5)
    const tell = lan.tell.bind(lan)
    lan.tell = (name, event) => (event.kind === 'claim' ? [] : tell(name, event))
    lan.run(480)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    lan.run(30)
    expect(lan.storyOf('n1', a).slice(1)).toEqual(['yielding: outbid', 'silent: handedOver'])
  })

  test('is undone without a gap when the new announcer dies at its first word', () => {
    const lan = twoNodes()
    lan.announce(moved)
    lan.run(5)
    lan.kill('n2')
    for (let at = 0; at < 100; at++) {
      lan.run(10)
      expect(lan.answererOf(a)).toEqual(['n1'])
    }
    expect(lan.storyOf('n1', a)).toEqual(['announcing: placed', 'yielding: outbid', 'announcing: elected'])
  })

  test('is undone when the new announcer dies before it was heard', () => {
    const lan = twoNodes()
    const tell = lan.tell.bind(lan)
    lan.tell = (name, event) => (event.kind === 'claim' ? [] : tell(name, event))
    lan.announce(moved)
    lan.run(100)
    lan.kill('n2')
    lan.run(600)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.storyOf('n1', a)).toEqual(['announcing: placed', 'yielding: outbid', 'announcing: elected'])
  })
})

describe('a speaker that leaves', () => {
  test('goes when others have taken over everything, and nothing is ever unanswered', () => {
    const lan = twoNodes()
    lan.tell('n1', { kind: 'leave' })
    expect(lan.answererOf(a)).toEqual(['n1'])
    lan.run(1)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    expect(lan.effectsOf('n1', 'left')).toEqual([])
    lan.run(100)
    expect(lan.answererOf(a)).toEqual(['n2'])
    expect(lan.effectsOf('n1', 'left')).toHaveLength(1)
    expect(lan.storyOf('n1', a).slice(1)).toEqual(['yielding: leaving', 'silent: handedOver'])
  })

  test('of addresses that nobody else may have goes at once', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(dutyOf(a, ['n1']))
    lan.run(500)
    expect(lan.tell('n1', { kind: 'leave' }).at(-1)).toEqual({ kind: 'left' })
    expect(lan.storyOf('n1', a).at(-1)).toBe('silent: leaving')
  })

  test('and has no living successor waits for one as long as the bound, then goes', () => {
    const lan = new Lan('n1')
    lan.announce(dutyOf(a, ['n1', 'n2']))
    lan.run(500)
    lan.tell('n1', { kind: 'leave' })
    lan.run(1_990)
    expect(lan.answererOf(a)).toEqual(['n1'])
    lan.run(20)
    expect(lan.effectsOf('n1', 'left')).toHaveLength(1)
    expect(lan.storyOf('n1', a).at(-1)).toBe('silent: expired')
  })

  test('has nothing more to do or to say', () => {
    const lan = new Lan('n1')
    lan.tell('n1', { kind: 'leave' })
    const { state } = lan.speaker('n1')
    lan.speaker('n1').isUp = true
    lan.run(5_000)
    expect(lan.speaker('n1').state).toBe(state)
    expect(lan.tell('n1', { kind: 'tick' })).toEqual([])
  })

  test('one after another loses nothing on the way round', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    const duty = dutyOf(a, ['n1', 'n2', 'n3'])
    lan.announce(duty)
    lan.run(1_000)
    for (const name of ['n1', 'n2', 'n3']) {
      lan.tell(name, { kind: 'leave' })
      for (let at = 0; at < 300; at++) {
        lan.run(10)
        expect(lan.answererOf(a).length).toBeGreaterThan(0)
      }
      lan.boot(name)
      lan.announce(duty)
      lan.run(500)
    }
    expect(lan.answererOf(a)).toHaveLength(1)
  })
})

describe('a node that is no candidate any more', () => {
  test('hands the address over to one that is, at its first word', () => {
    const lan = twoNodes()
    lan.announce(dutyOf(a, ['n2'], { placement: { node: 'n1', revision: 1 } }))
    lan.run(5)
    expect(lan.answererOf(a)).toEqual(['n2'])
    expect(lan.storyOf('n1', a).slice(1)).toEqual(['yielding: ineligible', 'silent: handedOver'])
  })

  test('stops after the bound when the others that are do not live', () => {
    const lan = twoNodes()
    lan.announce(dutyOf(a, ['n3']))
    lan.run(1_900)
    expect(lan.answererOf(a)).toEqual(['n1'])
    lan.run(200)
    expect(lan.answererOf(a)).toEqual([])
  })

  test('goes on when it is a candidate again before anybody took over', () => {
    const lan = twoNodes()
    lan.announce(dutyOf(a, ['n3']))
    lan.run(500)
    lan.announce(dutyOf(a, ['n1', 'n3']))
    lan.run(500)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.storyOf('n1', a).at(-1)).toBe('announcing: placed')
  })
})

describe('an address that nobody wants announced', () => {
  test('is dropped at once when its duty is gone', () => {
    const lan = twoNodes()
    lan.tell('n1', { kind: 'duties', duties: [] })
    expect(lan.answererOf(a)).toEqual([])
    expect(lan.storyOf('n1', a).at(-1)).toBe('silent: released')
  })

  test('is dropped at once when it has no candidate at all', () => {
    const lan = twoNodes()
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(a, [])] })
    expect(lan.answererOf(a)).toEqual([])
  })
})

describe('many addresses moved at once', () => {
  const addresses = Array.from({ length: 200 }, (_, at) => `10.0.0.${at}`)

  test('are handed over each, although the bids take several packets', () => {
    const lan = new Lan('n1', 'n2')
    lan.announce(...addresses.map((address) => dutyOf(address, ['n1', 'n2'])))
    lan.run(1_000)
    const placement = { node: 'n2', revision: 2 }
    lan.announce(...addresses.map((address) => dutyOf(address, ['n1', 'n2'], { placement })))
    lan.run(105)
    expect(lan.speaker('n1').answering).toEqual([])
    expect(lan.speaker('n2').answering).toHaveLength(200)
  })

  test('to a node that dies before it was heard are answered until the next in line has them', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    const nodes = ['n1', 'n2', 'n3']
    lan.announce(...addresses.map((address) => dutyOf(address, nodes)))
    lan.run(1_000)
    const tell = lan.tell.bind(lan)
    lan.tell = (name, event) => (event.kind === 'claim' ? [] : tell(name, event))
    const placement = { node: 'n2', revision: 2 }
    lan.announce(...addresses.map((address) => dutyOf(address, nodes, { placement })))
    lan.run(50)
    lan.kill('n2')
    for (let at = 0; at < 300; at++) {
      lan.run(10)
      const answered = new Set([...lan.speaker('n1').answering, ...lan.speaker('n3').answering])
      expect(answered.size).toBe(200)
    }
    expect(lan.speaker('n1').answering.length + lan.speaker('n3').answering.length).toBe(200)
  })
})
