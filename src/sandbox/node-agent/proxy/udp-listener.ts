import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { BackendWheel } from './backend-wheel.ts'
import type { Backend } from './endpoint-choice.ts'
import type { Frontend } from './frontends.ts'
import type { Listener, NodeSide } from './listener.ts'

/** As long as Linux remembers a UDP flow that was answered. */
const idleMs = 120_000

/** One client's conversation: always with the same endpoint while that lasts. */
interface Flow {
  readonly backend: Backend
  /** To an endpoint on another node; undefined while the Pod here answers by itself. */
  far: Socket | undefined
  usedMs: number
}

/** Listens for a Service's datagrams and carries them to endpoints; answers leave from the address they were sent to. */
export async function listenUdp(first: Frontend, side: NodeSide): Promise<Listener> {
  const near = openSocket(first.address)
  await new Promise<void>((resolve, reject) => {
    near.once('error', reject).bind({ port: first.port, address: first.address, exclusive: true }, resolve)
  })
  return new UdpListener(near, first, side)
}

class UdpListener implements Listener {
  readonly #near: Socket
  readonly #side: NodeSide
  readonly #wheel: BackendWheel
  readonly #flows = new Map<string, Flow>()
  readonly #sweep: NodeJS.Timeout
  #frontend: Frontend

  constructor(near: Socket, frontend: Frontend, side: NodeSide) {
    this.#near = near
    this.#side = side
    this.#frontend = frontend
    this.#wheel = new BackendWheel(frontend.backends)
    near.on('message', (message, client) => this.#forward(message, client))
    near.on('error', () => undefined) // An ICMP error concerns one client.
    this.#sweep = setInterval(() => this.#forget((flow) => performance.now() - flow.usedMs > idleMs), 10_000)
  }

  update(frontend: Frontend): void {
    this.#frontend = frontend
    this.#wheel.backends = frontend.backends
    this.#forget((flow) => !this.#wheel.has(flow.backend))
  }

  close(): void {
    clearInterval(this.#sweep)
    this.#forget(() => true)
    this.#near.close()
  }

  #forward(message: Buffer, client: RemoteInfo): void {
    const flow = this.#flowOf(client)
    if (!flow) return
    const reply = (answer: Buffer): void =>
      this.#near.send(answer, client.port, client.address, () => undefined)
    if (this.#side.podAt(flow.backend.address)?.answer(flow.backend.port, message, reply)) return
    flow.far ??= openFar(flow.backend, reply)
    flow.far.send(message, flow.backend.port, flow.backend.address, () => undefined)
  }

  #flowOf({ address, port }: RemoteInfo): Flow | undefined {
    const key = `${address} ${port}`
    const known = this.#flows.get(key)
    if (known) known.usedMs = performance.now()
    if (known) return known
    const backend = this.#wheel.next(this.#frontend.sticky ? address : undefined)
    if (!backend) return undefined
    const flow = { backend, far: undefined, usedMs: performance.now() }
    this.#flows.set(key, flow)
    return flow
  }

  #forget(isOver: (flow: Flow) => boolean): void {
    for (const [key, flow] of this.#flows) {
      if (!isOver(flow)) continue
      flow.far?.close()
      this.#flows.delete(key)
    }
  }
}

function openFar({ address, port }: Backend, reply: (answer: Buffer) => void): Socket {
  const far = openSocket(address)
  far.on('message', (answer, from) => {
    if (from.address === address && from.port === port) reply(answer)
  })
  far.on('error', () => undefined) // Lost as any datagram may be.
  return far
}

function openSocket(peer: string): Socket {
  const family = isIPv6(peer) ? 6 : 4
  // All our addresses are literal: asking a resolver for each datagram would only cost time.
  return createSocket({ type: `udp${family}`, lookup: (host, _, found) => found(null, host, family) })
}
