import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import { createServer as createPlainServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'

let directory: string
const servers: Server[] = []

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lanlord-connector-'))
  for (const name of ['old', 'new']) {
    const files = ['-keyout', join(directory, `${name}.key`), '-out', join(directory, `${name}.crt`)]
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const what = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', ['req', '-x509', ...key, ...files, ...what], { stdio: 'ignore' })
  }
})

afterAll(() => {
  for (const server of servers) server.close()
  rmSync(directory, { recursive: true })
})

function read(name: string): Buffer {
  return readFileSync(join(directory, name))
}

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('a CA that was rotated is read anew as soon as the server is not trusted', async () => {
  const own = { key: read('new.key'), cert: read('new.crt') }
  const port = await listening(createServer(own, (_, response) => response.end('{}')))
  const renewed: (boolean | undefined)[] = []
  const tls = (renew?: boolean) => {
    renewed.push(renew)
    return Promise.resolve({ ca: read(renew ? 'new.crt' : 'old.crt') })
  }
  await using api = new Api({ ...plainConfig(`https://127.0.0.1:${port}`), tls })
  await expect(api.request('GET', '/x')).rejects.toThrow('self-signed certificate')
  expect(await api.request('GET', '/x')).toEqual({})
  expect(renewed).toEqual([false, true])
})

test('a connection that does not come about in the first seconds is given up after one, for a new one to be begun', async () => {
  // It takes the connection and never says a word of TLS: as good as packets that go astray.
  const port = await listening(createPlainServer(() => undefined))
  await using api = new Api(plainConfig(`https://127.0.0.1:${port}`))
  await expect(api.request('GET', '/x')).rejects.toThrow(/Connect Timeout Error.*1000ms/)
})
