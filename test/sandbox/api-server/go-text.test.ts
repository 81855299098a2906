import { expect, it } from 'vitest'
import { goQuoted } from '../../../src/sandbox/api-server/go-text.ts'

it.each<[string, unknown, string]>([
  ['text', 'lan', '"lan"'],
  ['quotes and backslashes', '"a\\b"', String.raw`"\"a\\b\""`],
  ['what can be printed, of any script', 'läb １ 😀', '"läb １ 😀"'],
  ['a NUL', 'a\0', String.raw`"a\x00"`],
  ['an end of line', 'a\n\v', String.raw`"a\n\v"`],
  ['what only looks like a blank', '\u00A0\u200B\uFEFF', String.raw`"\u00a0\u200b\ufeff"`],
  ['what is no text', { a: [1] }, '{"a":[1]}'],
])('Go quotes %s so', (_, value, expected) => {
  expect(goQuoted(value)).toBe(expected)
})
