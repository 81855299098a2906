import { answer, claimedBy, isAnswerToProbe, isProbe } from '../../../core/announcement/answer.ts'
import { remember } from '../../../core/announcement/askers.ts'
import { anyHasIpv4, noTargets, type Targets } from '../../../core/announcement/targets.ts'
import type { Address } from '../../../core/ip/address.ts'
import { readMac, readUint32 } from '../../../core/wire/ethernet.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'
import { linkDown, nothing } from '../../../platform/network/packet-socket.ts'
import type { Counters } from '../counters.ts'
import type { Link } from './link.ts'

/**
 * A frame whose sender says that the address is at this MAC, because we asked or unasked; or `probe`: that asks for it
 * from no address, to have it itself.
 */
export interface Claim {
  readonly kind: 'answer' | 'claim' | 'probe'
  readonly address: Address
  readonly mac: bigint
}

const buffer = new Uint8Array(2048)
const reply = new Uint8Array(60)
const senderMacAt = 22
const senderIpAt = 28

/**
 * Reads one ARP frame and answers it if it asks for an address of ours. True when there may be more, false when none
 * waits; a claim when its sender has, or probes for, an address that is `watched` and the MAC is not the link's. Allocates nothing else.
 */
export function answerArp(link: Link, counters: Counters, watched: readonly Targets[]): boolean | Claim {
  const length = Math.min(link.arp.receive(buffer), buffer.length)
  if (length === nothing) return false
  if (length === linkDown) return true
  counters.count('received arp')
  const outcome = answer(buffer, length, link.mac, link.holds, reply)
  if (outcome === true) counters.count(link.arp.send(reply) ? 'sent reply' : 'refused by the kernel')
  else counters.count(`arp ${outcome}`)
  if (outcome === 'notHeld' && link.heldBack !== noTargets) rememberAsker(link, length)
  const claimed = outcome === 'notForUs' ? -1 : claimedBy(buffer, length)
  return anyHasIpv4(watched, claimed) ? claimOf(claimed, link) : true
}

/** Writes the answer as if it were sent now. */
function rememberAsker(link: Link, length: number): void {
  if (answer(buffer, length, link.mac, link.holdsBack, reply) !== true) return
  remember(link.askers, readUint32(reply, senderIpAt), reply, bootTimeMs())
}

function claimOf(ipv4: number, link: Link): Claim | true {
  const mac = readMac(buffer, senderMacAt)
  if (mac === link.macValue) return true
  return { kind: kindOf(link), address: { family: 'IPv4', value: BigInt(ipv4) }, mac }
}

function kindOf({ mac }: Link): Claim['kind'] {
  if (isProbe(buffer)) return 'probe'
  return isAnswerToProbe(buffer, mac) ? 'answer' : 'claim'
}
