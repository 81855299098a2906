import { gratuitousReply, gratuitousRequest } from '../../../src/core/announcement/gratuitous.ts'
import {
  heartbeatGroup,
  heartbeatGroup6,
  heartbeatGroupMac,
  heartbeatPort,
} from '../../../src/core/wire/heartbeat.ts'
import { macBytes } from '../../../src/core/wire/ethernet.ts'
import { encodeUdpFrame } from '../../../src/core/wire/ipv4-udp.ts'
import { encodeUdp6Frame } from '../../../src/core/wire/ipv6-udp.ts'
import { multicastMac } from '../../../src/core/wire/ipv6.ts'
import { heartbeatFilter } from '../../../src/platform/network/filter.ts'
import { sign } from '../../../src/platform/network/heartbeat-key.ts'
import { nothing, type PacketSocket } from '../../../src/platform/network/packet-socket.ts'
import type { Host } from '../../support/namespaces.ts'
import { addressOf, ipv4Of, socketOn } from './wire-harness.ts'

const strangersKey = { current: new Uint8Array(32).fill(99) }

/** A host on the LAN that has no key, hears everything and sends what it likes. */
export class Attacker implements Disposable {
  readonly #socket: PacketSocket
  readonly recorded: Uint8Array[] = []

  constructor(host: Host) {
    this.#socket = socketOn(host, 0x0800, heartbeatFilter(heartbeatGroup, heartbeatPort))
  }

  /** Keeps the heartbeats that have come meanwhile. */
  record(): void {
    const buffer = new Uint8Array(2048)
    for (;;) {
      const length = this.#socket.receive(buffer)
      if (length === nothing) return
      if (length > 0) this.recorded.push(buffer.slice(0, length))
    }
  }

  /** So many frames a second for a while, in portions of ten milliseconds; answers how many were sent. */
  async flood(frame: (at: number) => Uint8Array, perSecond: number, forMs: number): Promise<number> {
    const startMs = performance.now()
    let sent = 0
    for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs = performance.now() - startMs) {
      const due = Math.min((elapsedMs / 1_000) * perSecond, sent + perSecond / 50)
      for (; sent < due; sent++) this.#socket.send(frame(sent))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return sent
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame)
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]()
  }
}

/** A heartbeat in a frame; its signature is somebody else's. */
export function forged(
  body: Uint8Array,
  { from = 0x02000000000an, ttl = 255, keys = strangersKey } = {},
): Uint8Array {
  return encodeUdpFrame(from, heartbeatGroupMac, {
    source: ipv4Of('10.88.0.1'),
    destination: heartbeatGroup,
    sourcePort: heartbeatPort,
    destinationPort: heartbeatPort,
    ttl,
    payload: sign(body, keys),
  })
}

/** The same over IPv6. */
export function forged6(body: Uint8Array, { from = 0x02000000000an, hopLimit = 255 } = {}): Uint8Array {
  return encodeUdp6Frame(from, multicastMac(heartbeatGroup6), {
    source: addressOf('fe80::bad').value,
    destination: heartbeatGroup6,
    sourcePort: heartbeatPort,
    destinationPort: heartbeatPort,
    hopLimit,
    payload: sign(body, strangersKey),
  })
}

/** Gratuitous ARP that says that the address is at this MAC. */
export function claimOf(address: string, mac: bigint, form: 'request' | 'reply'): Uint8Array {
  const frame = new Uint8Array(60)
  const write = form === 'request' ? gratuitousRequest : gratuitousReply
  write(macBytes(mac), ipv4Of(address), frame)
  return frame
}

/** The same frame from another MAC. */
export function sentBy(frame: Uint8Array, mac: bigint): Uint8Array {
  const copy = frame.slice()
  copy.set(macBytes(mac), 6)
  return copy
}
