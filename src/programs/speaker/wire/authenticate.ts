import type { Family } from '../../../core/ip/address.ts'
import {
  decodeHeartbeat,
  heartbeatGroup,
  heartbeatGroup6,
  heartbeatPort,
  type Heartbeat,
} from '../../../core/wire/heartbeat.ts'
import { decodeUdpFrame } from '../../../core/wire/ipv4-udp.ts'
import { decodeUdp6Frame } from '../../../core/wire/ipv6-udp.ts'
import { verify, type HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import type { HeartbeatDrop } from '../counters.ts'

/** GTSM (RFC 5082): a router would have taken one off, so whoever sent this is on the link. */
const onTheLink = 255

/**
 * The heartbeat in the first `length` bytes of a frame, if it may be believed, or why it may not. `onForged` gets what
 * none of the keys has signed.
 */
export function authenticate(
  family: Family,
  frame: Uint8Array,
  length: number,
  keys: HeartbeatKeys,
  onForged?: (payload: Uint8Array) => void,
): Heartbeat | HeartbeatDrop {
  if (length > frame.length) return 'oversized'
  const payload = family === 'IPv4' ? payloadOfIpv4(frame, length) : payloadOfIpv6(frame, length)
  if (typeof payload !== 'object') return payload
  const body = verify(payload, keys)
  if (body) return decodeHeartbeat(body) ?? 'unreadable'
  onForged?.(payload)
  return 'badSignature'
}

function payloadOfIpv4(frame: Uint8Array, length: number): Uint8Array | HeartbeatDrop {
  const datagram = decodeUdpFrame(frame, length)
  if (typeof datagram !== 'object') return datagram
  const { destination, destinationPort, ttl, payload } = datagram
  if (destination !== heartbeatGroup || destinationPort !== heartbeatPort) return 'notOurPort'
  return ttl === onTheLink ? payload : 'badTtl'
}

function payloadOfIpv6(frame: Uint8Array, length: number): Uint8Array | HeartbeatDrop {
  const datagram = decodeUdp6Frame(frame, length)
  if (typeof datagram !== 'object') return datagram
  const { destination, destinationPort, hopLimit, payload } = datagram
  if (destination !== heartbeatGroup6 || destinationPort !== heartbeatPort) return 'notOurPort'
  return hopLimit === onTheLink ? payload : 'badTtl'
}
