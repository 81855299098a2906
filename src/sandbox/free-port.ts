import { createServer } from 'node:net'

/** Below what the kernel gives to outgoing connections, so that a port is still ours after a restart. */
const firstPort = 21_000
const portsPerSlot = 10
const slotsApart = 1_000

/** A port of this slot on 127.0.0.1 that nobody listens on; `use` numbers the slot's ports from 0. */
export async function freePort(slot: number, use: number): Promise<number> {
  const first = firstPort + slot * portsPerSlot + use
  for (let port = first; port < first + 10 * slotsApart; port += slotsApart) {
    if (await isFree(port)) return port
  }
  throw new Error(`no free port on 127.0.0.1: tried ${first} and every ${slotsApart}th after it, ten in all`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}
