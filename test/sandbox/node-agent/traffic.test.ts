import { afterAll, beforeAll, expect, test } from 'vitest'
import { Ground } from './ground.ts'

let ground: Ground

beforeAll(async () => {
  ground = await Ground.open(2)
  await ground.deploy('web', 4)
})

afterAll(() => ground?.[Symbol.asyncDispose]())

test('Pods of a Deployment are spread over the nodes and have addresses of their nodes', async () => {
  const pods = await ground.pods()
  const places = pods.map((pod) => `${pod.spec?.nodeName} ${pod.status?.podIP?.replace(/\.\d+$/, '')}`)
  expect(places.toSorted()).toEqual([
    'node-1 10.244.1',
    'node-1 10.244.1',
    'node-2 10.244.2',
    'node-2 10.244.2',
  ])
})

test('with policy Cluster one node reaches all Pods, and they see the node as the client', async () => {
  const address = ground.address(0)
  await ground.expose('cluster', address, 'Cluster', 'web')
  await ground.pointAt(address, 0)
  await ground.curlEventually(address)
  const answers = await Promise.all(Array.from({ length: 12 }, () => ground.curl(address, '/hello')))
  expect(new Set(answers.map((answer) => answer?.pod)).size).toBe(4)
  expect(new Set(answers.map((answer) => answer?.node))).toEqual(new Set(['node-1', 'node-2']))
  expect(new Set(answers.map((answer) => answer?.client))).toEqual(new Set([ground.nodeAddress(0)]))
  expect(answers[0]?.path).toBe('/hello')
})

test('with policy Local a node reaches its own Pods only, and they see the client itself', async () => {
  const address = ground.address(1)
  await ground.expose('local', address, 'Local', 'web')
  await ground.pointAt(address, 1)
  await ground.curlEventually(address)
  const answers = await Promise.all(Array.from({ length: 6 }, () => ground.curl(address)))
  expect(new Set(answers.map((answer) => answer?.node))).toEqual(new Set(['node-2']))
  expect(new Set(answers.map((answer) => answer?.client))).toEqual(new Set([ground.sandbox.client.address]))
})

test('a datagram is echoed from the address it was sent to, by Pods of either node', async () => {
  const address = ground.address(0)
  const ports = Array.from({ length: 8 }, (_, index) => 40_000 + index)
  const echoes = await ground.inClient(['node', '-e', echoScript, address, ...ports.map(String)])
  expect(echoes.trim().split('\n').toSorted()).toEqual(
    ports.map((port) => `${port} hello from ${address}:53`).toSorted(),
  )
})

/** One socket for each port; each says from where its datagram came back. */
const echoScript = `
const [address, ...ports] = process.argv.slice(1)
for (const port of ports) {
  const socket = require('node:dgram').createSocket('udp4')
  socket.on('message', (text, from) => { console.log(port, String(text), 'from', from.address + ':' + from.port); socket.close() })
  socket.bind(Number(port), () => socket.send('hello', 53, address))
  setTimeout(() => process.exit(1), 3000).unref()
}`

test('with policy Local a node without an own Pod drops what comes, while the other one answers', async () => {
  const address = ground.address(2)
  await ground.api.request('POST', '/api/v1/namespaces/default/pods', {
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'alone', labels: { app: 'alone' } },
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': 'node-1' },
        containers: [{ name: 'web', image: 'x', ports: [{ name: 'http', containerPort: 80 }] }],
      },
    },
  })
  await ground.expose('alone', address, 'Local')
  await ground.pointAt(address, 0)
  expect((await ground.curlEventually(address)).pod).toBe('alone')
  await ground.pointAt(address, 1)
  await expect(ground.inClient(['curl', '-s', '-m', '1', `http://${address}`])).rejects.toMatchObject({
    code: 28,
  })
})

test('the health check port says whether the node has an endpoint', async () => {
  const { spec } = await ground.api.request<{ spec: { healthCheckNodePort: number } }>(
    'GET',
    '/api/v1/namespaces/default/services/alone',
  )
  const statusOf = (node: number): Promise<string> => {
    const url = `http://${ground.nodeAddress(node)}:${spec.healthCheckNodePort}`
    return ground.inClient(['curl', '-s', '-m', '2', '-o', '/dev/null', '-w', '%{http_code}', url])
  }
  expect(await statusOf(0)).toBe('200')
  expect(await statusOf(1)).toBe('503')
  const healthz = ['curl', '-sf', '-m', '2', '-o', '/dev/null', '-w', '%{http_code}']
  expect(await ground.inClient([...healthz, `http://${ground.nodeAddress(1)}:10256/healthz`])).toBe('200')
})

test('a Service that is gone is no longer answered', async () => {
  const address = ground.address(3)
  await ground.expose('brief', address, 'Cluster', 'web')
  await ground.pointAt(address, 0)
  await ground.curlEventually(address)
  await ground.api.request('DELETE', '/api/v1/namespaces/default/services/brief')
  await ground.eventually('no answer', async () => (await ground.curl(address)) === undefined)
  expect(await ground.onNode(0, ['ip', 'route', 'show', 'table', 'all', address])).toBe('')
})

test('the kernel of a node does not answer ARP for a Service', async () => {
  const address = ground.address(0)
  await ground.inClient(['ip', 'neigh', 'del', address, 'dev', 'eth0'])
  expect(await ground.curl(address)).toBeUndefined()
  const entry = await ground.inClient(['ip', 'neigh', 'show', address])
  expect(entry).toMatch(/FAILED|INCOMPLETE/)
})
