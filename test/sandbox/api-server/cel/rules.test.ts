import { expect, test } from 'vitest'
import { type About, ruleProblems } from '../../../../src/sandbox/api-server/cel/rules.ts'
import type { Schema, ValidationRule } from '../../../../src/sandbox/api-server/schema/schema.ts'

const ruled = (schema: Schema, ...rules: readonly ValidationRule[]): Schema => ({
  ...schema,
  'x-kubernetes-validations': rules,
})

function told(schema: Schema, value: unknown, old?: unknown, about: About = 'changed'): readonly string[] {
  const whole: Schema = { type: 'object', properties: { a: schema } }
  const before = old === undefined ? undefined : { a: old }
  return ruleProblems(whole, { a: value }, before, about).map(({ field, message }) => `${field}: ${message}`)
}

const text: Schema = { type: 'string' }

test.each<readonly [string, Schema, unknown, readonly string[]]>([
  ['a rule that holds', ruled(text, { rule: `self == 'x'` }), 'x', []],
  ['its message', ruled(text, { rule: 'false', message: ' no ' }), 'x', ['a: Invalid value: "x": no']],
  [
    'itself, without a message',
    ruled(text, { rule: 'false' }),
    'x',
    ['a: Invalid value: "x": failed rule: false'],
  ],
  [
    'words of its own',
    ruled(text, { rule: 'false', messageExpression: `'not ' + self` }),
    'x',
    ['a: Invalid value: "x": not x'],
  ],
  [
    'its message where those fail',
    ruled(text, { rule: 'false', message: 'no', messageExpression: `self.split(',')[3]` }),
    'x',
    ['a: Invalid value: "x": no'],
  ],
  [
    'nothing of an object',
    ruled({ type: 'object' }, { rule: 'false', message: 'no' }),
    { b: 1 },
    ['a: Invalid value: no'],
  ],
  [
    'another reason',
    ruled(text, { rule: 'false', message: 'no', reason: 'FieldValueForbidden' }),
    'x',
    ['a: Forbidden: no'],
  ],
  [
    'the item',
    { type: 'array', items: ruled(text, { rule: 'isIP(self)', message: 'no' }) },
    ['::1', 'x'],
    ['a[1]: Invalid value: "x": no'],
  ],
  [
    'the key of a map',
    { type: 'object', additionalProperties: ruled({ type: 'integer' }, { rule: 'self > 1', message: 'no' }) },
    { k: 1, l: 2 },
    ['a[k]: Invalid value: 1: no'],
  ],
])('a rule tells %s', (_, schema, value, words) => {
  expect(told(schema, value)).toEqual(words)
})

test('a rule about a change is asked only where there was something before', () => {
  const schema = ruled({ type: 'integer' }, { rule: 'self >= oldSelf', message: 'shrinks' })
  expect(told(schema, 1)).toEqual([])
  expect(told(schema, 2, 1)).toEqual([])
  expect(told(schema, 1, 2)).toEqual(['a: Invalid value: 1: shrinks'])
})

test('what was wrong before and is as it was is told apart from what is new', () => {
  const schema: Schema = { type: 'array', items: ruled(text, { rule: `self != 'x'`, message: 'no' }) }
  expect(told(schema, ['x'], ['x'])).toEqual([])
  expect(told(schema, ['x'], ['x'], 'unchanged')).toEqual(['a[0]: Invalid value: "x": no'])
  expect(told(schema, ['x', 'y'], ['x'])).toEqual(['a[0]: Invalid value: "x": no'])
})
