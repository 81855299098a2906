import { advertisementBytes } from '../../../core/announcement/advertise.ts'
import {
  answerSolicitation,
  claimantAt,
  claimAt,
  isAnswerToSolicitation,
  isSolicitedByNobody,
} from '../../../core/announcement/answer-solicitation.ts'
import { remember } from '../../../core/announcement/askers.ts'
import { anyHasIpv6At, noTargets } from '../../../core/announcement/targets.ts'
import type { Targets } from '../../../core/announcement/targets.ts'
import { readMac } from '../../../core/wire/ethernet.ts'
import { readIpv6 } from '../../../core/wire/ipv6.ts'
import { ndpAt } from '../../../core/wire/ndp.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'
import { linkDown, nothing } from '../../../platform/network/packet-socket.ts'
import type { Counters } from '../counters.ts'
import type { Claim } from './answer-frames.ts'
import type { Link } from './link.ts'

const buffer = new Uint8Array(2048)
const reply = new Uint8Array(advertisementBytes)

/** As `answerArp`, for one frame of Neighbor Discovery. */
export function answerNdp(link: Link, counters: Counters, watched: readonly Targets[]): boolean | Claim {
  const length = Math.min(link.ndp.receive(buffer), buffer.length)
  if (length === nothing) return false
  if (length === linkDown) return true
  counters.count('received ndp')
  const outcome = answerSolicitation(buffer, length, link.mac, link.answering, reply)
  if (outcome === true) counters.count(link.ndp.send(reply) ? 'sent reply' : 'refused by the kernel')
  else counters.count(`ndp ${outcome}`)
  if (outcome === 'notHeld' && link.heldBack !== noTargets) rememberAsker(link, length)
  const at = outcome === 'notForUs' ? -1 : claimAt(buffer, length)
  return at !== -1 && anyHasIpv6At(watched, buffer, at) ? claimOf(at, link) : true
}

/** Writes the answer as if it were sent now. */
function rememberAsker(link: Link, length: number): void {
  if (answerSolicitation(buffer, length, link.mac, link.heldBack, reply) !== true) return
  remember(link.askers, readIpv6(reply, ndpAt.target), reply, bootTimeMs())
}

function claimOf(at: number, link: Link): Claim | true {
  const mac = readMac(buffer, claimantAt(buffer))
  if (mac === link.macValue) return true
  return { kind: kindOf(link), address: { family: 'IPv6', value: readIpv6(buffer, at) }, mac }
}

function kindOf({ mac }: Link): Claim['kind'] {
  if (isSolicitedByNobody(buffer)) return 'probe'
  return isAnswerToSolicitation(buffer, mac) ? 'answer' : 'claim'
}
