import { probe } from '../../../core/announcement/probe.ts'
import { solicit } from '../../../core/announcement/solicit.ts'
import type { Answering } from '../../../core/election/effect.ts'
import { sendCounted } from './announce.ts'
import type { Surroundings } from './carry-out.ts'

const frame = new Uint8Array(60)

/** Asks on an interface who has the address, and counts that as what it is for. */
export function sendProbe(
  { interface: name, address }: Answering,
  { links, counters }: Pick<Surroundings, 'links' | 'counters'>,
  as: 'sent probe' | 'sent self-test' = 'sent probe',
): void {
  const link = links.linkOf(name)
  if (!link) return
  if (address.family === 'IPv6') {
    const question = solicit(link.macValue, link.ipv6Source, address.value)
    return sendCounted(link.ndp, question, as, counters)
  }
  probe(link.mac, Number(address.value), frame)
  sendCounted(link.arp, frame, as, counters)
}
