import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ApiClient } from './api-client.ts'
import { asksReal, define, startApi, undefine } from './ground.ts'
import { LocalApi } from './local-api.ts'
import { widget, widgetDefinition } from './manifests.ts'

let api: ApiClient & AsyncDisposable
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const widgets = '/apis/example.io/v1/widgets'
const pools = '/apis/lanlord.dev/v1beta1/addresspools'
const crds = new URL('../../../crds/', import.meta.url)

beforeAll(async () => {
  api = await startApi()
  await define(api, widgetDefinition)
  for (const file of readdirSync(crds)) {
    await define(api, parse(readFileSync(new URL(file, crds), 'utf8')) as typeof widgetDefinition)
  }
})
afterAll(() => api?.[Symbol.asyncDispose]())

test('a definition is established at once, with the names it left out', async () => {
  const { object } = await api.request('GET', `${definitions}/widgets.example.io`)
  expect(object['status']).toMatchObject({
    acceptedNames: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    storedVersions: ['v1'],
    conditions: [
      { type: 'NamesAccepted', status: 'True' },
      { type: 'Established', status: 'True' },
    ],
  })
})

test('a definition that is no definition is refused', async () => {
  const { spec } = widgetDefinition
  const cases: readonly (readonly [object, string])[] = [
    [{ metadata: { name: 'others.example.io' }, spec }, 'metadata.name: Invalid value: "others.example.io"'],
    [
      { metadata: { name: 'widgets.example.io' }, spec: { ...spec, group: undefined } },
      'spec.group: Required value',
    ],
    [
      { metadata: { name: 'widgets.example.io' }, spec: { ...spec, scope: 'Global' } },
      'spec.scope: Unsupported value: "Global"',
    ],
    [
      { metadata: { name: 'widgets.example.io' }, spec: { ...spec, versions: [] } },
      'spec.versions: Invalid value: []: must have exactly one version marked as storage version',
    ],
  ]
  await undefine(api, widgetDefinition)
  for (const [body, message] of cases) {
    const { status, object } = await api.request('POST', definitions, body)
    expect([status, object.message]).toEqual([422, expect.stringContaining(message)])
  }
  await define(api, widgetDefinition)
})

test('an object is pruned, gets its defaults, and its status comes through its subresource', async () => {
  const sent = { ...widget('one', { unknown: 1 }), status: { conditions: [] }, extra: true }
  const { spec, status, extra } = await api.ok('POST', widgets, sent)
  expect({ spec, status, extra }).toEqual({
    spec: { size: 3, color: 'red' },
    status: undefined,
    extra: undefined,
  })
  const patched = await api.mergePatch(`${widgets}/one/status`, {
    spec: { size: 9 },
    status: { conditions: [{ type: 'Ready', status: 'True' }], unknown: 1 },
  })
  expect(patched.object.spec['size']).toBe(3)
  expect(patched.object['status']).toEqual({ conditions: [{ type: 'Ready', status: 'True' }] })
})

test('an update must name the version that it is based on', async () => {
  await api.ok('POST', widgets, widget('based'))
  const { status, object } = await api.request('PUT', `${widgets}/based`, widget('based', { size: 4 }))
  expect([status, object.message]).toEqual([
    422,
    expect.stringContaining('metadata.resourceVersion: Invalid value: 0: must be specified for an update'),
  ])
})

test('a status may be written although the spec would not be accepted any more', async () => {
  await api.ok('POST', widgets, widget('old', { size: 9 }))
  const definition = await api.ok('GET', `${definitions}/widgets.example.io`)
  const narrower = JSON.parse(JSON.stringify(definition).replace('"maximum":10', '"maximum":5')) as object
  await api.ok('PUT', `${definitions}/widgets.example.io`, narrower)
  const patched = await api.mergePatch(`${widgets}/old/status`, {
    status: { conditions: [{ type: 'Ready' }] },
  })
  expect(patched.status).toBe(200)
  expect((await api.mergePatch(`${widgets}/old`, { spec: { size: 8 } })).status).toBe(422)
})

test('a table has the columns that the definition asks for', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
  const table = await api.ok('GET', widgets, undefined, { accept })
  const names = (table['columnDefinitions'] as { name: string }[]).map((column) => column.name)
  expect(table['kind']).toBe('Table')
  expect(names).toEqual(['Name', 'Size', 'Ready', 'Color', 'Age'])
})

test('objects and their resource go with their definition', async () => {
  await api.ok('POST', widgets, widget('last'))
  await undefine(api, widgetDefinition)
  expect((await api.request('GET', widgets)).status).toBe(404)
  await define(api, widgetDefinition)
  expect((await api.ok('GET', widgets)).items).toEqual([])
})

if (!asksReal) {
  // How a real server comes back is not what these tests are about.
  test('custom resources are served after a restart', async () => {
    await using local = await LocalApi.start()
    await local.ok('POST', definitions, widgetDefinition)
    await local.ok('POST', widgets, widget('kept'))
    await local.restart()
    expect((await local.ok('GET', `${widgets}/kept`)).spec).toEqual({ size: 3, color: 'red' })
  })
}

test('an AddressPool that cannot be right is refused with what would mend it', async () => {
  const kind = { apiVersion: 'lanlord.dev/v1beta1', kind: 'AddressPool' }
  const spec = { addresses: ['192.0.2.9-192.0.2.1'] }
  const { status, object } = await api.request('POST', pools, { ...kind, metadata: { name: 'lan' }, spec })
  expect(status).toBe(422)
  expect(object.message).toContain('AddressPool.lanlord.dev "lan" is invalid: spec.addresses[0]: ')
  expect(object.message).toContain('192.0.2.1-192.0.2.9')
  const good = await api.ok('POST', pools, {
    ...kind,
    metadata: { name: 'lan' },
    spec: { addresses: ['192.0.2.1-192.0.2.9'] },
  })
  expect(good.spec).toMatchObject({ autoAssign: true })
})
