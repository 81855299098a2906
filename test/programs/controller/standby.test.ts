import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Gate } from './gate.ts'
import { addressOf, eventually, Ground, lease, said, services } from './ground.ts'
import type { ControllerProcess, Seen } from './ground.ts'

let ground: Ground
let gate: Gate

beforeEach(async () => {
  ground = await Ground.start()
  gate = await Gate.before(ground.api.url)
})
afterEach(async () => {
  await ground[Symbol.asyncDispose]()
  gate[Symbol.dispose]()
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A controller behind the gate, and what its /readyz says. */
async function behindGate(identity: string) {
  const port = await freePort()
  const kubeconfig = gate.kubeconfigBeside(ground.api.kubeconfig)
  const controller = ground.controller(identity, '--http', `127.0.0.1:${port}`, '--kubeconfig', kubeconfig)
  const readyz = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    return response ? `${response.status} ${await response.text()}` : 'not there'
  }
  const ready = (words: string): Promise<unknown> =>
    eventually(`${identity} says ${words}`, async () => (await readyz()).includes(words))
  return { controller, readyz, ready }
}

function linesWith({ log }: ControllerProcess, words: string): readonly string[] {
  return log.filter((line) => line.includes(words))
}

function serviceNamed(name: string): Promise<Seen> {
  return ground.request('GET', `${services}/${name}`)
}

function given(name: string, address: string): Promise<unknown> {
  return eventually(`${name} has ${address}`, async () => addressOf(await serviceNamed(name)) === address)
}

test('both are ready, and each says which of them leads', async () => {
  const first = await behindGate('first')
  await first.ready('200 ok\nleads\n')
  const second = await behindGate('second')
  await second.ready('200 ok\nstands by; first leads\n')
  await first.controller.end('SIGTERM')
  await second.ready('200 ok\nleads\n')
})

test('one that stood by gives no address again that the leader gave while its watches were late', async () => {
  const first = ground.controller('first')
  await ground.pool('lab', ['10.0.0.200-10.0.0.201'])
  await eventually('the first leads', async () => first.has('read the cluster'))
  const second = await behindGate('second')
  await second.ready('stands by')
  gate.holdWatches()
  await ground.service('web')
  await given('web', '10.0.0.200')
  await first.end('SIGTERM')
  await ground.service('other')
  await given('other', '10.0.0.201')
  await given('web', '10.0.0.200')
})

test('the Lease passes on before the last Events are told', async () => {
  const first = await behindGate('first')
  await ground.pool('lab', ['10.0.0.200-10.0.0.209'])
  await first.ready('leads')
  gate.stalls = (request) => request.includes('/events')
  for (const name of ['a', 'b', 'c']) await ground.service(name)
  await given('c', '10.0.0.202')
  const ended = first.controller.end('SIGTERM')
  await eventually('the Lease is free', async () => {
    return (await ground.request('GET', lease)).spec?.holderIdentity === ''
  })
  expect(first.controller.isRunning).toBe(true)
  expect(await ended).toBe(0)
})

test('one that may not read the Lease says so once, is not ready, and leads when it may', async () => {
  gate.forbids = (request) => request.includes('/leases')
  const { controller, ready } = await behindGate('first')
  await ready('503 GET /apis/coordination.k8s.io/v1/namespaces/lanlord-system/leases/lanlord-controller: 403')
  await ready('; bind the role to it that the chart and deploy/ have for it')
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  expect(linesWith(controller, 'the API server refuses; nothing is given')).toHaveLength(1)
  gate.forbids = () => false
  await ready('200 ok\nleads')
})

test('one that may not watch Services says so once, is not ready, and gives addresses when it may', async () => {
  gate.forbids = (request) => request.endsWith('/services')
  const { controller, ready } = await behindGate('first')
  await ground.pool('lab', ['10.0.0.200'])
  await ground.service('web')
  await ready('503 GET /api/v1/services: 403 User "x" cannot GET /api/v1/services; bind the role')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(linesWith(controller, 'the API server refuses')).toHaveLength(1)
  gate.forbids = () => false
  await given('web', '10.0.0.200')
  await ready('200 ok')
})

test('one that may not write says so once, is not ready, and writes when it may', async () => {
  gate.forbids = (request) => request.startsWith('PATCH')
  const { controller, ready } = await behindGate('first')
  await ground.pool('lab', ['10.0.0.200-10.0.0.250'])
  const names = Array.from({ length: 20 }, (_, index) => `web-${index}`)
  for (const name of names) await ground.service(name)
  await ready('503 ')
  await ready('User "x" cannot PATCH /api')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(linesWith(controller, 'the API server refuses; what was decided is not written')).toHaveLength(1)
  gate.forbids = () => false
  for (const name of names) {
    await eventually(`${name} is served`, async () =>
      said(await serviceNamed(name), 'lanlord.dev/Allocated').startsWith('True'),
    )
  }
  await ready('200 ok\nleads')
})
