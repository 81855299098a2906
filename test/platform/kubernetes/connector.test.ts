import { createServer } from 'node:https'
import { createServer as createPlainServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { hasOpenssl, selfSigned } from '../../support/certificate.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test.skipIf(!hasOpenssl)(
  'a CA that was rotated is read anew as soon as the server is not trusted',
  async () => {
    const [former, own] = [selfSigned('former'), selfSigned('own')]
    const port = await listening(createServer(own, (_, response) => response.end('{}')))
    const renewed: (boolean | undefined)[] = []
    const tls = (renew?: boolean) => {
      renewed.push(renew)
      return Promise.resolve({ ca: (renew ? own : former).cert })
    }
    await using api = new Api({ ...plainConfig(`https://127.0.0.1:${port}`), tls })
    await expect(api.request('GET', '/x')).rejects.toThrow('self-signed certificate')
    expect(await api.request('GET', '/x')).toEqual({})
    expect(renewed).toEqual([false, true])
  },
)

test('a connection that does not come about in the first seconds is given up after one, for a new one to be begun', async () => {
  // It takes the connection and never says a word of TLS: as good as packets that go astray.
  const port = await listening(createPlainServer(() => undefined))
  await using api = new Api(plainConfig(`https://127.0.0.1:${port}`))
  await expect(api.request('GET', '/x')).rejects.toThrow(/Connect Timeout Error.*1000ms/)
})
