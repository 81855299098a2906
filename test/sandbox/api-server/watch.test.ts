import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApiClient, take } from './api-client.ts'
import { asksReal, freshNamespace, startApi } from './ground.ts'
import { LocalApi } from './local-api.ts'
import { configMap } from './manifests.ts'

let api: ApiClient & AsyncDisposable
let maps: string

beforeAll(async () => {
  api = await startApi()
})
beforeEach(async () => {
  maps = `/api/v1/namespaces/${await freshNamespace(api)}/configmaps`
})
afterAll(() => api?.[Symbol.asyncDispose]())

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

test('a list of a version that is yet to come is refused, to be tried again', async () => {
  const { status, headers } = await api.request('GET', `${maps}?resourceVersion=99999999`)
  expect([status, headers.get('retry-after')]).toEqual([504, '1'])
})

if (!asksReal) {
  // A real server remembers the changes of some minutes; how many the embedded one does, a test may choose.
  const few = '/api/v1/namespaces/default/configmaps'
  const changeOften = async (local: LocalApi): Promise<void> => {
    for (let count = 0; count < 40; count++) {
      await local.mergePatch(`${few}/a`, { data: { count: String(count) } })
    }
  }
  const refusal = {
    type: 'ERROR',
    object: {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: expect.stringMatching(/^too old resource version: \d+ \(\d+\)$/) as unknown,
    },
  }

  test('a watch from a version that is older than what is remembered ends at once, with 410', async () => {
    await using local = await LocalApi.start(20)
    const { metadata } = await local.ok('POST', few, configMap('a'))
    await changeOften(local)
    const events = local.watch(few, `resourceVersion=${metadata.resourceVersion}`)
    expect(await take(events, 1)).toMatchObject([refusal])
    expect((await events.next()).done).toBe(true)
  })

  test('a page that was asked for too late is gone, with 410 and a way to go on', async () => {
    await using local = await LocalApi.start(20)
    for (const name of ['a', 'b', 'c']) await local.ok('POST', few, configMap(name))
    const first = await local.ok('GET', `${few}?limit=1`)
    await changeOften(local)
    const late = await local.request('GET', `${few}?limit=1&continue=${first.metadata.continue}`)
    expect([late.status, late.object.reason]).toEqual([410, 'Expired'])
    const rest = await local.ok('GET', `${few}?limit=5&continue=${late.object.metadata.continue}`)
    expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(['b', 'c'])
  })

  test('after a restart a watch goes on where it was, unless that is too long ago', async () => {
    await using local = await LocalApi.start(20)
    const { metadata } = await local.ok('POST', few, configMap('a'))
    await local.ok('POST', few, configMap('b'))
    await local.restart()
    const events = local.watch(few, `resourceVersion=${metadata.resourceVersion}`)
    expect(brief(await take(events, 1))).toEqual(['ADDED b'])
    await events.return(undefined)
    await changeOften(local)
    await local.restart()
    await local.restart()
    const late = local.watch(few, `resourceVersion=${metadata.resourceVersion}`)
    expect(await take(late, 1)).toMatchObject([refusal])
  })
}
