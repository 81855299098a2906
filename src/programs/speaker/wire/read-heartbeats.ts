import type { Family } from '../../../core/ip/address.ts'
import { readMac } from '../../../core/wire/ethernet.ts'
import type { Heartbeat } from '../../../core/wire/heartbeat.ts'
import type { HeartbeatKeys } from '../../../platform/network/heartbeat-key.ts'
import { linkDown, nothing } from '../../../platform/network/packet-socket.ts'
import type { Counters } from '../counters.ts'
import { authenticate } from './authenticate.ts'
import type { Link } from './link.ts'
import type { StrangerWatch } from './stranger-watch.ts'

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
  const heartbeat = authenticate(family, buffer, length, keys, (payload) =>
    strangers.hear(link.name, buffer, payload),
  )
  if (typeof heartbeat === 'object') return { heartbeat, mac: readMac(buffer, sourceMacAt) }
  link.gate.doubt()
  counters.count(`heartbeat ${heartbeat}`)
  return false
}
