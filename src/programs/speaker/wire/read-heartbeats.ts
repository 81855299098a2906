import type { Family } from '../../../core/ip/address.ts'
import type { Heartbeat } from '../../../core/wire/heartbeat.ts'
import type { HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import { linkDown, nothing } from '../../../platform/network/packet-socket.ts'
import type { Counters } from '../counters.ts'
import { authenticate } from './authenticate.ts'
import type { Link } from './link.ts'

const buffer = new Uint8Array(2048)

/** Reads one waiting frame of a family: a heartbeat that may be believed, false for one that was dropped, undefined for none. */
export function readHeartbeat(
  link: Link,
  family: Family,
  keys: HeartbeatKeys,
  counters: Counters,
): Heartbeat | false | undefined {
  const length = link.heartbeats[family].receive(buffer)
  if (length === nothing) return undefined
  if (length === linkDown) return false
  counters.count('received heartbeat')
  const heartbeat = authenticate(family, buffer, length, keys)
  if (typeof heartbeat === 'object') return heartbeat
  counters.count(`heartbeat ${heartbeat}`)
  return false
}
