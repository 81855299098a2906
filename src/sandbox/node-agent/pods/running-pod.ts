import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ContainerPort, Pod } from '../../cluster/objects.ts'
import type { LocalPod } from '../proxy/listener.ts'

/** Where a Pod's readiness probe asks, if it does not ask for what everybody gets. */
const readinessPath = '/ready'

/**
 * A Pod that answers on the ports its containers declare. HTTP on TCP, four lines of text:
 *
 *     pod: web-7c5ddbdf54-x2k9p
 *     node: node-1
 *     client: 192.168.10.9
 *     path: /
 *
 * and on UDP the same datagram. The path /ready is for the readiness probe: it answers 503 from /ready?is=false on, and
 * 200 from /ready?is=true on.
 */
export class RunningPod implements LocalPod {
  readonly address: string
  /** What it answers its readiness probe. */
  isReady = true
  readonly #who: string
  readonly #servers = new Map<number, Server>()
  readonly #sockets = new Map<number, UdpSocket>()
  /** Whom a connection came from that was handed over by the Service's listener. */
  readonly #clients = new WeakMap<Socket, string>()

  constructor(pod: Pod, node: string, address: string) {
    this.address = address
    this.#who = `pod: ${pod.metadata.name}\nnode: ${node}\n`
  }

  /** Rejects when a port is taken, which is possible on the node's own network only. */
  async listen(ports: readonly ContainerPort[]): Promise<void> {
    for (const { containerPort = 0, protocol = 'TCP' } of ports) {
      if (protocol === 'TCP' && !this.#servers.has(containerPort)) await this.#listenTcp(containerPort)
      if (protocol === 'UDP' && !this.#sockets.has(containerPort)) await this.#listenUdp(containerPort)
    }
  }

  serve(port: number, socket: Socket, client: string): boolean {
    const server = this.#servers.get(port)
    this.#clients.set(socket, client)
    return server?.emit('connection', socket) ?? false
  }

  answer(port: number, message: Buffer, reply: (message: Buffer) => void): boolean {
    if (!this.#sockets.has(port)) return false
    reply(message)
    return true
  }

  close(): void {
    for (const server of this.#servers.values()) server.close().closeAllConnections()
    for (const socket of this.#sockets.values()) socket.close()
    this.#servers.clear()
    this.#sockets.clear()
  }

  async #listenTcp(port: number): Promise<void> {
    const server = createServer({ noDelay: true }, (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pod')
      if (pathname === readinessPath) return this.#tellReadiness(searchParams.get('is'), response)
      const client = this.#clients.get(request.socket) ?? request.socket.remoteAddress ?? ''
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.end(`${this.#who}client: ${client}\npath: ${request.url ?? ''}\n`)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, this.address, resolve)
    })
    this.#servers.set(port, server)
  }

  #tellReadiness(is: string | null, response: ServerResponse): void {
    if (is !== null) this.isReady = is === 'true'
    response.writeHead(this.isReady ? 200 : 503).end()
  }

  async #listenUdp(port: number): Promise<void> {
    const socket = createSocket('udp4')
    socket.on('message', (message, from) => socket.send(message, from.port, from.address, () => undefined))
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).bind({ port, address: this.address, exclusive: true }, resolve)
    })
    socket.on('error', () => undefined) // An ICMP error concerns one client.
    this.#sockets.set(port, socket)
  }
}

/** Every port that a Pod's containers declare. */
export function portsOf(pod: Pod): readonly ContainerPort[] {
  return (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? [])
}

/** How often its readiness is asked for, if by the path on which it can be told what to answer; undefined if not. */
export function probePeriodMs(pod: Pod): number | undefined {
  const probes = (pod.spec?.containers ?? []).flatMap(({ readinessProbe }) => readinessProbe ?? [])
  const probe = probes.find(({ httpGet }) => httpGet?.path === readinessPath)
  return probe && (probe.periodSeconds ?? 10) * 1_000
}

/** How long a Pod that is deleted goes on before it is told to end: no longer than its grace period. */
export function preStopMs(pod: Pod): number {
  const sleeps = (pod.spec?.containers ?? []).map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0)
  return Math.min(Math.max(0, ...sleeps), pod.metadata.deletionGracePeriodSeconds ?? 0) * 1_000
}
