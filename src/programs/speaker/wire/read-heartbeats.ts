import {
  decodeHeartbeat,
  heartbeatGroup,
  heartbeatPort,
  type Heartbeat,
} from '../../../core/wire/heartbeat.ts'
import { decodeUdpFrame } from '../../../core/wire/ipv4-udp.ts'
import { verify, type HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import { linkDown, nothing } from '../../../platform/network/packet-socket.ts'
import type { Counters, HeartbeatDrop } from '../counters.ts'
import type { Link } from './link.ts'

/** GTSM (RFC 5082): a router would have taken one off, so whoever sent this is on the link. */
const onTheLink = 255

const buffer = new Uint8Array(2048)

/** Reads one waiting frame: a heartbeat that may be believed, false for one that was dropped, undefined for none. */
export function readHeartbeat(
  link: Link,
  keys: HeartbeatKeys,
  counters: Counters,
): Heartbeat | false | undefined {
  const length = link.heartbeats.receive(buffer)
  if (length === nothing) return undefined
  if (length === linkDown) return false
  counters.count('received heartbeat')
  const heartbeat = authenticate(length, keys)
  if (typeof heartbeat === 'object') return heartbeat
  counters.count(`heartbeat ${heartbeat}`)
  return false
}

function authenticate(length: number, keys: HeartbeatKeys): Heartbeat | HeartbeatDrop {
  if (length > buffer.length) return 'oversized'
  const datagram = decodeUdpFrame(buffer, length)
  if (typeof datagram !== 'object') return datagram
  const { destination, destinationPort, ttl, payload } = datagram
  if (destination !== heartbeatGroup || destinationPort !== heartbeatPort) return 'notOurPort'
  if (ttl !== onTheLink) return 'badTtl'
  const body = verify(payload, keys)
  if (!body) return 'badSignature'
  return decodeHeartbeat(body) ?? 'unreadable'
}
