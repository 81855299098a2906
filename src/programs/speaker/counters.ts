import type { Unanswered } from '../../core/announcement/answer.ts'
import type { UnansweredSolicitation } from '../../core/announcement/answer-solicitation.ts'
import type { CheckResult } from '../../core/announcement/check.ts'
import type { HeartbeatRefusal } from '../../core/election/effect.ts'
import type { Ipv4UdpDrop } from '../../core/wire/ipv4-udp.ts'
import type { Ipv6UdpDrop } from '../../core/wire/ipv6-udp.ts'

/** Why a packet to the heartbeat port was not believed. */
export type HeartbeatDrop =
  | Ipv4UdpDrop
  | Ipv6UdpDrop
  | HeartbeatRefusal
  | 'oversized'
  | 'notOurPort'
  | 'badTtl'
  | 'badSignature'
  | 'unreadable'

export type Counted =
  | 'received arp'
  | 'received ndp'
  | 'received heartbeat'
  | 'sent reply'
  | 'sent gratuitous'
  | 'sent heartbeat'
  | 'sent probe'
  | 'sent self-test'
  | 'foreign claim'
  | 'flood'
  | 'refused by the kernel'
  | `arp ${Unanswered}`
  | `ndp ${UnansweredSolicitation}`
  | `heartbeat ${HeartbeatDrop}`
  | `self-test ${CheckResult | 'Unsure'}`

const places: Readonly<Record<Counted, number>> = {
  'received arp': 0,
  'received heartbeat': 1,
  'sent reply': 2,
  'sent gratuitous': 3,
  'sent heartbeat': 4,
  'refused by the kernel': 5,
  'arp tooShort': 6,
  'arp notArp': 7,
  'arp malformed': 8,
  'arp notRequest': 9,
  'arp notForUs': 10,
  'arp ownFrame': 11,
  'arp gratuitous': 12,
  'arp notHeld': 13,
  'heartbeat tooShort': 14,
  'heartbeat notIpv4': 15,
  'heartbeat badHeader': 16,
  'heartbeat badHeaderChecksum': 17,
  'heartbeat fragment': 18,
  'heartbeat notUdp': 19,
  'heartbeat badLength': 20,
  'heartbeat badChecksum': 21,
  'heartbeat replayed': 22,
  'heartbeat own': 23,
  'heartbeat oversized': 24,
  'heartbeat notOurPort': 25,
  'heartbeat badTtl': 26,
  'heartbeat badSignature': 27,
  'heartbeat unreadable': 28,
  'sent probe': 29,
  'foreign claim': 30,
  'received ndp': 31,
  'ndp tooShort': 32,
  'ndp notIpv6': 33,
  'ndp badHeader': 34,
  'ndp notNdp': 35,
  'ndp badHopLimit': 36,
  'ndp badChecksum': 37,
  'ndp malformed': 38,
  'ndp notSolicitation': 39,
  'ndp notForUs': 40,
  'ndp ownFrame': 41,
  'ndp gratuitous': 42,
  'ndp notHeld': 43,
  'heartbeat notIpv6': 44,
  'sent self-test': 45,
  'self-test Answered': 46,
  'self-test AnsweredTwice': 47,
  'self-test AnsweredElsewhere': 48,
  'self-test Unanswered': 49,
  'self-test Unsure': 50,
  flood: 51,
}

/** Counts that one thread writes and another reads, without a message between them. */
export class Counters {
  readonly shared: SharedArrayBuffer
  readonly #values: Float64Array

  constructor(shared = new SharedArrayBuffer(Object.keys(places).length * 8)) {
    this.shared = shared
    this.#values = new Float64Array(shared)
  }

  count(what: Counted): void {
    const place = places[what]
    this.#values[place] = (this.#values[place] ?? 0) + 1
  }

  valueOf(what: Counted): number {
    return this.#values[places[what]] ?? 0
  }

  /** Everything that is counted under a first word: `received`, `sent`, `arp`, `ndp`, `heartbeat`, `self-test`. */
  *under(word: string): Iterable<readonly [rest: string, value: number]> {
    for (const what of Object.keys(places) as Counted[]) {
      if (what.startsWith(`${word} `)) yield [what.slice(word.length + 1), this.valueOf(what)]
    }
  }
}
