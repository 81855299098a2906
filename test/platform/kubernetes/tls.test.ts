import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import type { TlsMaterial } from '../../../src/platform/kubernetes/config.ts'
import { hasOpenssl, selfSigned } from '../../support/certificate.ts'
import type { Certificate } from '../../support/certificate.ts'

let server: Server
let certificates: Readonly<Record<'server' | 'jane' | 'joan', Certificate>>
const presented: string[] = []

function apiWith(tls: () => TlsMaterial): Api {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return new Api({ ...plainConfig(url), tls: () => Promise.resolve(tls()) }, { connections: 1 })
}

describe.skipIf(!hasOpenssl)('over TLS', () => {
  beforeAll(async () => {
    certificates = { server: selfSigned('server'), jane: selfSigned('jane'), joan: selfSigned('joan') }
    const { server: own, jane, joan } = certificates
    const ca = [jane.cert, joan.cert]
    server = createServer(
      { ...own, ca, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        presented.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN))
        if (request.url === '/bye') response.setHeader('connection', 'close')
        response.end('{}')
      },
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('a server with a certificate of the CA is trusted, and no other', async () => {
    await using trusting = apiWith(() => ({ ca: certificates.server.cert }))
    expect(await trusting.request('GET', '/x')).toEqual({})
    await using wary = apiWith(() => ({ ca: certificates.jane.cert }))
    await expect(wary.request('GET', '/x')).rejects.toThrow('self-signed certificate')
    await using careless = apiWith(() => ({ rejectUnauthorized: false }))
    expect(await careless.request('GET', '/x')).toEqual({})
  })

  it('the client certificate is shown, and a renewed one with the next connection', async () => {
    let who: 'jane' | 'joan' = 'jane'
    await using api = apiWith(() => ({ ca: certificates.server.cert, ...certificates[who] }))
    presented.length = 0
    await api.request('GET', '/x')
    who = 'joan'
    await api.request('GET', '/bye')
    await api.request('GET', '/x')
    expect(presented).toEqual(['jane', 'jane', 'joan'])
  })
})
