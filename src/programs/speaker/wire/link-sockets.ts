import type { Family } from '../../../core/ip/address.ts'
import { etherTypeArp, etherTypeIpv4, etherTypeIpv6 } from '../../../core/wire/ethernet.ts'
import { heartbeatGroup, heartbeatGroup6, heartbeatPort } from '../../../core/wire/heartbeat.ts'
import { arpFilter, heartbeatFilter, heartbeatFilter6, ndpFilter } from '../../../platform/network/filter.ts'
import { Ipv6Groups } from '../../../platform/network/ipv6-groups.ts'
import { MulticastMembership } from '../../../platform/network/multicast-membership.ts'
import { PacketSocket } from '../../../platform/network/packet-socket.ts'

/** All that is open on one interface. */
export interface LinkSockets extends Disposable {
  readonly arp: PacketSocket
  readonly ndp: PacketSocket
  /** Heartbeats are heard over both families wherever they are spoken. */
  readonly heartbeats: Readonly<Record<Family, PacketSocket>>
  readonly groups: Ipv6Groups
}

/** Opens all of them, or none and throws. What carries frames is closed by `closePacketSocket`, which may take its time. */
export function openSockets(
  interfaceIndex: number,
  closePacketSocket: (descriptor: number) => void,
): LinkSockets {
  const opened: Disposable[] = []
  const open = <T extends Disposable>(one: T): T => {
    opened.push(one)
    return one
  }
  const close = (): void => opened.forEach((one) => one[Symbol.dispose]())
  const packets = (etherType: number, filter: Uint8Array, isFilterFixed = true): PacketSocket =>
    open(new PacketSocket({ interfaceIndex, etherType, filter, isFilterFixed, close: closePacketSocket }))
  try {
    const arp = packets(etherTypeArp, arpFilter)
    const ndp = packets(etherTypeIpv6, ndpFilter)
    const heartbeats = {
      IPv4: packets(etherTypeIpv4, heartbeatFilter(heartbeatGroup, heartbeatPort), false),
      IPv6: packets(etherTypeIpv6, heartbeatFilter6(heartbeatGroup6, heartbeatPort), false),
    }
    open(new MulticastMembership(heartbeatGroup, interfaceIndex))
    return { arp, ndp, heartbeats, groups: open(new Ipv6Groups(interfaceIndex)), [Symbol.dispose]: close }
  } catch (error) {
    close()
    throw error
  }
}
