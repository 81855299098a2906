import { advertise, advertisementBytes } from '../../../core/announcement/advertise.ts'
import { gratuitousReply, gratuitousRequest } from '../../../core/announcement/gratuitous.ts'
import type { Answering } from '../../../core/election/effect.ts'
import type { PacketSocket } from '../../../platform/network/packet-socket.ts'
import type { Counted, Counters } from '../counters.ts'
import type { Surroundings } from './carry-out.ts'
import type { Link } from './link.ts'

const arpFrame = new Uint8Array(60)
const ndpFrame = new Uint8Array(advertisementBytes)

/** Every form of each, the first form of all before the second of any: ARP has two, and NDP one. */
export function announce(
  announcements: readonly Answering[],
  { links, counters }: Pick<Surroundings, 'links' | 'counters'>,
): void {
  const present = announcements.flatMap(({ interface: name, address }) => {
    const link = links.linkOf(name)
    return link ? [{ link, address }] : []
  })
  for (const { link, address } of present) {
    if (address.family === 'IPv4') sendGratuitous(gratuitousRequest, link, address.value, counters)
    else sendAdvertisement(link, address.value, counters)
  }
  for (const { link, address } of present) {
    if (address.family === 'IPv4') sendGratuitous(gratuitousReply, link, address.value, counters)
  }
}

/** Sends a frame and counts it. */
export function sendCounted(socket: PacketSocket, packet: Uint8Array, as: Counted, counters: Counters): void {
  counters.count(socket.send(packet) ? as : 'refused by the kernel')
}

function sendGratuitous(form: typeof gratuitousRequest, link: Link, ipv4: bigint, counters: Counters): void {
  form(link.mac, Number(ipv4), arpFrame)
  sendCounted(link.arp, arpFrame, 'sent gratuitous', counters)
}

function sendAdvertisement(link: Link, ipv6: bigint, counters: Counters): void {
  advertise(link.mac, ipv6, ndpFrame)
  sendCounted(link.ndp, ndpFrame, 'sent gratuitous', counters)
}
