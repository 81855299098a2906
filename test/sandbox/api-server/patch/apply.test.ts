import { expect, test } from 'vitest'
import { addBuiltIns } from '../../../../src/sandbox/api-server/built-ins.ts'
import { type JsonObject, type KubeObject, valueAt } from '../../../../src/sandbox/api-server/object.ts'
import { applyConfiguration } from '../../../../src/sandbox/api-server/managed/apply.ts'
import { Registry } from '../../../../src/sandbox/api-server/registry.ts'

const registry = new Registry()
addBuiltIns(registry)
const type = registry.find('', 'v1', 'services') ?? expect.fail('no services')

/** What is live after appliers had their say, one after the other. */
function applied(
  ...turns: readonly (readonly [manager: string, wanted: JsonObject, force?: 'force'])[]
): KubeObject {
  const live = turns.reduce<KubeObject | undefined>((before, [manager, wanted, force]) => {
    const applier = { manager, force: force !== undefined, subresource: undefined }
    return applyConfiguration(type, before, wanted, applier)
  }, undefined)
  return live ?? expect.fail('nobody applied anything')
}

const managers = (live: KubeObject): unknown =>
  (valueAt(live, ['metadata', 'managedFields']) as { manager: string }[]).map((entry) => entry.manager)

test('what an applier no longer states is removed', () => {
  const live = applied(
    ['a', { metadata: { labels: { x: '1', y: '2' } }, spec: { type: 'NodePort', sessionAffinity: 'None' } }],
    ['a', { metadata: { labels: { x: '1' } }, spec: { type: 'NodePort' } }],
  )
  expect(live).toMatchObject({ metadata: { labels: { x: '1' } }, spec: { type: 'NodePort' } })
  expect(valueAt(live, ['spec', 'sessionAffinity'])).toBeUndefined()
  expect(valueAt(live, ['metadata', 'labels', 'y'])).toBeUndefined()
})

test('what another applier states as well stays', () => {
  const label = { metadata: { labels: { x: '1' } } }
  const live = applied(['a', label], ['b', label], ['a', { spec: {} }])
  expect(live).toMatchObject({ metadata: { labels: { x: '1' } } })
})

test('ports are told apart by number and protocol, TCP where none is said', () => {
  const live = applied(
    ['a', { spec: { ports: [{ port: 53, name: 'tcp' }] } }],
    ['b', { spec: { ports: [{ port: 53, protocol: 'UDP', name: 'udp' }] } }],
    ['a', { spec: { ports: [{ port: 53, protocol: 'TCP', name: 'other' }] } }],
  )
  const ports = [
    { port: 53, name: 'other', protocol: 'TCP' },
    { port: 53, protocol: 'UDP', name: 'udp' },
  ]
  expect(valueAt(live, ['spec', 'ports'])).toEqual(ports)
  const without = applyConfiguration(
    type,
    live,
    { spec: {} },
    { manager: 'b', force: false, subresource: undefined },
  )
  expect(valueAt(without, ['spec', 'ports'])).toEqual(ports.slice(0, 1))
})

test('another value for what somebody else owns is a conflict that names field and owner', () => {
  const mine = { spec: { type: 'NodePort' } }
  const other = { spec: { type: 'ClusterIP' } }
  expect(() => applied(['a', mine], ['b', other])).toThrow(
    'Apply failed with 1 conflict: conflict with "a": .spec.type',
  )
  // Who changed nothing has no time, and is named first.
  expect(managers(applied(['a', mine], ['b', mine]))).toEqual(['b', 'a'])
})

test('force takes the field and its ownership', () => {
  const live = applied(
    ['a', { spec: { type: 'NodePort', sessionAffinity: 'None' } }],
    ['b', { spec: { type: 'ClusterIP' } }, 'force'],
    ['a', { spec: { sessionAffinity: 'None' } }],
  )
  expect(live).toMatchObject({ spec: { type: 'ClusterIP', sessionAffinity: 'None' } })
})

test('applying the same again changes nothing, not even the record of it', () => {
  const wanted = { spec: { type: 'NodePort', ports: [{ port: 80 }] } }
  const once = applied(['a', wanted], ['b', wanted])
  const again = applyConfiguration(type, structuredClone(once), wanted, {
    manager: 'a',
    force: false,
    subresource: undefined,
  })
  expect(again).toEqual(once)
})
