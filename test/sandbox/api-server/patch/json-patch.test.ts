import { expect, test } from 'vitest'
import type { Json } from '../../../../src/sandbox/api-server/object.ts'
import { jsonPatch } from '../../../../src/sandbox/api-server/patch/json-patch.ts'

const rows: readonly (readonly [string, Json, Json, Json])[] = [
  ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
  ['adds into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
  ['adds at the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
  ['replaces', { a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: 3 }], { a: [3, 2] }],
  // Kubernetes minds neither that there is nothing to replace nor that there is nothing to add.
  ['replaces what is not there', {}, [{ op: 'replace', path: '/a', value: 2 }], { a: 2 }],
  ['adds nothing', {}, [{ op: 'add', path: '/a' }], { a: null }],
  ['removes a field', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
  ['removes from a list', { a: [1, 2] }, [{ op: 'remove', path: '/a/0' }], { a: [2] }],
  ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
  ['copies', { a: { x: 1 } }, [{ op: 'copy', from: '/a', path: '/b' }], { a: { x: 1 }, b: { x: 1 } }],
  [
    'goes on after a test that holds',
    { a: [1] },
    [
      { op: 'test', path: '/a', value: [1] },
      { op: 'remove', path: '/a' },
    ],
    {},
  ],
  ['reads escaped names', { 'a/b~c': 1 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }], { 'a/b~c': 2 }],
  ['replaces everything', { a: 1 }, [{ op: 'replace', path: '', value: { b: 1 } }], { b: 1 }],
]

test.each(rows)('%s', (_, document, patch, wanted) => {
  expect(jsonPatch(document, patch)).toEqual(wanted)
})

const refused: readonly (readonly [string, Json, Json, number])[] = [
  ['a test that does not hold', { a: 1 }, [{ op: 'test', path: '/a', value: 2 }], 422],
  ['removing what is not there', {}, [{ op: 'remove', path: '/a' }], 422],
  ['adding below what is not there', {}, [{ op: 'add', path: '/a/b', value: 2 }], 422],
  ['an index behind the end', { a: [1] }, [{ op: 'add', path: '/a/3', value: 2 }], 422],
  ['an operation that is none', {}, [{ op: 'swap', path: '/a' }], 422],
  ['a path without its slash', { a: 1 }, [{ op: 'remove', path: 'a' }], 422],
  ['what is no list', {}, { op: 'remove', path: '/a' }, 400],
]

test.each(refused)('refuses %s', (_, document, patch, code) => {
  expect(() => jsonPatch(document, patch)).toThrow(expect.objectContaining({ code }))
})
