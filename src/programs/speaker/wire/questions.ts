import { noTargets, targetsOf, type Targets } from '../../../core/announcement/targets.ts'
import type { Sighting } from '../../../core/announcement/question.ts'
import type { HoldingChange } from '../../../core/election/effect.ts'
import type { SpeakerState } from '../../../core/election/state.ts'
import { isUndisputed } from '../../../core/election/undisputed.ts'
import type { Address } from '../../../core/ip/address.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'
import type { Looks, Tests } from '../messages.ts'
import type { Claim } from './answer-frames.ts'
import { Asking } from './asking.ts'
import type { Surroundings } from './carry-out.ts'
import { Looking } from './looking.ts'
import { Testing } from './testing.ts'

/**
 * All that is asked on the LAN of one's own accord: who else answers for what is announced here, who has what nobody
 * announces yet, and whether the announcers of other nodes are answered.
 */
export class Questions {
  readonly #asking: Asking
  readonly #looking: Looking
  readonly #testing: Testing
  #watched: readonly [duties: Targets, looks: Targets, controls: Targets] = [noTargets, noTargets, noTargets]

  constructor(around: Pick<Surroundings, 'links' | 'counters' | 'tell'>, state: () => SpeakerState) {
    this.#asking = new Asking(around, (name, address) => isUndisputed(state(), name, address))
    this.#looking = new Looking(around, state)
    this.#testing = new Testing(around, state)
  }

  /** When `ask` has something to do. */
  get dueAt(): number {
    return Math.min(this.#asking.dueAt, this.#looking.dueAt, this.#testing.dueAt)
  }

  /** Of what is announced somewhere, and of all else that is asked for, every claim is to be heard. */
  get watched(): readonly Targets[] {
    return this.#watched
  }

  /** What has come already must be heard before anyone is said not to answer: not `hasHeardAll` while more may wait. */
  ask(hasHeardAll: boolean): void {
    if (bootTimeMs() >= this.#asking.dueAt) this.#asking.ask()
    if (bootTimeMs() >= this.#looking.dueAt) this.#looking.look()
    if (bootTimeMs() >= this.#testing.dueAt && hasHeardAll) this.#testing.test()
  }

  /** What is announced here is another than before. */
  followHoldings(changes: readonly HoldingChange[]): void {
    this.#asking.follow(changes)
  }

  /** Other interfaces are there than before. */
  followLinks(): void {
    this.#looking.followLinks()
    this.#testing.followLinks()
  }

  /** All that is to be announced, by whomever. */
  followDuties(addresses: readonly Address[]): void {
    this.#watched = [targetsOf(addresses), this.#watched[1], this.#watched[2]]
    this.#testing.follow(addresses)
  }

  lookAfter(looks: Looks): void {
    this.#looking.lookAfter(looks)
    this.#watched = [this.#watched[0], targetsOf(this.#looking.addresses), this.#watched[2]]
  }

  testWith(tests: Tests): void {
    this.#watched = [this.#watched[0], this.#watched[1], targetsOf(tests.controls)]
    this.#testing.know(tests)
  }

  /** Somebody claimed an address of ours, and no move explains it. */
  hearClaim(claim: Sighting): void {
    this.#asking.hearClaim(claim)
  }

  /** Takes in what another host says of an address; one that probes claims nothing, and tells no tester anything. */
  hear(kind: Claim['kind'], sighting: Sighting): void {
    this.#looking.hear(sighting, kind === 'probe')
    if (kind !== 'probe') this.#testing.hear(sighting, kind === 'answer')
  }

  /** An answer to a question of ours, of which the election knows by now. */
  hearAnswer(sighting: Sighting): void {
    this.#asking.hearAnswer(sighting)
  }
}
