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

test.each(['=web', 'app in web', 'a b', 'app in (web'])('the label selector %j is refused', (text) => {
  expect(() => labelSelector(text)).toThrow(/requirement/)
})

const object: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n' },
  spec: { nodeName: 'one', replicas: 3, paused: false },
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
  expect(fieldSelector(text)(object)).toBe(wanted)
})

test('a field selector without an operator is refused', () => {
  expect(() => fieldSelector('metadata.name')).toThrow('invalid selector')
})
