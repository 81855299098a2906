import { expect, test } from 'vitest'
import { mergePatch } from '../../../../src/sandbox/api-server/patch/merge.ts'

test.each([
  ['a field is added', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ['a field is replaced', { a: 1 }, { a: 2 }, { a: 2 }],
  ['null removes a field', { a: 1, b: 2 }, { a: null }, { b: 2 }],
  ['null for a field that is not there is nothing', { a: 1 }, { b: null }, { a: 1 }],
  ['objects merge', { a: { b: 1, c: 2 } }, { a: { b: 3, c: null } }, { a: { b: 3 } }],
  ['a list replaces a list', { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ['an object replaces what is none', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['nulls inside a new object are dropped', {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  ['what is no object replaces everything', { a: 1 }, ['c'], ['c']],
])('%s', (_, target, patch, wanted) => {
  expect(mergePatch(target, patch)).toEqual(wanted)
})
