import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { objectPath } from '../../../src/platform/kubernetes/object.ts'
import { patchStatus } from '../../../src/platform/kubernetes/status.ts'
import { refuse, reset } from './evil-server.ts'

const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function apiFor(server: string, options = {}): Api {
  const api = new Api(plainConfig(server), options)
  ends.push(() => api.close())
  return api
}

interface Seen {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function echo(): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = []
  const url = await serving((request, response) => {
    void text(request).then((body) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
      response.end('{"kind":"Thing"}')
    })
  })
  return { url, seen }
}

async function refusal(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ApiError)) throw new Error(`no ApiError but ${String(error)}`)
  return error
}

describe('a request', () => {
  it('carries JSON, its query and its kind of patch, below the path of the server', async () => {
    const { url, seen } = await echo()
    const api = apiFor(`${url}/behind/a/proxy/`)
    const query = { labelSelector: 'app=a,tier in (b)', limit: 5, continue: undefined }
    expect(await api.request('GET', '/api/v1/services', { query })).toEqual({ kind: 'Thing' })
    await api.request('PATCH', '/api/v1/x', { body: { a: 1 } })
    await api.request('PATCH', '/api/v1/x', { body: [], contentType: 'application/json-patch+json' })
    await api.request('POST', '/api/v1/x', { body: {} })
    expect(seen.map(({ line, headers }) => [line, headers['content-type']])).toEqual([
      ['GET /behind/a/proxy/api/v1/services?labelSelector=app%3Da%2Ctier%20in%20(b)&limit=5', undefined],
      ['PATCH /behind/a/proxy/api/v1/x', 'application/merge-patch+json'],
      ['PATCH /behind/a/proxy/api/v1/x', 'application/json-patch+json'],
      ['POST /behind/a/proxy/api/v1/x', 'application/json'],
    ])
    expect(seen[1]?.body).toBe('{"a":1}')
  })

  it('is counted by its verb, and counted as failed without a 2xx answer', async () => {
    const { url } = await echo()
    const api = apiFor(url)
    await api.request('GET', '/a')
    await api.request('PUT', '/a', { body: {} })
    await api.request('DELETE', '/a')
    expect(api.stats).toEqual({ get: 1, post: 0, put: 1, patch: 0, delete: 1, watch: 0, failed: 0 })
    const refusing = apiFor(await serving((_, response) => refuse(403, 'Forbidden')(response)))
    await expect(refusing.request('GET', '/a')).rejects.toThrow('403')
    expect(refusing.stats).toMatchObject({ get: 1, failed: 1 })
  })

  it('that is refused says the status, the reason and the time to wait that the server named', async () => {
    const header = await serving((_, response) =>
      refuse(429, 'TooManyRequests', { 'retry-after': '7' })(response),
    )
    expect(await refusal(apiFor(header).request('GET', '/x'))).toMatchObject({
      status: 429,
      reason: 'TooManyRequests',
      retryAfterMs: 7_000,
      message: 'GET /x: 429 no: TooManyRequests',
    })
    const body = JSON.stringify({
      reason: 'ServerTimeout',
      message: 'later',
      details: { retryAfterSeconds: 1e12 },
    })
    const inBody = await serving((_, response) => response.writeHead(500).end(body))
    expect((await refusal(apiFor(inBody).request('GET', '/x'))).retryAfterMs).toBe(300_000)
    const noJson = await serving((_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'))
    expect(await refusal(apiFor(noJson).request('GET', '/x'))).toMatchObject({
      status: 502,
      reason: 'Http502',
    })
  })

  it('that meets no server, a reset or no JSON says which, and keeps the cause', async () => {
    const gone = await serving(() => undefined)
    await ends.pop()?.()
    expect(await refusal(apiFor(gone).request('GET', '/x'))).toMatchObject({
      status: 0,
      reason: 'Unreachable',
    })
    const resetting = await serving((_, response) => reset(response))
    const error = await refusal(apiFor(resetting).request('GET', '/x'))
    expect(error).toMatchObject({ status: 0, reason: 'Unreachable' })
    expect(error.message).toContain(resetting)
    expect(error.cause).toBeInstanceOf(Error)
    const page = await serving((_, response) => response.end('<html>login</html>'))
    expect(await refusal(apiFor(page).request('GET', '/x'))).toMatchObject({ reason: 'Unreadable' })
  })

  it('that gets no answer ends at its timeout, also when the answer stops in the middle', async () => {
    const silent = apiFor(await serving(() => undefined))
    expect(await refusal(silent.request('GET', '/x', { timeoutMs: 30 }))).toMatchObject({ reason: 'Timeout' })
    const half = apiFor(await serving((_, response) => void response.write('{"kind":')))
    expect((await refusal(half.request('GET', '/x', { timeoutMs: 30 }))).message).toContain('within 30 ms')
  })

  it('that is given up rejects with the reason of its signal', async () => {
    const api = apiFor(await serving(() => undefined))
    const controller = new AbortController()
    const asked = api.request('GET', '/x', { signal: controller.signal })
    controller.abort(new Error('no longer wanted'))
    await expect(asked).rejects.toThrow('no longer wanted')
  })

  it('is asked again once with fresh credentials when the server does not know who asks', async () => {
    const tokens: unknown[] = []
    const url = await serving((request, response) => {
      tokens.push(request.headers.authorization)
      if (request.headers.authorization === 'Bearer new') response.end('{}')
      else refuse(401, 'Unauthorized')(response)
    })
    let token = 'old'
    const credentials = (renew?: boolean) => {
      if (renew) token = token === 'old' ? 'new' : 'newer'
      return Promise.resolve({ authorization: `Bearer ${token}` })
    }
    const api = new Api({ ...plainConfig(url), credentials })
    ends.push(() => api.close())
    await api.request('GET', '/x')
    expect(tokens).toEqual(['Bearer old', 'Bearer new'])
    token = 'wrong'
    expect(await refusal(api.request('GET', '/x'))).toMatchObject({ status: 401 })
    expect(tokens).toEqual(['Bearer old', 'Bearer new', 'Bearer wrong', 'Bearer newer'])
  })

  it('uses no more connections than it may, and keeps them', async () => {
    const sockets = new Set<unknown>()
    const url = await serving((request, response) => {
      sockets.add(request.socket)
      response.end('{}')
    })
    const api = apiFor(url, { connections: 3 })
    await Promise.all(Array.from({ length: 60 }, () => api.request('GET', '/x')))
    expect(sockets.size).toBeLessThanOrEqual(3)
  })
})

describe('a status patch', () => {
  it('is a merge patch of the status alone that holds for one version', async () => {
    const { url, seen } = await echo()
    const path = objectPath('/api/v1', 'services', 'shop/web')
    await patchStatus(apiFor(url), path, '41', { loadBalancer: {} })
    expect(seen[0]).toMatchObject({
      line: 'PATCH /api/v1/namespaces/shop/services/web/status',
      body: '{"metadata":{"resourceVersion":"41"},"status":{"loadBalancer":{}}}',
    })
    expect(seen[0]?.headers['content-type']).toBe('application/merge-patch+json')
  })
})
