import { describe, expect, test } from 'vitest'
import type { Segment } from '../../../src/core/election/event.ts'
import { dueAt } from '../../../src/core/election/step.ts'
import { parseRange } from '../../../src/core/ip/range.ts'
import type { Range } from '../../../src/core/ip/range.ts'
import { Lan, dutyOf } from './lan.ts'

const a = '192.168.10.200'

function subnet(text: string): Range {
  const parsed = parseRange(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.range
}

function wired(lan: Lan, ...segments: Partial<Segment>[]): void {
  lan.tell('n1', { kind: 'segments', segments: segments.map((one) => lan.segment('n1', one)) })
}

/** On which interfaces of the first node an address is announced. */
function interfacesOf(lan: Lan): readonly string[] {
  const names = lan.effectsOf('n1', 'announce').map((effect) => effect.interface)
  return [...new Set(names)].sort()
}

describe('a node with several interfaces', () => {
  test('announces an address on the one whose subnet holds it', () => {
    const lan = new Lan('n1')
    wired(
      lan,
      { prefixes: [subnet('192.168.10.0/24')] },
      { interface: 'eth1', prefixes: [subnet('10.0.0.0/8')] },
    )
    lan.announce(dutyOf(a, ['n1']))
    lan.run(500)
    expect(interfacesOf(lan)).toEqual(['eth0'])
  })

  test('announces it on every one when no subnet holds it', () => {
    const lan = new Lan('n1')
    wired(lan, {}, { interface: 'eth1' })
    lan.announce(dutyOf(a, ['n1']))
    lan.run(500)
    expect(interfacesOf(lan)).toEqual(['eth0', 'eth1'])
  })

  test('announces it only where it may', () => {
    const lan = new Lan('n1')
    wired(lan, {}, { interface: 'eth1' })
    lan.announce(dutyOf(a, ['n1'], { interfaces: ['eth1'] }))
    lan.run(500)
    expect(interfacesOf(lan)).toEqual(['eth1'])
  })

  test('of which two are on one segment speaks through the first of them alone', () => {
    const lan = new Lan('n1')
    wired(lan, {}, { interface: 'eth1' })
    lan.announce(dutyOf(a, ['n1']))
    loop(lan)
    lan.run(1_000)
    expect(interfacesOf(lan)).toEqual(['eth0'])
    const beats = lan.effectsOf('n1', 'heartbeat').filter((effect) => effect.interface === 'eth1')
    expect(beats.length).toBeLessThan(3)
  })

  test('tells which one speaks for which, until that is over or the silent one is gone', () => {
    const lan = new Lan('n1')
    const twins = (): unknown => lan.effectsOf('n1', 'twins').map((effect) => effect.twins)
    const found = [{ interface: 'eth1', speaks: 'eth0' }]
    wired(lan, {}, { interface: 'eth1' })
    const cut = loop(lan)
    lan.run(1_000)
    expect(twins()).toEqual([found])
    wired(lan, {})
    expect(twins()).toEqual([found, []])
    wired(lan, {}, { interface: 'eth1' })
    lan.run(1_000)
    expect(twins()).toEqual([found, [], found])
    cut()
    lan.run(3_000)
    expect(twins()).toEqual([found, [], found, []])
  })

  test('goes on through the second when the first loses its link', () => {
    const lan = new Lan('n1')
    wired(lan, {}, { interface: 'eth1' })
    lan.announce(dutyOf(a, ['n1']))
    loop(lan)
    lan.run(1_000)
    wired(lan, { up: false }, { interface: 'eth1' })
    lan.run(3_000)
    expect(lan.answererOf(a)).toEqual(['n1'])
    expect(interfacesOf(lan)).toEqual(['eth0', 'eth1'])
  })

  test('is not silenced on one segment by what was recorded of it on another', () => {
    const lan = new Lan('n1')
    wired(lan, {}, { interface: 'eth1' })
    lan.announce(dutyOf(a, ['n1']))
    lan.run(5_000)
    const recorded = lan.effectsOf('n1', 'heartbeat').filter((effect) => effect.interface === 'eth0')
    lan.run(2_000)
    for (const beat of recorded) {
      expect(lan.tell('n1', { ...beat, interface: 'eth1' })).toContainEqual({
        kind: 'refused',
        interface: 'eth1',
        reason: 'replayed',
      })
    }
    expect(lan.storyOf('n1', a)).toHaveLength(2)
  })

  test('of which two are on one segment hears peers on the first of them alone', () => {
    const lan = new Lan('n1', 'n2')
    wired(lan, {}, { interface: 'eth1' })
    loop(lan)
    lan.run(100)
    const [beat] = lan.effectsOf('n2', 'heartbeat')
    if (beat === undefined) throw new Error('there was no heartbeat')
    expect(lan.tell('n1', { ...beat, interface: 'eth1' })).toEqual([])
    expect(lan.speaker('n1').state.segments.get('eth1')?.sessions.size).toBe(0)
  })

  test('goes on through both when they are on one segment no longer', () => {
    const lan = new Lan('n1')
    wired(lan, {}, { interface: 'eth1' })
    lan.announce(dutyOf(a, ['n1']))
    const unloop = loop(lan)
    lan.run(1_000)
    unloop()
    lan.run(3_000)
    expect(interfacesOf(lan)).toEqual(['eth0', 'eth1'])
  })

  /** Every heartbeat of one interface is heard on the other, as on one bridge. */
  function loop(lan: Lan): () => void {
    const tell = lan.tell.bind(lan)
    lan.tell = (name, event) => {
      const effects = tell(name, event)
      for (const effect of effects) {
        if (effect.kind !== 'heartbeat' || name !== 'n1') continue
        const other = effect.interface === 'eth0' ? 'eth1' : 'eth0'
        lan.tell(name, { ...effect, interface: other })
      }
      return effects
    }
    return () => {
      lan.tell = tell
    }
  }
})

describe('an interface', () => {
  function announcing(): Lan {
    const lan = new Lan('n1')
    lan.announce(dutyOf(a, ['n1']))
    lan.run(5_000)
    return lan
  }

  test('with a new MAC has everything announced anew', () => {
    const lan = announcing()
    const since = lan.now
    wired(lan, { mac: 0x0200_0000_00ffn })
    lan.run(1_200)
    expect(lan.announcements(a, since)).toHaveLength(4)
  })

  test('with a new MAC says nothing for what it is handing over', () => {
    const lan = announcing()
    lan.announce(dutyOf(a, ['n2']))
    const since = lan.now
    wired(lan, { mac: 0x0200_0000_00ffn })
    expect(lan.announcements(a, since)).toEqual([])
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('with a new MAC says nothing while it is silent', () => {
    const lan = new Lan('n1')
    lan.announce(dutyOf(a, ['n1']))
    wired(lan, { mac: 0x0200_0000_00ffn })
    expect(lan.announcements(a)).toEqual([])
  })

  test('that is gone is answered on no longer, and there is nothing more to do', () => {
    const lan = announcing()
    wired(lan)
    expect(lan.answererOf(a)).toEqual([])
    expect(lan.storyOf('n1', a).at(-1)).toBe('silent: linkDown')
    expect(dueAt(lan.speaker('n1').state)).toBe(Infinity)
  })

  test('that comes back as another is listened on for a dead interval first', () => {
    const lan = announcing()
    wired(lan)
    wired(lan, {})
    lan.run(100)
    expect(lan.answererOf(a)).toEqual([])
    lan.run(100)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test('that only has other addresses now changes nothing', () => {
    const lan = announcing()
    wired(lan, { prefixes: [subnet('192.168.10.0/24')] })
    expect(lan.speaker('n1').changes).toHaveLength(1)
  })
})
