import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import type { TlsMaterial } from '../../../src/platform/kubernetes/config.ts'

const openssl = 'openssl'
const hasOpenssl = (() => {
  try {
    execFileSync(openssl, ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

let directory: string
let server: Server
const presented: string[] = []

function read(name: string): Buffer {
  return readFileSync(join(directory, name))
}

/** A self-signed certificate is its own CA. */
function makeCertificate(name: string): void {
  const files = ['-keyout', join(directory, `${name}.key`), '-out', join(directory, `${name}.crt`)]
  const what = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-days', '2']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync(openssl, ['req', '-x509', ...key, ...files, ...what], { stdio: 'ignore' })
}

function apiWith(tls: () => TlsMaterial): Api {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return new Api({ ...plainConfig(url), tls: () => Promise.resolve(tls()) }, { connections: 1 })
}

describe.skipIf(!hasOpenssl)('over TLS', () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'lanlord-tls-'))
    for (const name of ['server', 'jane', 'joan']) makeCertificate(name)
    const ca = [read('jane.crt'), read('joan.crt')]
    const own = { key: read('server.key'), cert: read('server.crt') }
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
    rmSync(directory, { recursive: true })
  })

  it('a server with a certificate of the CA is trusted, and no other', async () => {
    await using trusting = apiWith(() => ({ ca: read('server.crt') }))
    expect(await trusting.request('GET', '/x')).toEqual({})
    await using wary = apiWith(() => ({ ca: read('jane.crt') }))
    await expect(wary.request('GET', '/x')).rejects.toThrow('self-signed certificate')
    await using careless = apiWith(() => ({ rejectUnauthorized: false }))
    expect(await careless.request('GET', '/x')).toEqual({})
  })

  it('the client certificate is shown, and a renewed one with the next connection', async () => {
    let who = 'jane'
    await using api = apiWith(() => ({
      ca: read('server.crt'),
      cert: read(`${who}.crt`),
      key: read(`${who}.key`),
    }))
    presented.length = 0
    await api.request('GET', '/x')
    who = 'joan'
    await api.request('GET', '/bye')
    await api.request('GET', '/x')
    expect(presented).toEqual(['jane', 'jane', 'joan'])
  })
})
