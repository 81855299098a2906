import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { connects } from '../../../src/platform/network/connects.ts'

let server: Server | undefined

afterEach(() => server?.close())

async function portOn(address: string): Promise<number> {
  const listening = createServer()
  server = listening
  await new Promise<void>((resolve) => {
    listening.listen(0, address, resolve)
  })
  return (listening.address() as AddressInfo).port
}

test.each(['127.0.0.1', '::1'])(
  'a connection to %s comes about where somebody listens, and else is refused',
  async (address) => {
    const port = await portOn(address)
    expect(await connects(address, port)).toBe('connected')
    await new Promise((resolve) => server?.close(resolve))
    expect(await connects(address, port)).toBe('refused')
  },
)
