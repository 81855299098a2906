import { createServer } from 'node:net'
import type { Server } from 'node:net'

const slots = 100

/** A number that no other sandbox on this machine has while this one lives. */
export interface Slot {
  readonly number: number
  release(): Promise<void>
}

/** The lock is an abstract Unix socket: made atomically, and gone with its process however that ends. */
export async function claimSlot(): Promise<Slot> {
  for (let number = 0; number < slots; number++) {
    const server = await listenOn(`\0lanlord-sandbox-${number}`)
    if (server) return { number, release: () => closed(server) }
  }
  throw new Error(`${slots} sandboxes are running on this machine; stop one of them first`)
}

function listenOn(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(name, () => resolve(server.unref()))
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
