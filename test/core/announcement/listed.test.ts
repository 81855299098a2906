import { expect, test } from 'vitest'
import { listedAfter, noneListed, wasAskedFor } from '../../../src/core/announcement/listed.ts'

const second = 1_000
const minute = 60 * second
const a = '10.0.0.1'
const nobody = new Set<string>()

test('an address that was listed for two seconds when it was given out was asked for', () => {
  const listed = listedAfter(noneListed, [a], nobody, 0)
  expect(wasAskedFor(listed, a, second)).toBe(false)
  expect(wasAskedFor(listed, a, 2 * second)).toBe(true)
  expect(wasAskedFor(listed, '10.0.0.2', 2 * second)).toBe(false)
})

test('the time begins when it was listed first, not with each word about it', () => {
  let listed = noneListed
  for (let now = 0; now <= 2 * second; now += 100) listed = listedAfter(listed, [a], nobody, now)
  expect(wasAskedFor(listed, a, 2 * second)).toBe(true)
})

test('it stays so for five minutes after it was listed last, as when a Service gets it', () => {
  const before = listedAfter(noneListed, [a], nobody, 0)
  const given = listedAfter(before, [], nobody, 10 * second)
  const later = listedAfter(given, [], nobody, minute)
  expect(wasAskedFor(later, a, 5 * minute)).toBe(true)
  expect(wasAskedFor(later, a, 5 * minute + 10 * second)).toBe(false)
  expect(listedAfter(later, [], nobody, 6 * minute).size).toBe(0)
})

test('one that was listed too short a time does not become asked for by waiting', () => {
  const before = listedAfter(noneListed, [a], nobody, 0)
  const given = listedAfter(before, [], nobody, second)
  expect(wasAskedFor(given, a, minute)).toBe(false)
})

test('one that is quarantined is to be asked for, whatever was listed before', () => {
  const before = listedAfter(noneListed, [a], nobody, 0)
  expect(wasAskedFor(listedAfter(before, [a], new Set([a]), minute), a, minute)).toBe(false)
})
