import {
  beginInquiry,
  follow,
  hearAnswer,
  hearClaim,
  inquire,
  inquiryDueAt,
} from '../../../src/core/announcement/inquiry.ts'
import type { InquiryEffect } from '../../../src/core/announcement/inquiry.ts'
import type { Phase } from '../../../src/core/election/effect.ts'
import type { Address } from '../../../src/core/ip/address.ts'
import { formatAddress, parseAddress } from '../../../src/core/ip/address.ts'

/** The address that matters, and two others who may answer for it. */
export const a = '192.168.10.200'
export const kernel = 0x02n
export const another = 0x03n

export const second = 1_000
export const minute = 60 * second

function addressOf(text: string): Address {
  return parseAddress(text) as Address
}

/** One node's questions, and a LAN that answers each a fifth of a millisecond later. */
export class AskingNode {
  now = 5_000
  /** Who answers for an address beside this node. */
  answerers: bigint[] = []
  /** Addresses for which a peer bids. */
  readonly disputed = new Set<string>()
  readonly asked: { readonly at: number; readonly address: string }[] = []
  readonly news: string[] = []
  readonly #inquiry = beginInquiry()
  readonly #isUndisputed = (_: string, address: Address): boolean =>
    !this.disputed.has(formatAddress(address))

  to(phase: Phase, ...texts: readonly string[]): void {
    const changes = texts.map((text) => {
      return { address: addressOf(text), interface: 'eth0', to: phase, cause: 'placed' } as const
    })
    follow(this.#inquiry, changes, this.now)
  }

  claim(mac: bigint, text = a): void {
    this.#carryOut(hearClaim(this.#inquiry, this.#sighting(mac, addressOf(text)), this.now))
  }

  answer(mac: bigint, text = a): void {
    const sighting = this.#sighting(mac, addressOf(text))
    this.#carryOut(hearAnswer(this.#inquiry, sighting, this.#isUndisputed, this.now))
  }

  run(ms: number): void {
    const until = this.now + ms
    for (let dueAt = this.dueAt; dueAt <= until; dueAt = this.dueAt) {
      this.now = Math.max(this.now, dueAt)
      this.ask()
    }
    this.now = until
  }

  /** Asks what is due, if anything is. */
  ask(): void {
    this.#carryOut(inquire(this.#inquiry, this.#isUndisputed, this.now))
  }

  get dueAt(): number {
    return inquiryDueAt(this.#inquiry)
  }

  #carryOut(effects: readonly InquiryEffect[]): void {
    for (const effect of effects) {
      const text = formatAddress(effect.address)
      if (effect.kind === 'probe') this.#ask(text)
      else this.news.push(`${effect.kind} ${text} ${effect.mac}`)
    }
  }

  #ask(text: string): void {
    this.asked.push({ at: this.now, address: text })
    const { answerers } = this
    this.now += 0.2
    for (const mac of answerers) this.answer(mac, text)
  }

  #sighting(mac: bigint, address: Address) {
    return { interface: 'eth0', address, mac }
  }
}
