import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'

/**
 * Waits until nobody else on this machine has the turn of that name, and takes it. It is a listening socket in the
 * abstract namespace: whoever waits is connected to it, and however its holder ends, it is free that instant.
 */
export async function takeTurn(name: string, onWait: () => void): Promise<AsyncDisposable> {
  const path = `\0lanlord/${name}`
  for (let waited = false; ; waited = true) {
    const server = await listen(path)
    if (server) return { [Symbol.asyncDispose]: () => release(server) }
    if (!waited) onWait()
    await holderGone(path)
  }
}

const waiting = new WeakMap<Server, Set<{ destroy(): void }>>()

async function listen(path: string): Promise<Server | undefined> {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  server.unref()
  waiting.set(server, sockets)
  try {
    await once(server.listen(path), 'listening')
    return server
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
}

async function release(server: Server): Promise<void> {
  const gone = once(server, 'close')
  server.close()
  for (const socket of waiting.get(server) ?? []) socket.destroy()
  await gone
}

/** A connection that is refused says the same as one that ends. */
function holderGone(path: string): Promise<void> {
  return new Promise((resolve) => {
    connect(path)
      .on('error', () => undefined)
      .on('close', () => resolve())
  })
}
