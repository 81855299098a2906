import { expect, test } from 'vitest'
import type { KubeObject } from '../../../../src/sandbox/api-server/object.ts'
import { fieldSelector } from '../../../../src/sandbox/api-server/selector/field.ts'
import { labelSelector } from '../../../../src/sandbox/api-server/selector/label.ts'

const labels = { app: 'web', tier: 'front', empty: '' }

test.each([
  ['', true],
  ['app', true],
  ['!app', false],
  ['missing', false],
  ['!missing', true],
  ['app=web', true],
  ['app==web', true],
  ['app=web,tier=front', true],
  ['app=web,tier=back', false],
  ['app!=web', false],
  ['missing!=web', true],
  ['app in (api, web)', true],
  ['app in (api)', false],
  ['app notin (api)', true],
  ['missing notin (api)', true],
  ['missing in ()', false],
  ['empty=', true],
  ['missing=', false],
  ['app in (web,api),tier notin (back),!missing', true],
])('the label selector %j answers %s', (text, wanted) => {
  expect(labelSelector(text)(labels)).toBe(wanted)
})

test.each([
  ['=web', "found '=', expected: !, identifier, or 'end of string'"],
  ['app in web', "found 'web' expected: '('"],
  ['a b', "found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['app in (web', "found '', expected: ',' or ')'"],
])('the label selector %j is refused', (text, words) => {
  expect(() => labelSelector(text)).toThrow(words)
})

const object: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n' },
  spec: { nodeName: 'one', replicas: 3, paused: false },
}

const selectable = {
  fields: [
    'metadata.name',
    'metadata.namespace',
    'spec.nodeName',
    'spec.replicas',
    'spec.paused',
    'spec.unset',
  ],
  refusal: (field: string): string => `no field ${field}`,
}

test.each([
  ['metadata.name=p', true],
  ['metadata.name=p,metadata.namespace=n', true],
  ['metadata.name!=p', false],
  ['spec.nodeName==one', true],
  ['spec.replicas=3', true],
  ['spec.paused=false', true],
  ['spec.unset=', true],
  ['spec.unset!=', false],
])('the field selector %j answers %s', (text, wanted) => {
  expect(fieldSelector(text, selectable)(object)).toBe(wanted)
})

test('a field selector without an operator is refused', () => {
  expect(() => fieldSelector('metadata.name', selectable)).toThrow('invalid selector')
})

test('a field that a kind cannot be selected by is refused', () => {
  expect(() => fieldSelector('spec.other=x', selectable)).toThrow('no field spec.other')
})
