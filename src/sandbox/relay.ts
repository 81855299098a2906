import { connect, createServer } from 'node:net'
import type { ListenOptions, NetConnectOpts, Server, Socket } from 'node:net'

export interface Relay {
  close(): Promise<void>
}

/** Carries each connection that comes in at one place on to another: a port of this network, or a Unix socket, which no network keeps apart. */
export async function startRelay(from: ListenOptions, to: NetConnectOpts): Promise<Relay> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    open.add(near)
    near.on('close', () => open.delete(near))
    carry(near, connect({ ...to, allowHalfOpen: true }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(from, resolve)
  })
  return { close: () => closed(server, open) }
}

/** A far end that is away looks like one that is away: the connection is reset. A Unix socket knows no such thing. */
function carry(near: Socket, far: Socket): void {
  near.on('error', () => near.destroy())
  near.on('close', () => far.destroy())
  far.on('error', () => (near.remoteAddress === undefined ? near.destroy() : near.resetAndDestroy()))
  far.on('close', () => near.destroySoon())
  near.pipe(far)
  far.pipe(near)
}

function closed(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  for (const socket of open) socket.destroy()
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
