import {
  decodeHeartbeat,
  heartbeatGroup,
  heartbeatGroup6,
  heartbeatPort,
  type Heartbeat,
} from '../../../core/wire/heartbeat.ts'
import type { Family } from '../../../core/ip/address.ts'
import { readMac } from '../../../core/wire/ethernet.ts'
import { decodeUdpFrame } from '../../../core/wire/ipv4-udp.ts'
import { decodeUdp6Frame } from '../../../core/wire/ipv6-udp.ts'
import { verify, type HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import { linkDown, nothing } from '../../../platform/network/packet-socket.ts'
import type { Counters, HeartbeatDrop } from '../counters.ts'
import type { Link } from './link.ts'
import type { StrangerWatch } from './stranger-watch.ts'

/** GTSM (RFC 5082): a router would have taken one off, so whoever sent this is on the link. */
const onTheLink = 255

const sourceMacAt = 6
const buffer = new Uint8Array(2048)

/** A heartbeat that may be believed, and the MAC that it came from. */
export interface Read {
  readonly heartbeat: Heartbeat
  readonly mac: bigint
}

/** Reads one waiting frame of a family: false for one that was dropped, undefined for none. */
export function readHeartbeat(
  link: Link,
  family: Family,
  keys: HeartbeatKeys,
  counters: Counters,
  strangers: Pick<StrangerWatch, 'hear'>,
): Read | false | undefined {
  const length = link.heartbeats[family].receive(buffer)
  if (length === nothing) return undefined
  if (length === linkDown) return false
  counters.count('received heartbeat')
  const heartbeat = authenticate(family, length, keys, (payload) =>
    strangers.hear(link.name, buffer, payload),
  )
  if (typeof heartbeat === 'object') return { heartbeat, mac: readMac(buffer, sourceMacAt) }
  link.gate.doubt()
  counters.count(`heartbeat ${heartbeat}`)
  return false
}

function authenticate(
  family: Family,
  length: number,
  keys: HeartbeatKeys,
  onForged: (payload: Uint8Array) => void,
): Heartbeat | HeartbeatDrop {
  if (length > buffer.length) return 'oversized'
  const payload = family === 'IPv4' ? payloadOfIpv4(length) : payloadOfIpv6(length)
  if (typeof payload !== 'object') return payload
  const body = verify(payload, keys)
  if (!body) {
    onForged(payload)
    return 'badSignature'
  }
  return decodeHeartbeat(body) ?? 'unreadable'
}

function payloadOfIpv4(length: number): Uint8Array | HeartbeatDrop {
  const datagram = decodeUdpFrame(buffer, length)
  if (typeof datagram !== 'object') return datagram
  const { destination, destinationPort, ttl, payload } = datagram
  if (destination !== heartbeatGroup || destinationPort !== heartbeatPort) return 'notOurPort'
  return ttl === onTheLink ? payload : 'badTtl'
}

function payloadOfIpv6(length: number): Uint8Array | HeartbeatDrop {
  const datagram = decodeUdp6Frame(buffer, length)
  if (typeof datagram !== 'object') return datagram
  const { destination, destinationPort, hopLimit, payload } = datagram
  if (destination !== heartbeatGroup6 || destinationPort !== heartbeatPort) return 'notOurPort'
  return hopLimit === onTheLink ? payload : 'badTtl'
}
