import { describe, expect, it } from 'vitest'
import {
  callRoll,
  graceMs,
  heardIn,
  nodesIn,
  rollCallDueAt,
  silentIn,
} from '../../../src/core/election/roll-call.ts'
import type { Attendant, RollCall } from '../../../src/core/election/roll-call.ts'

function speaker(node: string, peers: string, more: Partial<Attendant> = {}): Attendant {
  return { node, ready: true, nodeReady: true, peers: peers === '' ? [] : peers.split(' '), ...more }
}

function states(rollCall: RollCall): string {
  return [...rollCall].map(([node, { state }]) => `${node} ${state}`).join(', ')
}

const well = [speaker('a', 'b c'), speaker('b', 'a c'), speaker('c', 'a b')]
const never: RollCall = new Map()

describe('the roll call of speakers', () => {
  it('finds those present that another one hears', () => {
    const rollCall = callRoll(never, well, 0)
    expect(states(rollCall)).toBe('a present, b present, c present')
    expect(nodesIn(rollCall, 'present')).toEqual(new Set(['a', 'b', 'c']))
    expect(rollCallDueAt(rollCall)).toBe(Infinity)
  })

  it('finds the only one present, and two that hear nobody', () => {
    expect(states(callRoll(never, [speaker('a', '')], 0))).toBe('a present')
    expect(rollCallDueAt(callRoll(never, [speaker('a', ''), speaker('b', '')], 0))).toBe(Infinity)
  })

  it('finds one away that nobody hears any more, though its own status says otherwise, and gone after a while', () => {
    const first = callRoll(never, well, 0)
    const dead = [speaker('a', 'b c'), speaker('b', 'c'), speaker('c', 'b')]
    const second = callRoll(first, dead, 10)
    expect(states(second)).toBe('a away, b present, c present')
    expect([nodesIn(second, 'present'), nodesIn(second, 'away')]).toEqual([
      new Set(['b', 'c']),
      new Set(['a']),
    ])
    expect(rollCallDueAt(second)).toBe(10 + graceMs)
    expect(states(callRoll(second, dead, 10 + graceMs - 1))).toBe('a away, b present, c present')
    const third = callRoll(second, dead, 10 + graceMs)
    expect(states(third)).toBe('a gone, b present, c present')
    expect(states(callRoll(third, dead, 99_999))).toBe('a gone, b present, c present')
    expect(states(callRoll(third, well, 99_999))).toBe('a present, b present, c present')
  })

  it('goes on finding gone one that is dead, however often it is called', () => {
    const dead = [speaker('a', 'b c'), speaker('b', 'c'), speaker('c', 'b')]
    let rollCall = callRoll(never, well, 0)
    for (const now of [10, 10 + graceMs]) rollCall = callRoll(rollCall, dead, now)
    for (let now = 2 * graceMs; now < 9 * graceMs; now += graceMs / 2) {
      rollCall = callRoll(rollCall, dead, now)
      expect(states(rollCall)).toBe('a gone, b present, c present')
      expect(silentIn(rollCall)).toEqual(new Map([['a', 10]]))
    }
    expect(heardIn(rollCall)).toEqual(new Set(['b', 'c']))
  })

  it('finds nobody silent that said so, is only away, or that nobody is there to hear', () => {
    const present = callRoll(never, well, 0)
    const left = [speaker('a', '', { ready: false }), speaker('b', 'c'), speaker('c', 'b')]
    const nobody = well.map((each) => ({ ...each, nodeReady: false }))
    for (const now of [left, nobody]) {
      const away = callRoll(present, now, 10)
      expect(silentIn(away).size).toBe(0)
      expect(silentIn(callRoll(callRoll(away, now, 10 + graceMs), now, 99_999)).size).toBe(0)
    }
  })

  it('finds the other of two dead, from the one that lives', () => {
    const first = callRoll(never, [speaker('a', 'b'), speaker('b', 'a')], 0)
    const dead = [speaker('a', 'b'), speaker('b', '')]
    expect(states(callRoll(first, dead, 10))).toBe('a away, b present')
  })

  it('finds one away at once that says it leaves or has no link, and present as soon as it is back', () => {
    const first = callRoll(never, well, 0)
    const leaving = [speaker('a', '', { ready: false }), speaker('b', 'c'), speaker('c', 'b')]
    const second = callRoll(first, leaving, 10)
    expect(states(second)).toBe('a away, b present, c present')
    const back = [speaker('a', ''), speaker('b', 'c'), speaker('c', 'b')]
    expect(states(callRoll(second, back, 20))).toBe('a present, b present, c present')
    const gone = callRoll(second, leaving, 99_999)
    expect(states(gone)).toBe('a gone, b present, c present')
    expect(states(callRoll(gone, back, 99_999))).toBe('a present, b present, c present')
  })

  it('gives a new one time to be heard', () => {
    const first = callRoll(never, [speaker('a', 'b'), speaker('b', 'a'), speaker('c', '')], 0)
    expect(states(first)).toBe('a present, b present, c present')
    expect(rollCallDueAt(first)).toBe(graceMs)
    const still = [speaker('a', 'b'), speaker('b', 'a'), speaker('c', '')]
    const second = callRoll(first, still, graceMs)
    expect(states(second)).toBe('a present, b present, c away')
    expect(states(callRoll(second, still, 2 * graceMs))).toBe('a present, b present, c gone')
  })

  it('does not believe what the speaker of a dead node heard', () => {
    const stale = { nodeReady: false }
    const said = [speaker('a', ''), speaker('b', 'c', stale), speaker('c', 'b', stale)]
    const before = callRoll(never, well, 0)
    expect(states(callRoll(before, said, 10))).toBe('a present, b away, c away')
  })

  it('finds one gone that was never ready', () => {
    expect(states(callRoll(never, [speaker('a', '', { ready: false })], 0))).toBe('a gone')
  })
})
