import { connect, createServer, type Socket } from 'node:net'

export interface Relay {
  close(): Promise<void>
}

/** Carries 127.0.0.1:port of this network namespace to a Unix socket, which no namespace keeps apart. */
export async function startRelay(port: number, socketPath: string): Promise<Relay> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    open.add(near)
    near.on('close', () => open.delete(near))
    carry(near, socketPath)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    close() {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/** An API server that is away looks like one that is away: the connection is reset. */
function carry(near: Socket, path: string): void {
  const far = connect({ path, allowHalfOpen: true })
  near.on('error', () => near.destroy())
  near.on('close', () => far.destroy())
  far.on('error', () => near.resetAndDestroy())
  far.on('close', () => near.destroySoon())
  near.pipe(far)
  far.pipe(near)
}
