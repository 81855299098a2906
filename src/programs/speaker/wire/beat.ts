import type { Effect } from '../../../core/election/effect.ts'
import { encodeHeartbeat, heartbeatGroup, heartbeatGroup6 } from '../../../core/wire/heartbeat.ts'
import { heartbeatGroupMac, heartbeatPort } from '../../../core/wire/heartbeat.ts'
import { encodeUdpFrame } from '../../../core/wire/ipv4-udp.ts'
import { encodeUdp6Frame } from '../../../core/wire/ipv6-udp.ts'
import { multicastMac } from '../../../core/wire/ipv6.ts'
import { sign } from '../../../platform/network/heartbeat-key.ts'
import { sendCounted } from './announce.ts'
import type { Surroundings } from './carry-out.ts'
import type { Link } from './link.ts'

const ports = { sourcePort: heartbeatPort, destinationPort: heartbeatPort }
const onTheLink = 255

/** Sends one heartbeat, in the family that the interface speaks. */
export function beat(
  { interface: name, heartbeat }: Extract<Effect, { kind: 'heartbeat' }>,
  { links, keys, counters }: Surroundings,
): void {
  const link = links.linkOf(name)
  if (!link) return
  const packet = packetOf(link, sign(encodeHeartbeat(heartbeat), keys))
  sendCounted(link.heartbeats[link.speaks], packet, 'sent heartbeat', counters)
}

function packetOf(link: Link, payload: Uint8Array): Uint8Array {
  if (link.speaks === 'IPv4') {
    const datagram = { source: link.source, destination: heartbeatGroup, ...ports, ttl: onTheLink, payload }
    return encodeUdpFrame(link.macValue, heartbeatGroupMac, datagram)
  }
  const ends = { source: link.ipv6Source, destination: heartbeatGroup6 }
  const datagram = { ...ends, ...ports, hopLimit: onTheLink, payload }
  return encodeUdp6Frame(link.macValue, multicastMac(heartbeatGroup6), datagram)
}
