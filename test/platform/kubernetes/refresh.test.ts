import { afterEach, beforeEach, expect, test } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { knownOf } from '../../../src/platform/kubernetes/object.ts'
import type { Known } from '../../../src/platform/kubernetes/object.ts'
import { Reflector } from '../../../src/platform/kubernetes/reflector.ts'
import { EvilServer, refuse } from './evil-server.ts'
import { until } from './until.ts'

let server: EvilServer
let api: Api
let reflector: Reflector<Known>
let told: string[]
let problems: string[]

beforeEach(async () => {
  server = await EvilServer.start()
  api = new Api(plainConfig(server.url))
  told = []
  problems = []
  reflector = new Reflector<Known>(api, {
    path: server.path,
    project: knownOf,
    onEvent: ({ kind, object }) => told.push(`${kind} ${object.key}`),
    onProblem: ({ message }) => problems.push(message),
    backoff: { baseMs: 10, capMs: 100 },
  })
  server.put('old')
  reflector.start()
  await reflector.synced
  await until('the watch stands', () => server.watchers === 1)
})

afterEach(async () => {
  await reflector.stop()
  await api.close()
  await server.stop()
})

test('a collection that is read anew has what its watch has not brought, and then goes on watching', async () => {
  server.silenceWatches()
  server.put('new')
  server.remove('old')
  await reflector.refresh()
  expect([...reflector.store.keys()]).toEqual(['shop/new'])
  await until('it watches again', () => server.watchers === 1)
  server.put('later')
  await until('the watch brings it', () => reflector.store.has('shop/later'))
  expect(told).toEqual(['added shop/old', 'removed shop/old', 'added shop/new', 'added shop/later'])
  expect(problems).toEqual([])
  expect([server.lists.length, reflector.contact]).toEqual([2, true])
})

test('it is not taken for read anew by a list that was on its way before', async () => {
  let answer = (): void => undefined
  server.nextLists.push((response) => {
    const stale = JSON.stringify({ metadata: { resourceVersion: '1' }, items: [] })
    answer = () => void response.writeHead(200, { 'content-type': 'application/json' }).end(stale)
  })
  const first = reflector.refresh()
  await until('the first is on its way', () => server.lists.length === 2)
  const second = reflector.refresh()
  answer()
  await Promise.all([first, second])
  expect([...reflector.store.keys()]).toEqual(['shop/old'])
})

test('it is tried until it succeeds, at once when it waits after a failure', async () => {
  server.nextLists.push(refuse(500, 'InternalError'), refuse(403, 'Forbidden'))
  await reflector.refresh()
  expect(problems).toHaveLength(2)
  expect(server.lists).toHaveLength(4)
})

test('one that is stopped before it was read anew says so', async () => {
  server.nextLists.push(() => undefined)
  const refreshed = reflector.refresh()
  await until('it is on its way', () => server.lists.length === 2)
  await reflector.stop()
  await expect(refreshed).rejects.toThrow('stopped before')
})
