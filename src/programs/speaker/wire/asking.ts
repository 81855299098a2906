import {
  beginInquiry,
  follow,
  hearAnswer,
  hearClaim,
  inquire,
  inquiryDueAt,
} from '../../../core/announcement/inquiry.ts'
import type { InquiryEffect, IsUndisputed } from '../../../core/announcement/inquiry.ts'
import { probe } from '../../../core/announcement/probe.ts'
import type { Sighting } from '../../../core/announcement/question.ts'
import type { Answering, HoldingChange } from '../../../core/election/effect.ts'
import { solicit } from '../../../core/announcement/solicit.ts'
import { sendCounted } from './announce.ts'
import type { Surroundings } from './carry-out.ts'

type Around = Pick<Surroundings, 'links' | 'counters' | 'tell'>

const frame = new Uint8Array(60)

/** Asks the LAN who else answers for what is announced here, and tells what comes of it. */
export class Asking {
  readonly #inquiry = beginInquiry()
  readonly #around: Around
  readonly #isUndisputed: IsUndisputed
  #dueAt = Infinity

  constructor(around: Around, isUndisputed: IsUndisputed) {
    this.#around = around
    this.#isUndisputed = isUndisputed
  }

  /** When `ask` has something to do. */
  get dueAt(): number {
    return this.#dueAt
  }

  follow(changes: readonly HoldingChange[]): void {
    follow(this.#inquiry, changes, performance.now())
    this.#dueAt = inquiryDueAt(this.#inquiry)
  }

  ask(): void {
    this.#carryOut(inquire(this.#inquiry, this.#isUndisputed, performance.now()))
  }

  hearAnswer(answer: Sighting): void {
    this.#carryOut(hearAnswer(this.#inquiry, answer, this.#isUndisputed, performance.now()))
  }

  hearClaim(claim: Sighting): void {
    this.#carryOut(hearClaim(this.#inquiry, claim, performance.now()))
  }

  #carryOut(effects: readonly InquiryEffect[]): void {
    this.#dueAt = inquiryDueAt(this.#inquiry)
    for (const effect of effects) {
      if (effect.kind === 'probe') this.#send(effect)
      else this.#tell(effect)
    }
  }

  #send({ interface: name, address }: Answering): void {
    const link = this.#around.links.linkOf(name)
    if (!link) return
    const { counters } = this.#around
    if (address.family === 'IPv6') {
      const question = solicit(link.macValue, link.ipv6Source, address.value)
      return sendCounted(link.ndp, question, 'sent probe', counters)
    }
    probe(link.mac, Number(address.value), frame)
    sendCounted(link.arp, frame, 'sent probe', counters)
  }

  #tell({ kind, interface: name, address, mac }: Exclude<InquiryEffect, { kind: 'probe' }>): void {
    this.#around.tell({ kind, conflict: { interface: name, address, mac, at: Date.now() } })
  }
}
