import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ContainerPort, Pod } from '../../cluster/objects.ts'
import type { LocalPod } from '../proxy/listener.ts'

/**
 * A Pod that answers on the ports its containers declare. HTTP on TCP, four lines of text:
 *
 *     pod: web-7c5ddbdf54-x2k9p
 *     node: node-1
 *     client: 192.168.10.9
 *     path: /
 *
 * and on UDP the same datagram.
 */
export class RunningPod implements LocalPod {
  readonly address: string
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
      const client = this.#clients.get(request.socket) ?? request.socket.remoteAddress ?? ''
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.end(`${this.#who}client: ${client}\npath: ${request.url ?? ''}\n`)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, this.address, resolve)
    })
    this.#servers.set(port, server)
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
