import {
  beginInquiry,
  follow,
  hearAnswer,
  hearClaim,
  inquire,
  inquiryDueAt,
} from '../../../core/announcement/inquiry.ts'
import type { InquiryEffect, IsUndisputed } from '../../../core/announcement/inquiry.ts'
import type { Sighting } from '../../../core/announcement/question.ts'
import type { HoldingChange } from '../../../core/election/effect.ts'
import type { Surroundings } from './carry-out.ts'
import { sendProbe } from './send-probe.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'

type Around = Pick<Surroundings, 'links' | 'counters' | 'tell'>

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
    follow(this.#inquiry, changes, bootTimeMs())
    this.#dueAt = inquiryDueAt(this.#inquiry)
  }

  ask(): void {
    this.#carryOut(inquire(this.#inquiry, this.#isUndisputed, bootTimeMs()))
  }

  hearAnswer(answer: Sighting): void {
    this.#carryOut(hearAnswer(this.#inquiry, answer, this.#isUndisputed, bootTimeMs()))
  }

  hearClaim(claim: Sighting): void {
    this.#carryOut(hearClaim(this.#inquiry, claim, bootTimeMs()))
  }

  #carryOut(effects: readonly InquiryEffect[]): void {
    this.#dueAt = inquiryDueAt(this.#inquiry)
    for (const effect of effects) {
      if (effect.kind === 'probe') sendProbe(effect, this.#around)
      else this.#tell(effect)
    }
  }

  #tell({ kind, interface: name, address, mac }: Exclude<InquiryEffect, { kind: 'probe' }>): void {
    this.#around.tell({ kind, conflict: { interface: name, address, mac, at: Date.now() } })
  }
}
