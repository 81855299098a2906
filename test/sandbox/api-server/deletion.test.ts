import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ApiClient, take } from './api-client.ts'
import { define, startApi } from './ground.ts'
import { configMap, widget, widgetDefinition } from './manifests.ts'

let api: ApiClient & AsyncDisposable
const maps = '/api/v1/namespaces/default/configmaps'
const pods = '/api/v1/namespaces/default/pods'

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

async function deleted(path: string, name: string, begin: () => Promise<unknown>): Promise<void> {
  const events = api.watch(path, `fieldSelector=metadata.name%3D${name}`)
  await take(events, 1)
  await begin()
  for await (const event of events) if (event.type === 'DELETED') return
  throw new Error(`${name} was not deleted`)
}

async function owned(name: string, owner: { name: string; uid: string }, more: object = {}): Promise<void> {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.name, uid: owner.uid, ...more }]
  await api.ok('POST', maps, configMap(name, {}, { ownerReferences }))
}

test('an object with a finalizer stays, marked, until the finalizer goes', async () => {
  await api.ok('POST', maps, configMap('held', {}, { finalizers: ['example.io/hold'] }))
  const marked = await api.ok('DELETE', `${maps}/held`)
  expect(marked.metadata.deletionTimestamp).toBeDefined()
  const again = await api.ok('DELETE', `${maps}/held`)
  expect(again.metadata.resourceVersion).toBe(marked.metadata.resourceVersion)
  const more = { metadata: { finalizers: ['example.io/hold', 'example.io/more'] } }
  expect((await api.mergePatch(`${maps}/held`, more)).status).toBe(422)
  await api.mergePatch(`${maps}/held`, { metadata: { finalizers: [] } })
  expect((await api.request('GET', `${maps}/held`)).status).toBe(404)
})

test('a later deletion may say otherwise what becomes of dependents', async () => {
  await api.ok('POST', maps, configMap('slow', {}, { finalizers: ['example.io/hold'] }))
  await api.ok('DELETE', `${maps}/slow`)
  const { metadata } = await api.ok('DELETE', `${maps}/slow`, { propagationPolicy: 'Foreground' })
  expect(metadata['finalizers']).toEqual(['example.io/hold', 'foregroundDeletion'])
  await api.mergePatch(`${maps}/slow`, { metadata: { finalizers: null } })
})

test('a deletion on the condition of a uid spares another object of the same name', async () => {
  await api.ok('POST', maps, configMap('precise'))
  const { status } = await api.request('DELETE', `${maps}/precise`, { preconditions: { uid: 'other' } })
  expect(status).toBe(409)
  expect((await api.ok('DELETE', `${maps}/precise`))['status']).toBe('Success')
})

test('what an object owns goes after it', async () => {
  const { metadata } = await api.ok('POST', maps, configMap('owner'))
  await owned('dependent', metadata)
  await deleted(maps, 'dependent', () => api.ok('DELETE', `${maps}/owner`))
})

test('in the foreground what blocks the deletion of its owner goes before it', async () => {
  const { metadata } = await api.ok('POST', maps, configMap('front'))
  await owned('before', metadata, { blockOwnerDeletion: true })
  const marked = await api.ok('DELETE', `${maps}/front`, { propagationPolicy: 'Foreground' })
  expect(marked.metadata['finalizers']).toEqual(['foregroundDeletion'])
  const gone: string[] = []
  for await (const { type, object } of api.watch(
    maps,
    `resourceVersion=${marked.metadata.resourceVersion}`,
  )) {
    if (type === 'DELETED') gone.push(object.metadata.name)
    if (gone.length === 2) break
  }
  expect(gone).toEqual(['before', 'front'])
})

test('an orphan stays and forgets its owner', async () => {
  const { metadata } = await api.ok('POST', maps, configMap('parent'))
  await owned('orphan', metadata)
  await deleted(maps, 'parent', () => api.ok('DELETE', `${maps}/parent`, { propagationPolicy: 'Orphan' }))
  expect((await api.ok('GET', `${maps}/orphan`)).metadata['ownerReferences']).toBeUndefined()
})

test('an object whose owner was never there is collected', async () => {
  const { metadata } = await api.ok('POST', maps, configMap('latest'))
  await owned('stray', { name: 'gone', uid: '11111111-2222-3333-4444-555555555555' })
  const events = api.watch(
    maps,
    `resourceVersion=${metadata.resourceVersion}&fieldSelector=metadata.name%3Dstray`,
  )
  const [, second] = await take(events, 2)
  expect(second?.type).toBe('DELETED')
  await events.return(undefined)
})

test('a namespace takes everything in it along, and nothing new comes in meanwhile', async () => {
  await api.ok('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } })
  const inShop = '/api/v1/namespaces/shop/configmaps'
  await api.ok('POST', inShop, configMap('free'))
  await api.ok('POST', inShop, configMap('held', {}, { finalizers: ['example.io/hold'] }))
  const going = await api.ok('DELETE', '/api/v1/namespaces/shop')
  expect(going['status']).toMatchObject({ phase: 'Terminating' })
  const late = await api.request('POST', inShop, configMap('late'))
  expect([late.status, late.object.reason]).toEqual([403, 'Forbidden'])
  const release = (): Promise<unknown> => api.mergePatch(`${inShop}/held`, { metadata: { finalizers: null } })
  await deleted('/api/v1/namespaces', 'shop', release)
  expect(
    (await api.ok('GET', '/api/v1/configmaps')).items.filter((one) => one.metadata['namespace'] === 'shop'),
  ).toEqual([])
})

test('what a cluster cannot do without stays or comes back', async () => {
  const { status, object } = await api.request('DELETE', '/api/v1/namespaces/default')
  expect([status, object.message]).toEqual([
    403,
    'namespaces "default" is forbidden: this namespace may not be deleted',
  ])
  const services = '/api/v1/namespaces/default/services'
  const { metadata } = await api.ok('GET', services)
  await api.ok('DELETE', services)
  const events = api.watch(services, `resourceVersion=${metadata.resourceVersion}`)
  const [gone, back] = await take(events, 2)
  await events.return(undefined)
  expect([gone?.type, back?.type, back?.object.spec['clusterIP']]).toEqual(['DELETED', 'ADDED', '10.96.0.1'])
})

test('a Pod on a node is given time to end, and goes when its kubelet says so', async () => {
  const spec = { containers: [{ name: 'c', image: 'x' }] }
  await api.ok('POST', pods, { metadata: { name: 'waiting' }, spec })
  await api.ok('DELETE', `${pods}/waiting`)
  expect((await api.request('GET', `${pods}/waiting`)).status).toBe(404)
  await api.ok('POST', pods, { metadata: { name: 'bound' }, spec })
  await api.ok('POST', `${pods}/bound/binding`, {
    metadata: { name: 'bound' },
    target: { kind: 'Node', name: 'n1' },
  })
  const twice = await api.request('POST', `${pods}/bound/binding`, {
    metadata: { name: 'bound' },
    target: { kind: 'Node', name: 'n2' },
  })
  expect(twice.status).toBe(409)
  const marked = await api.ok('DELETE', `${pods}/bound`)
  expect(marked.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 })
  expect(marked.spec['nodeName']).toBe('n1')
  await api.ok('DELETE', `${pods}/bound`, { gracePeriodSeconds: 0 })
  expect((await api.request('GET', `${pods}/bound`)).status).toBe(404)
})

test('a definition stays until the last object of its kind is let go, and nothing new of it is made', async () => {
  const [definitions, widgets] = [
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    '/apis/example.io/v1/widgets',
  ]
  const path = `${definitions}/widgets.example.io`
  await define(api, widgetDefinition)
  await api.ok('POST', widgets, widget('free'))
  await api.ok('POST', widgets, {
    ...widget('held'),
    metadata: { name: 'held', finalizers: ['example.io/hold'] },
  })
  const { metadata } = await api.ok('DELETE', path)
  expect(metadata['finalizers']).toEqual(['customresourcecleanup.apiextensions.k8s.io'])
  await vi.waitFor(
    async () => {
      const { items } = await api.ok('GET', widgets)
      const left = items.map(({ metadata: { name, deletionTimestamp = 'stays' } }) => [
        name,
        deletionTimestamp,
      ])
      expect(left).toEqual([['held', expect.stringMatching(/^2/)]])
    },
    { timeout: 20_000 },
  )
  const { status, object } = await api.request('POST', widgets, widget('new'))
  expect([status, object['message']]).toEqual([
    403,
    'widgets.example.io "new" is forbidden: create not allowed while custom resource definition is terminating',
  ])
  await api.mergePatch(`${widgets}/held`, { metadata: { finalizers: null } })
  await vi.waitFor(async () => expect((await api.request('GET', path)).status).toBe(404), { timeout: 80_000 })
}, 120_000)
