import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { asksReal, define, startApi } from './ground.ts'
import { configMap, service, widget, widgetDefinition } from './manifests.ts'

let api: ApiClient & AsyncDisposable
const maps = '/api/v1/namespaces/default/configmaps'
const services = '/api/v1/namespaces/default/services'
const widgets = '/apis/example.io/v1/widgets'

beforeAll(async () => {
  api = await startApi()
  await define(api, widgetDefinition)
})
afterAll(() => api?.[Symbol.asyncDispose]())

test('a new object gets a uid, a time and a version, and the versions of all objects are one sequence', async () => {
  const one = await api.ok('POST', maps, configMap('one'))
  const two = await api.ok('POST', maps, configMap('two'))
  expect(one.metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
  expect(one.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  expect(Number(two.metadata.resourceVersion)).toBeGreaterThan(Number(one.metadata.resourceVersion))
})

test('a name can be generated', async () => {
  const { metadata } = await api.ok('POST', maps, { metadata: { generateName: 'made-' } })
  expect(metadata.name).toMatch(/^made-[a-z0-9]{5}$/)
})

test('an update that changes nothing keeps its version', async () => {
  const before = await api.ok('POST', maps, configMap('still', { a: '1' }))
  const put = await api.ok('PUT', `${maps}/still`, before)
  const patched = await api.mergePatch(`${maps}/still`, { data: { a: '1' } })
  expect(put.metadata.resourceVersion).toBe(before.metadata.resourceVersion)
  expect(patched.object.metadata.resourceVersion).toBe(before.metadata.resourceVersion)
})

test('an update on an old version is a conflict, by PUT and by a patch that names the version', async () => {
  const before = await api.ok('POST', maps, configMap('busy'))
  await api.mergePatch(`${maps}/busy`, { data: { a: '1' } })
  const put = await api.request('PUT', `${maps}/busy`, before)
  const { resourceVersion } = before.metadata
  const patch = await api.mergePatch(`${maps}/busy`, { metadata: { resourceVersion }, data: { a: '2' } })
  for (const { status, object } of [put, patch]) {
    expect(status).toBe(409)
    expect(object).toMatchObject({
      kind: 'Status',
      reason: 'Conflict',
      details: { name: 'busy', kind: 'configmaps' },
    })
  }
})

test('a name that is taken, a name that is unknown and a namespace that is unknown each have their reason', async () => {
  await api.ok('POST', maps, configMap('taken'))
  const again = await api.request('POST', maps, configMap('taken'))
  expect([again.status, again.object.reason]).toEqual([409, 'AlreadyExists'])
  const missing = await api.request('GET', `${maps}/missing`)
  expect([missing.status, missing.object.message]).toEqual([404, 'configmaps "missing" not found'])
  const nowhere = await api.request('POST', '/api/v1/namespaces/nowhere/configmaps', configMap('x'))
  expect([nowhere.status, nowhere.object.message]).toEqual([404, 'namespaces "nowhere" not found'])
  const bad = await api.request('POST', maps, configMap('Bad_Name'))
  expect([bad.status, bad.object.reason]).toEqual([422, 'Invalid'])
})

test('the status of a Service changes through its subresource only, the rest through the main resource only', async () => {
  await api.ok('POST', services, {
    ...service('parts'),
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
  })
  const ingress = [{ ip: '192.0.2.2' }]
  const main = await api.mergePatch(`${services}/parts`, { status: { loadBalancer: { ingress } } })
  expect(main.object['status']).toEqual({ loadBalancer: {} })
  const patch = { spec: { externalTrafficPolicy: 'Local' }, status: { loadBalancer: { ingress } } }
  const { object } = await api.mergePatch(`${services}/parts/status`, patch)
  expect(object['status']).toEqual({ loadBalancer: { ingress: [{ ip: '192.0.2.2', ipMode: 'VIP' }] } })
  expect(object.spec['externalTrafficPolicy']).toBe('Cluster')
})

test('the generation counts changes of the spec only', async () => {
  const made = await api.ok('POST', widgets, widget('counted', {}))
  expect(made.metadata.generation).toBe(1)
  await api.mergePatch(`${widgets}/counted`, { metadata: { labels: { a: 'b' } } })
  await api.mergePatch(`${widgets}/counted/status`, { status: { conditions: [] } })
  const same = await api.ok('GET', `${widgets}/counted`)
  expect(same.metadata.generation).toBe(1)
  const { object } = await api.mergePatch(`${widgets}/counted`, { spec: { size: 4 } })
  expect(object.metadata.generation).toBe(2)
})

test('identity cannot be changed by an update', async () => {
  const before = await api.ok('POST', maps, configMap('same'))
  const forged = { ...before, metadata: { ...before.metadata, creationTimestamp: '2001-01-01T00:00:00Z' } }
  const after = await api.ok('PUT', `${maps}/same`, forged)
  expect(after.metadata.creationTimestamp).toBe(before.metadata.creationTimestamp)
  const other = await api.mergePatch(`${maps}/same`, { metadata: { uid: 'other' } })
  expect(other.status).toBe(422)
  const renamed = await api.mergePatch(`${maps}/same`, { metadata: { name: 'other' } })
  expect(renamed.status).toBe(400)
})

test('a dry run answers as if and changes nothing', async () => {
  const made = await api.ok('POST', `${maps}?dryRun=All`, configMap('dry'))
  expect(made.metadata.uid).toBeDefined()
  expect((await api.request('GET', `${maps}/dry`)).status).toBe(404)
  await api.ok('POST', maps, configMap('wet'))
  const patched = await api.mergePatch(`${maps}/wet?dryRun=All`, { data: { a: '1' } })
  expect(patched.object['data']).toEqual({ a: '1' })
  expect((await api.ok('GET', `${maps}/wet`))['data']).toBeUndefined()
  await api.ok('DELETE', `${maps}/wet?dryRun=All`)
  await api.ok('GET', `${maps}/wet`)
})

test('an unknown field is an error, a warning or nothing, as the client wishes', async () => {
  const odd = service('odd', { portz: [] })
  const strict = await api.request('POST', `${services}?fieldValidation=Strict`, odd)
  expect([strict.status, strict.object.message]).toEqual([
    400,
    'Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.portz"',
  ])
  const warned = await api.request('POST', `${services}?fieldValidation=Warn&dryRun=All`, odd)
  expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.portz\\""')
  const ignored = await api.request('POST', `${services}?fieldValidation=Ignore`, odd)
  expect([ignored.status, ignored.headers.get('warning')]).toEqual([201, null])
  expect(ignored.object.spec['portz']).toBeUndefined()
})

test('what is below no known root is answered in plain text', async () => {
  const { status, text, headers } = await api.request('GET', '/nowhere')
  expect([status, text, headers.get('content-type')]).toEqual([
    404,
    '404 page not found\n',
    'text/plain; charset=utf-8',
  ])
})

test('what is no Kubernetes request is refused in words', async () => {
  const cases: readonly (readonly [string, string, unknown, number])[] = [
    ['GET', '/api/v1/%ff', undefined, 404],
    ['GET', '/api/v1/unknowns', undefined, 404],
    ['POST', maps, 'not an object', 400],
    ['POST', maps, { kind: 'Secret' }, 400],
    ['POST', maps, { metadata: 'x' }, 400],
    ['POST', maps, { metadata: { name: 'x', labels: 'y' } }, 400],
    ['POST', services, { metadata: { name: 'x' }, spec: 'y' }, 400],
    ['POST', services, { metadata: { name: 'x' }, spec: { ports: 'y' } }, 400],
    ['PUT', maps, {}, 405],
    ['POST', `${maps}/x`, {}, 405],
    ['GET', `${maps}?labelSelector=%3D%3D`, undefined, 400],
  ]
  for (const [method, path, body, wanted] of cases) {
    const { status, object } = await api.request(method, path, body)
    expect([method, path, status, object['kind']]).toEqual([method, path, wanted, 'Status'])
    expect(object.message).not.toBe('')
  }
})

if (!asksReal) {
  // A real server counts its requests in other ways.
  test('requests are counted by verb, resource and client, with the changes that they made', async () => {
    const userAgent = 'counted-client'
    await api.ok('POST', maps, configMap('seen'), { userAgent })
    await api.ok('GET', `${maps}/seen`, undefined, { userAgent })
    const extras = { userAgent, contentType: 'application/merge-patch+json' }
    await api.ok('PATCH', `${maps}/seen`, { data: {} }, extras)
    const { requests } = (await api.ok('GET', '/debug/requests')) as unknown as {
      requests: { userAgent: string }[]
    }
    expect(requests.filter((line) => line.userAgent === userAgent)).toEqual([
      { verb: 'create', resource: 'configmaps', userAgent, count: 1, changes: 1 },
      { verb: 'get', resource: 'configmaps', userAgent, count: 1, changes: 0 },
      { verb: 'patch', resource: 'configmaps', userAgent, count: 1, changes: 0 },
    ])
  })
}
