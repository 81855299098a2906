import { expect, test } from 'vitest'
import { firstFew, listed } from '../../../src/core/words/listed.ts'

const names = ['a', 'b', 'c', 'd', 'e']
const upTo = (count: number): readonly string[] => names.slice(0, count)

test('a list in a sentence ends with an "and" or an "or", and names three at the most', () => {
  const lists = [1, 2, 3, 4, 5].map((count) => listed(upTo(count)))
  expect(lists).toEqual(['a', 'a and b', 'a, b and c', 'a, b, c and 1 more', 'a, b, c and 2 more'])
  expect([listed(upTo(2), 'or'), listed(upTo(5), 'or')]).toEqual(['a or b', 'a, b, c or 2 more'])
})

test('a list in brackets has no such word unless there are more than it names', () => {
  const lists = [0, 1, 3, 5].map((count) => firstFew(upTo(count)))
  expect(lists).toEqual(['', 'a', 'a, b, c', 'a, b, c and 2 more'])
})
