import { createServer as createTlsServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import type { TlsMaterial } from '../../../src/platform/kubernetes/config.ts'
import { explain, isRefusal } from '../../../src/platform/kubernetes/explain.ts'
import { hasOpenssl, selfSigned } from '../../support/certificate.ts'

const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** What a request to there fails with, explained. */
async function troubleAt(server: string, tls: TlsMaterial = {}): Promise<string> {
  await using api = new Api({ ...plainConfig(server), tls: () => Promise.resolve(tls) })
  const error: unknown = await api.request('GET', '/x').catch((thrown: unknown) => thrown)
  if (!(error instanceof Error)) throw new Error('it did not fail')
  const { kind, words } = explain(error)
  return `${kind}: ${words}`
}

describe('a server that cannot be asked', () => {
  test('because nothing listens there', async () => {
    const port = await portOf(createServer())
    await ends.pop()?.()
    expect(await troubleAt(`https://127.0.0.1:${port}`)).toMatch(
      /^away: GET https:\/\/127\.0\.0\.1:\d+\/x: connect ECONNREFUSED .*; is the API server up, and is that its address\?$/,
    )
  })

  test('because there is no such name', async () => {
    expect(await troubleAt('https://no-such-name.invalid:6443')).toMatch(
      /^away: .*no-such-name.*; correct the name/,
    )
  })

  test.skipIf(!hasOpenssl)('because its certificate is of another CA', async () => {
    const own = selfSigned('own')
    const port = await portOf(createTlsServer(own))
    const words = /^untrusted: .*self-signed certificate; is that the API server of this cluster, and the CA/
    expect(await troubleAt(`https://127.0.0.1:${port}`, { ca: selfSigned('other').cert })).toMatch(words)
  })

  test.skipIf(!hasOpenssl)('because its certificate is for another name', async () => {
    const own = selfSigned('own', 'DNS:kubernetes')
    const port = await portOf(createTlsServer(own))
    const words = /^untrusted: .*IP: 127\.0\.0\.1 is not in the cert's list.*; use a name or address/
    expect(await troubleAt(`https://127.0.0.1:${port}`, { ca: own.cert })).toMatch(words)
  })

  test('because it does not speak TLS', async () => {
    const server = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const port = await portOf(server)
    expect(await troubleAt(`https://127.0.0.1:${port}`)).toMatch(
      /^untrusted: .*; does the API server speak HTTPS/,
    )
  })
})

const forbidden =
  'speakers.lanlord.dev is forbidden: User "system:serviceaccount:lanlord-system:lanlord-speaker" cannot list resource "speakers" in API group "lanlord.dev" at the cluster scope'

describe('a server that refuses', () => {
  test.each([
    [403, 'Forbidden', forbidden, 'forbidden', 'bind the role to it that the chart and deploy/ have for it'],
    [
      401,
      'Unauthorized',
      'Unauthorized',
      'unknown',
      'the token has expired, or its ServiceAccount or Pod is gone',
    ],
    [404, 'NotFound', '404 page not found', 'absent', 'install Lanlord'],
  ])('with %i has its words told, and what would mend it', (status, reason, words, kind, mend) => {
    const message = `GET /apis/lanlord.dev/v1beta1/speakers: ${status} ${words}`
    const explained = explain(new ApiError(message, { status, reason }))
    expect(explained.kind).toBe(kind)
    expect(explained.words.startsWith(`${message}; ${mend}`)).toBe(true)
    expect(isRefusal(explained.kind)).toBe(true)
  })

  test('by a policy has the words of the policy told and nothing else', () => {
    const words = "PATCH /x: 403 ValidatingAdmissionPolicy 'lanlord-speaker' denied request: not its own"
    expect(explain(new ApiError(words, { status: 403, reason: 'Forbidden' }))).toEqual({
      kind: 'forbidden',
      words,
    })
  })

  test('with anything else has its words told in one line', () => {
    const error = new ApiError('PATCH /x: 500 etcd\n  is away', { status: 500, reason: 'InternalError' })
    expect(explain(error)).toEqual({ kind: 'other', words: 'PATCH /x: 500 etcd is away' })
    expect(explain(new Error('x')).kind).toBe('other')
    expect(isRefusal('other')).toBe(false)
  })
})
