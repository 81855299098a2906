import { connect, createServer, type Socket } from 'node:net'
import { BackendWheel } from './backend-wheel.ts'
import type { Backend } from './endpoint-choice.ts'
import type { Frontend } from './frontends.ts'
import type { Listener, NodeSide } from './listener.ts'

/** Listens for a Service's TCP connections and carries each to an endpoint; a Pod of this node gets the socket itself. */
export async function listenTcp(first: Frontend, side: NodeSide): Promise<Listener> {
  let frontend = first
  const wheel = new BackendWheel(first.backends)
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    const client = socket.remoteAddress
    if (client === undefined) return void socket.destroy()
    const backend = wheel.next(frontend.sticky ? client : undefined)
    if (!backend) return void socket.resetAndDestroy()
    const seen = frontend.masquerade ? side.address() : client
    const pod = side.podAt(backend.address)
    if (!pod?.serve(backend.port, socket, seen)) carry(socket, backend)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(first.port, first.address, resolve)
  })
  server.on('error', () => undefined) // A failed accept concerns that one client.
  return {
    update(next) {
      frontend = next
      wheel.backends = next.backends
    },
    close: () => void server.close(),
  }
}

function carry(near: Socket, { address, port }: Backend): void {
  const far = connect({ host: address, port, allowHalfOpen: true, noDelay: true })
  near.on('close', () => far.destroy())
  far.on('close', () => near.destroySoon())
  far.on('error', () => near.resetAndDestroy())
  near.pipe(far)
  far.pipe(near)
}
