import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { KubeProxy } from '../../../src/programs/speaker/kube-proxy.ts'
import { until } from './wire-harness.ts'

const ends: (() => unknown)[] = []

afterEach(() => {
  for (const end of ends.splice(0).toReversed()) end()
})

/** Something at the port of a kube-proxy that answers in this way, which may be changed. */
async function serverThat(answers: (response: ServerResponse) => unknown) {
  const self = { answers }
  const server = createServer((_, response) => void self.answers(response)).listen(0, '127.0.0.1')
  ends.push(() => server.close().closeAllConnections())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`
  return { url, self, server }
}

function watch(url: string | undefined) {
  const words: string[] = []
  const said: string[] = []
  const log = { info: (text: string) => words.push(text), warn: (text: string) => words.push(text) }
  const proxy = new KubeProxy({ url, log: log as never, onChange: () => said.push(proxy.health) })
  ends.push(() => proxy[Symbol.dispose]())
  proxy.start()
  return { proxy, said, words }
}

const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end('{}')

test('a kube-proxy is healthy, unhealthy and unknown as it answers 200, 503 and not at all', async () => {
  const { url, self, server } = await serverThat(status(200))
  const { said, words } = watch(url)
  await until('it is healthy', () => said.join() === 'Healthy')
  self.answers = status(503)
  await until('it is unhealthy', () => said.join() === 'Healthy,Unhealthy')
  server.close().closeAllConnections()
  await until('it is gone', () => said.join() === 'Healthy,Unhealthy,Unknown')
  expect(words).toEqual([
    'kube-proxy says it is healthy',
    'kube-proxy says it is unhealthy: this node announces what no other one can',
    'kube-proxy does not tell of its health',
  ])
})

test.each<[string, (response: ServerResponse) => unknown]>([
  ['knows no such page', status(404)],
  ['fails for its own reasons', status(500)],
  ['answers nothing', () => undefined],
  ['hangs up', (response) => response.destroy()],
])('another program at its port that %s says nothing about it', async (_, answers) => {
  let asked = 0
  const { url } = await serverThat((response) => {
    asked++
    answers(response)
  })
  const { proxy, said } = watch(url)
  await until('it was asked again', () => asked === 2)
  expect(said).toEqual([])
  expect(proxy.health).toBe('Unknown')
})

test('one that answers without an end is heard all the same', async () => {
  const { url } = await serverThat((response) => {
    response.writeHead(503)
    const writing = setInterval(() => response.write('x'.repeat(1_000)), 10)
    ends.push(() => clearInterval(writing))
  })
  const { said } = watch(url)
  await until('it is unhealthy', () => said.join() === 'Unhealthy')
})

test('it is not asked when that was not wanted', () => {
  expect(watch(undefined).proxy.health).toBe('Unknown')
})
