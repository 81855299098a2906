import { describe, expect, it } from 'vitest'
import type { Presence, RollCall } from '../../../src/core/election/roll-call.ts'
import { calmMs, noteStays, settlingMs, steadyDueAt, steadyIn } from '../../../src/core/election/stays.ts'
import type { Stays } from '../../../src/core/election/stays.ts'

function roll(states: Readonly<Record<string, Presence['state']>>): RollCall {
  return new Map(Object.entries(states).map(([node, state]) => [node, { state, since: 0, wasHeard: true }]))
}

/** From its first coming on: it goes and comes back so many times, each stay and each absence as long as told. */
function flapping(times: number, stayMs: number, awayMs: number): readonly [Stays, number] {
  let now = 0
  let stays = noteStays(new Map(), roll({ n1: 'present' }), now)
  for (let time = 0; time < times; time++) {
    stays = noteStays(stays, roll({ n1: 'away' }), (now += stayMs))
    stays = noteStays(stays, roll({ n1: 'present' }), (now += awayMs))
  }
  return [stays, now]
}

describe('a speaker that comes', () => {
  it('is steady once it has been there for a while', () => {
    const stays = noteStays(new Map(), roll({ n1: 'present', n2: 'gone' }), 1_000)
    expect([...steadyIn(stays, 1_000 + settlingMs - 1)]).toEqual([])
    expect(steadyDueAt(stays, 1_000)).toBe(1_000 + settlingMs)
    expect([...steadyIn(stays, 1_000 + settlingMs)]).toEqual(['n1'])
    expect(steadyDueAt(stays, 1_000 + settlingMs)).toBe(Infinity)
  })

  it('is so from when it came, not from when it was looked at last', () => {
    const came = noteStays(new Map(), roll({ n1: 'present' }), 0)
    const seen = noteStays(came, roll({ n1: 'present' }), settlingMs - 1)
    expect(steadyDueAt(seen, settlingMs - 1)).toBe(settlingMs)
  })

  it('is not while it is away, and takes twice as long each time that it comes back', () => {
    const [once, at] = flapping(1, 1_000, 500)
    expect([...steadyIn(noteStays(once, roll({ n1: 'away' }), at), at + calmMs)]).toEqual([])
    const waits = [0, 1, 2, 3].map((times) => {
      const [stays, now] = flapping(times, 1_000, 500)
      return steadyDueAt(stays, now) - now
    })
    expect(waits).toEqual([1, 2, 4, 8].map((times) => times * settlingMs))
  })

  it('never takes longer than the time after which it is believed', () => {
    const [stays, now] = flapping(40, 1_000, 500)
    expect(steadyDueAt(stays, now)).toBe(now + calmMs)
  })

  it('is believed again once it has stayed for long', () => {
    const [flapped, at] = flapping(5, 1_000, 500)
    const gone = noteStays(flapped, roll({ n1: 'gone' }), at + calmMs)
    const back = noteStays(gone, roll({ n1: 'present' }), at + calmMs + 1)
    expect(steadyDueAt(back, at + calmMs + 1)).toBe(at + calmMs + 1 + settlingMs)
    const tooSoon = noteStays(flapped, roll({ n1: 'gone' }), at + calmMs - 1)
    const again = noteStays(tooSoon, roll({ n1: 'present' }), at + calmMs)
    expect(steadyDueAt(again, at + calmMs)).toBeGreaterThan(at + calmMs + settlingMs)
  })

  it('is forgotten with its node', () => {
    const stays = noteStays(new Map(), roll({ n1: 'present' }), 0)
    expect(noteStays(stays, roll({}), 1).size).toBe(0)
  })
})
