import { afterEach, beforeEach, expect, test } from 'vitest'
import { take } from './api-client.ts'
import { LocalApi } from './local-api.ts'
import { configMap } from './manifests.ts'

let api: LocalApi
const maps = '/api/v1/namespaces/default/configmaps'

beforeEach(async () => {
  api = await LocalApi.start(20)
})
afterEach(() => api[Symbol.asyncDispose]())

const brief = (
  events: readonly { type: string; object: { metadata: { name: string } } }[],
): readonly string[] => events.map(({ type, object }) => `${type} ${object.metadata.name}`)

test('a watch from a version tells everything after it, in order, and goes on with what happens', async () => {
  const { metadata } = await api.ok('POST', maps, configMap('a'))
  await api.ok('POST', maps, configMap('b'))
  await api.mergePatch(`${maps}/a`, { data: { x: '1' } })
  const events = api.watch(maps, `resourceVersion=${metadata.resourceVersion}`)
  expect(brief(await take(events, 2))).toEqual(['ADDED b', 'MODIFIED a'])
  await api.ok('DELETE', `${maps}/b`)
  const [deleted] = await take(events, 1)
  expect(brief(deleted === undefined ? [] : [deleted])).toEqual(['DELETED b'])
  expect(Number(deleted?.object.metadata.resourceVersion)).toBeGreaterThan(
    Number(metadata.resourceVersion) + 2,
  )
  await events.return(undefined)
})

test('a watch without a version begins with what there is', async () => {
  await api.ok('POST', maps, configMap('a'))
  const events = api.watch(maps)
  expect(brief(await take(events, 1))).toEqual(['ADDED a'])
  await events.return(undefined)
})

test('a watch that asks for the initial events is told where they end', async () => {
  await api.ok('POST', maps, configMap('a'))
  const query = 'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan'
  const events = api.watch(maps, query)
  const [added, end] = await take(events, 2)
  expect(added).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } })
  expect(end).toMatchObject({
    type: 'BOOKMARK',
    object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  })
  await events.return(undefined)
})

test('what a change brings into a selection is added, what it takes out is deleted', async () => {
  const { metadata } = await api.ok('GET', maps)
  const events = api.watch(maps, `labelSelector=app%3Dweb&resourceVersion=${metadata.resourceVersion}`)
  await api.ok('POST', maps, configMap('a'))
  await api.mergePatch(`${maps}/a`, { metadata: { labels: { app: 'web' } } })
  await api.mergePatch(`${maps}/a`, { data: { x: '1' } })
  await api.mergePatch(`${maps}/a`, { metadata: { labels: { app: 'other' } } })
  await api.ok('DELETE', `${maps}/a`)
  await api.ok('POST', maps, configMap('end', {}, { labels: { app: 'web' } }))
  expect(brief(await take(events, 4))).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED end'])
  await events.return(undefined)
})

test('a watch of one object by field tells of no other', async () => {
  await api.ok('POST', maps, configMap('a'))
  const events = api.watch(maps, 'fieldSelector=metadata.name%3Db')
  await api.ok('POST', maps, configMap('b'))
  expect(brief(await take(events, 1))).toEqual(['ADDED b'])
  await events.return(undefined)
})

test('a version that is older than what is remembered is gone, with 410', async () => {
  const { metadata } = await api.ok('POST', maps, configMap('a'))
  for (let count = 0; count < 40; count++)
    await api.mergePatch(`${maps}/a`, { data: { count: String(count) } })
  const { status, object } = await api.request(
    'GET',
    `${maps}?watch=1&resourceVersion=${metadata.resourceVersion}`,
  )
  expect([status, object.reason]).toEqual([410, 'Expired'])
})

test('the time asked for ends a watch', async () => {
  const events: unknown[] = []
  for await (const event of api.watch(maps, 'timeoutSeconds=1')) events.push(event)
  expect(events).toEqual([])
})

test('a list comes in pages that all show the state of the first', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await api.ok('POST', maps, configMap(name))
  const first = await api.ok('GET', `${maps}?limit=2`)
  expect(first.metadata).toMatchObject({ remainingItemCount: 3 })
  await api.ok('DELETE', `${maps}/c`)
  await api.ok('POST', maps, configMap('f'))
  const second = await api.ok('GET', `${maps}?limit=2&continue=${first.metadata.continue}`)
  const third = await api.ok('GET', `${maps}?limit=2&continue=${second.metadata.continue}`)
  const names = [first, second, third].map((page) => page.items.map((item) => item.metadata.name))
  expect(names).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  expect(third.metadata.continue).toBeUndefined()
  expect(third.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
})

test('a page that was asked for too late is gone, with 410', async () => {
  for (const name of ['a', 'b', 'c']) await api.ok('POST', maps, configMap(name))
  const first = await api.ok('GET', `${maps}?limit=1`)
  for (let count = 0; count < 40; count++)
    await api.mergePatch(`${maps}/a`, { data: { count: String(count) } })
  const { status, object } = await api.request('GET', `${maps}?limit=1&continue=${first.metadata.continue}`)
  expect([status, object.reason]).toEqual([410, 'Expired'])
})

test('a list of a version that is yet to come is refused, to be tried again', async () => {
  const { status, headers } = await api.request('GET', `${maps}?resourceVersion=99999`)
  expect([status, headers.get('retry-after')]).toEqual([504, '1'])
})

test('after a restart a watch goes on where it was, unless that is too long ago', async () => {
  const { metadata } = await api.ok('POST', maps, configMap('a'))
  await api.ok('POST', maps, configMap('b'))
  await api.restart()
  const events = api.watch(maps, `resourceVersion=${metadata.resourceVersion}`)
  expect(brief(await take(events, 1))).toEqual(['ADDED b'])
  await events.return(undefined)
  for (let count = 0; count < 40; count++)
    await api.mergePatch(`${maps}/a`, { data: { count: String(count) } })
  await api.restart()
  await api.restart()
  const { status } = await api.request('GET', `${maps}?watch=1&resourceVersion=${metadata.resourceVersion}`)
  expect(status).toBe(410)
})
