import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { usualIntervalMs } from '../../core/election/heartbeat-setting.ts'
import { intervalFor } from '../../core/election/timing.ts'
import { etherTypeIpv4 } from '../../core/wire/ethernet.ts'
import {
  decodeHeartbeat,
  encodeHeartbeat,
  heartbeatGroup,
  heartbeatGroupMac,
  heartbeatPort,
  type Hearing,
  type Heartbeat,
} from '../../core/wire/heartbeat.ts'
import { decodeUdpFrame, encodeUdpFrame } from '../../core/wire/ipv4-udp.ts'
import { heartbeatFilter } from '../../platform/network/filter.ts'
import { sign, verify, type HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'
import { nothing, PacketSocket } from '../../platform/network/packet-socket.ts'
import { PollSet } from '../../platform/network/poll-set.ts'

export interface PeersOptions {
  readonly interface: string
  readonly count: number
  /** Holds the key that the real speakers use. */
  readonly keyFile: string
}

/** What the peers did until they were stopped. */
export interface PeersFindings {
  readonly sent: number
  readonly heard: number
}

interface Peer {
  readonly node: string
  readonly nonce: bigint
  readonly mac: bigint
  sequence: number
  dueMs: number
}

const missed = 3
/** As a speaker does: with more of them a beat takes several packets. */
const hearingsPerPacket = 96
const firstMac = 0x0200_9800_0000n

/**
 * Plays so many speakers that announce nothing, from one process: each beats at the pace of a segment with all of
 * them, and echoes everyone whom it would hear. The real ones are heard, for what is echoed must be their own numbers.
 */
export async function playPeers(options: PeersOptions, stop: AbortSignal): Promise<PeersFindings> {
  const keys: HeartbeatKeys = { current: readFileSync(options.keyFile) }
  using socket = openHeartbeatSocket(options.interface)
  const ready = new PollSet([socket.descriptor])
  const peers = Array.from({ length: options.count }, (_, at) => peerAt(at, options.count))
  const real = new Map<bigint, number>()
  const findings = { sent: 0, heard: 0 }
  while (!stop.aborted) {
    ready.wait(1)
    findings.heard += hearReal(socket, keys, real)
    for (const peer of peers.filter(({ dueMs }) => dueMs <= performance.now())) {
      findings.sent += beat(socket, keys, peer, heardBy(peer, peers, real))
    }
    await nextTurn()
  }
  return findings
}

function peerAt(at: number, count: number): Peer {
  const dueMs = performance.now() + (intervalFor(count, usualIntervalMs) * at) / count
  const nonce = randomBytes(8).readBigUInt64BE()
  return { node: `virtual-${at}`, nonce, mac: firstMac + BigInt(at), sequence: 0, dueMs }
}

function openHeartbeatSocket(name: string): PacketSocket {
  const interfaceIndex = Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'))
  const filter = heartbeatFilter(heartbeatGroup, heartbeatPort)
  return new PacketSocket({ interfaceIndex, etherType: etherTypeIpv4, filter })
}

const buffer = new Uint8Array(2048)

/** Notes when each real session was heard; answers how many packets there were. */
function hearReal(socket: PacketSocket, keys: HeartbeatKeys, real: Map<bigint, number>): number {
  let heard = 0
  for (let length = socket.receive(buffer); length > nothing; length = socket.receive(buffer)) {
    const datagram = decodeUdpFrame(buffer, Math.min(length, buffer.length))
    const body = typeof datagram === 'object' ? verify(datagram.payload, keys) : undefined
    const heartbeat = body && decodeHeartbeat(body)
    if (!heartbeat) continue
    heard++
    real.set(heartbeat.nonce, performance.now())
  }
  return heard
}

/** Everyone but the peer itself. That all their bids are known is said of all: they are not read out for us. */
function heardBy(peer: Peer, peers: readonly Peer[], real: Map<bigint, number>): readonly Hearing[] {
  const sinceMs = performance.now() - missed * intervalFor(peers.length + real.size, usualIntervalMs)
  for (const [nonce, atMs] of real) if (atMs < sinceMs) real.delete(nonce)
  const others = peers.filter((each) => each !== peer).map(({ nonce }) => nonce)
  return [...real.keys(), ...others].map((nonce) => ({ nonce, complete: true }))
}

function beat(socket: PacketSocket, keys: HeartbeatKeys, peer: Peer, hears: readonly Hearing[]): number {
  const intervalMs = intervalFor(hears.length + 1, usualIntervalMs)
  peer.dueMs = Math.max(peer.dueMs + intervalMs, performance.now())
  let packets = 0
  for (let at = 0; at === 0 || at < hears.length; at += hearingsPerPacket, packets++) {
    const echoed = hears.slice(at, at + hearingsPerPacket)
    socket.send(frameOf(peer, sign(encodeHeartbeat(heartbeatOf(peer, intervalMs, echoed)), keys)))
  }
  return packets
}

function heartbeatOf(peer: Peer, intervalMs: number, hears: readonly Hearing[]): Heartbeat {
  const { node, nonce } = peer
  const nothingTold = { digest: 0, bids: [], withdrawn: [], page: undefined }
  const state = { leaving: false, quiet: false, contact: true }
  return { node, nonce, sequence: ++peer.sequence, intervalMs, ...state, hears, ...nothingTold }
}

function frameOf({ mac }: Peer, payload: Uint8Array): Uint8Array {
  const ports = { sourcePort: heartbeatPort, destinationPort: heartbeatPort }
  const source = 0xc0_00_02_01 // 192.0.2.1, for documentation (RFC 5737): nobody looks at it.
  return encodeUdpFrame(mac, heartbeatGroupMac, {
    source,
    destination: heartbeatGroup,
    ...ports,
    ttl: 255,
    payload,
  })
}
