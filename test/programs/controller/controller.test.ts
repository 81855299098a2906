import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { createLog } from '../../../src/platform/telemetry/log.ts'
import { Controller } from '../../../src/programs/controller/controller.ts'
import { ownIdentity } from '../../../src/programs/controller/own-identity.ts'

const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

const metadata = { uid: 'u1', resourceVersion: '1', generation: 1 }
const lists: Readonly<Record<string, readonly object[]>> = {
  '/api/v1/services': [
    { metadata: { ...metadata, name: 'web', namespace: 'shop' }, spec: { type: 'LoadBalancer' } },
  ],
  '/apis/lanlord.dev/v1beta1/addresspools': [
    { metadata: { ...metadata, name: 'lan' }, spec: { addresses: ['10.0.0.1'] } },
  ],
}

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(body))
}

/** An API server that gives the Lease to whoever asks, and never answers a patch. */
class ServerWithoutAnswers {
  patches = 0
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api')
    if (searchParams.has('watch')) return response.flushHeaders()
    if (request.method === 'PATCH') return void this.patches++
    if (request.method !== 'GET') {
      const lease = (await json(request)) as { readonly metadata: object }
      return send(response, { ...lease, metadata: { ...lease.metadata, ...metadata } })
    }
    if (pathname.endsWith('/lanlord-controller')) return send(response, { kind: 'Status', code: 404 }, 404)
    send(response, { metadata, items: lists[pathname] ?? [] })
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

test('a controller ends though the API server never answers what it writes', async () => {
  const server = new ServerWithoutAnswers()
  const api = new Api(plainConfig(await server.listen()))
  ends.push(
    () => server.close(),
    () => api.close(),
  )
  const log = createLog({ name: 'controller', level: 'silent' })
  const lease = { namespace: 'lanlord-system', name: 'lanlord-controller', identity: 'one' }
  const controller = new Controller({ api, lease, classLess: true, log })
  controller.start()
  await expect.poll(() => server.patches).toBeGreaterThan(0)
  const ended = controller[Symbol.asyncDispose]().then(() => 'ended')
  // A request is given up after 30 seconds; this is a good deal less.
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), 10_000).unref())
  expect(await Promise.race([ended, late])).toBe('ended')
})

test('two controllers on one machine that were given no name have different ones', () => {
  expect(ownIdentity()).not.toBe(ownIdentity())
})
