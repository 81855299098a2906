import { describe, expect, test } from 'vitest'
import { Lan, dutyOf } from './lan.ts'
import { pause } from './pause.ts'

const a = '192.168.10.200'
const duty = dutyOf(a, ['n1', 'n2'])

function lanOf(...names: string[]): Lan {
  const lan = new Lan(...names)
  lan.announce(duty)
  lan.run(1_000)
  return lan
}

describe('a speaker that was paused for longer than it promised', () => {
  test('is silent, and gives up what was taken over meanwhile', () => {
    const lan = lanOf('n1', 'n2')
    pause(lan, 'n1', 400)
    expect(lan.answererOf(a)).toEqual(['n2'])
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n2'])
    expect(lan.storyOf('n1', a)).toEqual(['announcing: placed', 'silent: silenced'])
  })

  test('resumes after a dead interval what nobody took', () => {
    const lan = lanOf('n1')
    pause(lan, 'n1', 400)
    expect(lan.answererOf(a)).toEqual([])
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.storyOf('n1', a).at(-1)).toBe('announcing: resumed')
  })

  test('takes nobody for dead whose heartbeats it has merely not read', () => {
    const lan = lanOf('n1', 'n2')
    pause(lan, 'n2', 400)
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.effectsOf('n2', 'peers')).toHaveLength(1)
  })

  test('promises less for a while', () => {
    const lan = lanOf('n1', 'n2')
    pause(lan, 'n1', 400)
    const late = lan.effectsOf('n1', 'heartbeat').at(-1)?.heartbeat.intervalMs ?? 0
    expect(late).toBe(200)
    lan.run(5_000)
    expect(lan.effectsOf('n1', 'heartbeat').at(-1)?.heartbeat.intervalMs).toBe(50)
  })

  test('drops what it may not announce any more instead of resuming it', () => {
    const lan = lanOf('n1')
    pause(lan, 'n1', 400)
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(a, ['n2'])] })
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual([])
  })
})

describe('a speaker whose machine was paused with all its clocks', () => {
  test.each([0, 100, Infinity])(
    'and that reads %d frames of that time first, is at one with the others within four beats',
    (queued) => {
      const lan = new Lan('n1', 'n2', 'n3')
      lan.announce(dutyOf(a, ['n1', 'n2', 'n3']))
      lan.run(5_000)
      pause(lan, 'n1', 60_000, { queued, clocksToo: true })
      expect(lan.answererOf(a).length).toBeLessThanOrEqual(2)
      // Whoever gives way hears the other one twice first.
      lan.run(200)
      expect(lan.answererOf(a)).toHaveLength(1)
      const [holder] = lan.answererOf(a)
      lan.run(60_000)
      expect(lan.answererOf(a)).toEqual([holder])
      // Whoever has it has said so since, so that all neighbours know.
      expect(lan.announcements(a, lan.now - 120_000).at(-1)?.node).toBe(holder)
    },
  )
})

describe('a speaker that was paused while it was leaving', () => {
  test('has left', () => {
    const lan = lanOf('n1')
    lan.tell('n1', { kind: 'leave' })
    pause(lan, 'n1', 400)
    expect(lan.effectsOf('n1', 'left')).toHaveLength(1)
    expect(lan.storyOf('n1', a).at(-1)).toBe('silent: silenced')
  })
})

describe('a pause shorter than the promise', () => {
  test('changes nothing', () => {
    const lan = lanOf('n1', 'n2')
    pause(lan, 'n1', 100)
    lan.run(1_000)
    expect(lan.speaker('n1').changes).toHaveLength(1)
    expect(lan.speaker('n2').changes).toHaveLength(0)
  })
})

describe('a link that goes down', () => {
  function plug(lan: Lan, name: string, up: boolean): void {
    const others = [...lan.speakers.keys()].filter((other) => other !== name)
    for (const other of others) {
      if (up) lan.cuts.clear()
      else lan.cut(name, other)
    }
    lan.tell(name, { kind: 'segments', segments: [lan.segment(name, { up })] })
  }

  test('silences its node at once, and another takes over', () => {
    const lan = lanOf('n1', 'n2')
    plug(lan, 'n1', false)
    expect(lan.answererOf(a)).toEqual([])
    lan.run(160)
    expect(lan.answererOf(a)).toEqual(['n2'])
    expect(lan.effectsOf('n1', 'peers').at(-1)).toEqual({ kind: 'peers', peers: [] })
  })

  test('moves nothing back when it comes up again', () => {
    const lan = lanOf('n1', 'n2')
    plug(lan, 'n1', false)
    lan.run(2_000)
    const beats = lan.effectsOf('n1', 'heartbeat').length
    lan.run(1_000)
    expect(lan.effectsOf('n1', 'heartbeat')).toHaveLength(beats)
    plug(lan, 'n1', true)
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n2'])
    expect(lan.storyOf('n1', a)).toEqual(['announcing: placed', 'silent: linkDown'])
  })

  test('makes a lone node listen for a dead interval when it is up, then announce anew', () => {
    const lan = lanOf('n1')
    plug(lan, 'n1', false)
    lan.run(1_000)
    plug(lan, 'n1', true)
    const upAt = lan.now
    lan.run(140)
    expect(lan.answererOf(a)).toEqual([])
    lan.run(2_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(lan.announcements(a, upAt)).toHaveLength(4)
  })
})

describe('a segment that was split', () => {
  test('keeps the address on the side that has more speakers, and the other side learns the right MAC', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    lan.announce(dutyOf(a, ['n1', 'n2', 'n3']))
    lan.run(4_000)
    lan.cut('n1', 'n2')
    lan.cut('n1', 'n3')
    lan.run(4_000)
    const [isolated, other] = lan.answererOf(a)
    expect(isolated).toBe('n1')
    lan.cuts.clear()
    const healedAt = lan.now
    lan.run(500)
    expect(lan.answererOf(a)).toEqual([other])
    expect(lan.announcements(a, healedAt).map(({ node }) => node)).toContain(other)
    expect(lan.storyOf('n1', a).slice(1)).toEqual(['yielding: outbid', 'silent: handedOver'])
  })

  test('leaves the address with an owner that was cut off from two who were no candidates', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    lan.announce(dutyOf(a, ['n1']))
    lan.run(1_000)
    lan.cut('n1', 'n2')
    lan.cut('n1', 'n3')
    lan.run(1_000)
    lan.cuts.clear()
    lan.run(1_000)
    expect(lan.speaker('n1').changes).toHaveLength(1)
  })

  test('ends, the sides being equal, with the one that had the API server all the time', () => {
    const lan = lanOf('n1', 'n2')
    lan.cut('n1', 'n2')
    lan.tell('n1', { kind: 'contact', contact: false })
    lan.run(1_000)
    lan.tell('n1', { kind: 'contact', contact: true })
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    lan.cuts.clear()
    lan.run(1_000)
    expect(lan.answererOf(a)).toEqual(['n2'])
  })

  test('ends, all being equal, with the older bid', () => {
    const lan = lanOf('n1', 'n2')
    lan.cut('n1', 'n2')
    lan.run(1_000)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
    lan.cuts.clear()
    lan.run(1_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })
})

describe('two that do not hear each other', () => {
  test('are both left alone by a third that hears both', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    lan.announce(dutyOf(a, ['n1', 'n2', 'n3']))
    lan.run(1_000)
    lan.cut('n1', 'n2')
    lan.run(1_000)
    lan.tell('n3', { kind: 'contact', contact: false })
    lan.announce(dutyOf(a, ['n3', 'n2', 'n1']))
    lan.run(1_000)
    expect(lan.answererOf(a)).toEqual(['n1', 'n2'])
  })
})

describe('an address given up to a peer that a third does not hear yet', () => {
  test('is not taken by the third, though it would be its turn', () => {
    const lan = new Lan('n1', 'n2', 'n3')
    const nodes = ['n1', 'n2', 'n3']
    lan.announce(dutyOf(a, nodes))
    lan.run(1_000)
    lan.cut('n1', 'n2')
    lan.cut('n1', 'n3')
    // Behind the back of the third the first is placed anew; it would be first in line where the first is not heard.
    lan.tell('n1', { kind: 'duties', duties: [dutyOf(a, nodes, { placement: { node: 'n1', revision: 2 } })] })
    lan.tell('n3', { kind: 'duties', duties: [dutyOf(a, ['n3', 'n2', 'n1'])] })
    lan.run(1_000)
    const [, holder] = lan.answererOf(a)
    expect(holder).toBeDefined()
    lan.cuts.clear()
    lan.cut('n1', holder === 'n2' ? 'n3' : 'n2')
    lan.run(130)
    expect(lan.answererOf(a)).toEqual(['n1', holder])
    lan.run(110)
    expect(lan.answererOf(a)).toEqual(['n1'])
    lan.cuts.clear()
    lan.run(1_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })
})
