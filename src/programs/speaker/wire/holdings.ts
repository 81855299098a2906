import { noTargets, targetsOf } from '../../../core/announcement/targets.ts'
import type { Answering } from '../../../core/election/effect.ts'
import { keyOf, type Key } from '../../../core/election/key.ts'
import type { Address } from '../../../core/ip/address.ts'
import type { Counters } from '../counters.ts'
import { announce } from './announce.ts'
import { answerAll } from './answer-all.ts'
import type { Links } from './links.ts'

/** What is ours by the election, and what of it is spoken for: all but what is held back, for it is new. */
export class Holdings {
  readonly #around: { readonly links: Links; readonly counters: Counters }
  #answering: readonly Answering[] = []
  #heldBack: ReadonlyMap<Key, Address> = new Map()

  constructor(around: { readonly links: Links; readonly counters: Counters }) {
    this.#around = around
  }

  /** From here on, exactly these are ours. */
  hold(answering: readonly Answering[]): void {
    this.#answering = answering
    answerAll(this.#spokenFor, this.#around)
  }

  /** The first announcement of these, but for what is held back. */
  announce(announcements: readonly Answering[]): void {
    announce(this.#ready(announcements), this.#around)
  }

  /** Says it once more of those that are spoken for. */
  announceAgain(addresses: readonly Address[]): void {
    const again = new Set(addresses.map(keyOf))
    announce(
      this.#spokenFor.filter(({ address }) => again.has(keyOf(address))),
      this.#around,
    )
  }

  /** What is held back no more, and is ours, is answered for from now on, to those who have asked first, and announced at once. */
  holdBack(addresses: readonly Address[]): void {
    const before = this.#heldBack
    this.#heldBack = new Map(addresses.map((address) => [keyOf(address), address]))
    this.followLinks()
    announce(
      this.#spokenFor.filter(({ address }) => before.has(keyOf(address))),
      this.#around,
    )
  }

  /** Other interfaces are there than before: these, too, answer, and remember who asks for what is held back. */
  followLinks(): void {
    const heldBack = this.#heldBack.size === 0 ? noTargets : targetsOf(this.#heldBack.values())
    for (const link of this.#around.links.all) link.heldBack = heldBack
    answerAll(this.#spokenFor, this.#around)
  }

  /** After the announcements, for those are heard everywhere. What is held back is asked for, too. */
  joinGroups(): void {
    for (const link of this.#around.links.all) link.joinGroupsOf(this.#answering)
  }

  get #spokenFor(): readonly Answering[] {
    return this.#ready(this.#answering)
  }

  #ready(all: readonly Answering[]): readonly Answering[] {
    return all.filter(({ address }) => !this.#heldBack.has(keyOf(address)))
  }
}
