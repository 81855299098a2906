import { expect, test } from 'vitest'
import {
  isSameSuspects,
  standingSuspects,
  suspectsAfter,
  suspectsDueAt,
} from '../../../src/core/allocation/foreign-answers.ts'
import type { Quarantined } from '../../../src/core/allocation/memory.ts'
import { addresses } from './build.ts'

const second = 1_000

function entry(text = '10.0.0.1', change: Partial<Quarantined> = {}): Quarantined {
  const [address] = addresses(text)
  if (!address) throw new Error(text)
  return { address, mac: '02:00:00:00:00:0a', seen: 5, ...change }
}

const none = standingSuspects([], 0)

test('what one speaker says of an address counts at once', () => {
  const after = suspectsAfter(none, [entry()], true, 7)
  expect([...after.values()]).toEqual([{ ...entry(), saidAt: 7 }])
})

test('of two devices that answer for one address, the one that was seen last is named', () => {
  const said = [entry('10.0.0.1', { mac: 'first', seen: 1 }), entry('10.0.0.1', { mac: 'last', seen: 2 })]
  for (const order of [said, said.toReversed()]) {
    expect([...suspectsAfter(none, order, true, 0).values()]).toMatchObject([{ mac: 'last' }])
  }
})

test('an address of which nothing is said any more is quarantined for ten seconds more', () => {
  const before = suspectsAfter(none, [entry()], true, 0)
  const meanwhile = suspectsAfter(before, [], true, 9 * second)
  expect(meanwhile.size).toBe(1)
  expect(suspectsDueAt(meanwhile)).toBe(10 * second)
  expect(suspectsAfter(meanwhile, [], true, 10 * second).size).toBe(0)
  expect(suspectsDueAt(none)).toBe(Infinity)
})

test('while no speaker can ask nothing is freed, and the ten seconds begin when one can', () => {
  const standing = standingSuspects([entry()], 0)
  const alone = suspectsAfter(standing, [], false, 3_600 * second)
  expect(alone.size).toBe(1)
  expect(suspectsAfter(alone, [], true, 3_609 * second).size).toBe(1)
  expect(suspectsAfter(alone, [], true, 3_610 * second).size).toBe(0)
})

test('the same device that is seen later, another device and another address are news', () => {
  const one = suspectsAfter(none, [entry()], true, 0)
  const after = (...said: readonly Quarantined[]) => suspectsAfter(none, said, true, 9)
  expect(isSameSuspects(one, after(entry()))).toBe(true)
  expect(isSameSuspects(one, after(entry('10.0.0.1', { seen: 6 })))).toBe(false)
  expect(isSameSuspects(one, after(entry('10.0.0.1', { mac: 'other' })))).toBe(false)
  expect(isSameSuspects(one, after(entry('10.0.0.2')))).toBe(false)
  expect(isSameSuspects(one, after(entry(), entry('10.0.0.2')))).toBe(false)
})
