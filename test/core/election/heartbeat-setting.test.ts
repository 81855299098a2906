import { describe, expect, test } from 'vitest'
import { parseHeartbeat } from '../../../src/core/election/heartbeat-setting.ts'
import { lastOf } from './heartbeats.ts'
import { Lan, dutyOf } from './lan.ts'
import { pause } from './pause.ts'

const a = '192.168.10.200'

test.each([
  ['10ms', 10],
  ['50ms', 50],
  ['200ms', 200],
])('an interval of %s is read', (text, intervalMs) => {
  expect(parseHeartbeat(text)).toEqual({ intervalMs })
})

test.each([
  '',
  '9ms',
  '201ms',
  '0ms',
  '-10ms',
  '10',
  '10 ms',
  '0.05s',
  '50s',
  '1e1ms',
  '010ms',
  '9999999999ms',
  '50ms\n',
])('%j is refused with what may be written', (text) => {
  expect(parseHeartbeat(text)).toEqual({
    problem: `"${text}" is no interval of heartbeats; write whole milliseconds, 10ms to 200ms, such as 50ms`,
  })
})

/** Speakers set to these intervals, in the middle of a rollout. */
function rollout(intervals: Readonly<Record<string, number>>): Lan {
  const lan = new Lan()
  for (const [name, intervalMs] of Object.entries(intervals)) lan.intervalsMs.set(name, intervalMs)
  for (const name of Object.keys(intervals)) lan.boot(name)
  lan.announce(dutyOf(a, Object.keys(intervals)))
  lan.run(3_000)
  return lan
}

describe('speakers that are set to different intervals', () => {
  test.each([
    [10, 50],
    [10, 200],
    [200, 10],
    [50, 10],
  ])('of %d and %d ms take each other for live as long as each of them promises', (one, other) => {
    const lan = rollout({ n1: one, n2: other })
    lan.run(60_000)
    expect(lan.effectsOf('n1', 'peers').at(-1)?.peers).toHaveLength(1)
    expect(lan.effectsOf('n1', 'peers')).toHaveLength(1)
    expect(lan.effectsOf('n2', 'peers')).toHaveLength(1)
    expect(lan.answererOf(a)).toEqual(['n1'])
  })

  test.each([
    [10, 30],
    [50, 150],
    [200, 600],
  ])('take over from one of %d ms after %d ms, however fast they are themselves', (intervalMs, deadMs) => {
    const lan = rollout({ n1: intervalMs, n2: 10 })
    lan.kill('n1')
    lan.run(deadMs - intervalMs - 5)
    expect(lan.answererOf(a)).toEqual([])
    lan.run(intervalMs + 10)
    expect(lan.answererOf(a)).toEqual(['n2'])
  })

  test('of 10 ms slow down where there are more than four, so that each hears no more than 400 packets a second', () => {
    const names = Array.from({ length: 12 }, (_, at) => `n${at}`)
    const lan = rollout(Object.fromEntries(names.map((name) => [name, 10])))
    expect(lastOf(lan, 'n0').intervalMs).toBe(30)
  })
})

describe('a speaker that gets the processor too seldom', () => {
  /** All that it reads and does comes in portions, this far apart. */
  function starve(lan: Lan, name: string, lateMs: number, forMs: number): void {
    for (const endMs = lan.now + forMs; lan.now < endMs; lan.run(1)) pause(lan, name, lateMs)
  }

  test.each([
    [50, 140],
    [10, 25],
  ])(
    'of %d ms is not taken for dead while it is %d ms late each time: it promises less',
    (intervalMs, lateMs) => {
      const lan = rollout({ n1: intervalMs, n2: intervalMs })
      starve(lan, 'n1', lateMs, 20_000)
      expect(lastOf(lan, 'n1').intervalMs).toBeGreaterThan(lateMs)
      expect(lan.effectsOf('n2', 'peers')).toHaveLength(1)
      expect(lan.storyOf('n2', a)).toEqual([])
    },
  )

  test('and slows down further step by step is not taken for dead either, up to what may be promised', () => {
    const lan = rollout({ n1: 10, n2: 10 })
    for (const lateMs of [20, 50, 100, 150]) starve(lan, 'n1', lateMs, 3_000)
    expect(lan.effectsOf('n2', 'peers')).toHaveLength(1)
    lan.run(60_000)
    expect(lastOf(lan, 'n1').intervalMs).toBe(10)
  })
})
