import type { Socket } from 'node:net'
import type { Frontend } from './frontends.ts'

/** What listens on the address and port of a frontend, until it is closed. */
export interface Listener {
  update(frontend: Frontend): void
  close(): void
}

/** A Pod on this node, which takes a connection over without a second one. */
export interface LocalPod {
  /** Serves an accepted connection on a container's port as if it had come from `client`; false when nothing listens there. */
  serve(port: number, socket: Socket, client: string): boolean
  /** Answers a datagram, or answers nothing. */
  answer(port: number, message: Buffer, reply: (message: Buffer) => void): boolean
}

/** What a listener needs to know of its node. */
export interface NodeSide {
  /** The node's own address on the LAN. */
  address(): string
  podAt(address: string): LocalPod | undefined
}
