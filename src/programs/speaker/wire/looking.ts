import { hearForeign, hearProbe, look, lookAfter } from '../../../core/announcement/lookout.ts'
import { beginLookout } from '../../../core/announcement/lookout-targets.ts'
import type { IsOurs, LookoutEffect } from '../../../core/announcement/lookout.ts'
import type { Watched } from '../../../core/announcement/lookout-targets.ts'
import type { Sighting } from '../../../core/announcement/question.ts'
import { canAsk, isFirstToAsk } from '../../../core/election/asks-for.ts'
import type { Duty } from '../../../core/election/event.ts'
import { keyOf, type Key } from '../../../core/election/key.ts'
import type { SpeakerState } from '../../../core/election/state.ts'
import type { Address } from '../../../core/ip/address.ts'
import type { Looks } from '../messages.ts'
import type { Surroundings } from './carry-out.ts'
import { sendProbe } from './send-probe.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'

type Around = Pick<Surroundings, 'links' | 'counters' | 'tell'>

/** Asks the LAN who has the addresses that nobody announces yet, and tells what comes of it. */
export class Looking {
  readonly #lookout = beginLookout()
  readonly #around: Around
  readonly #state: () => SpeakerState
  readonly #isOurs: IsOurs = ({ interface: name, address, isFirst }) => {
    const duty = this.#duties.get(keyOf(address))
    const isAsked = isFirst ? canAsk : isFirstToAsk
    return duty !== undefined && isAsked(this.#state(), name, duty)
  }
  #looks: Looks = { ahead: [], first: [], macs: [] }
  #duties: ReadonlyMap<Key, Duty> = new Map()
  #speakers: ReadonlySet<bigint> = new Set()

  constructor(around: Around, state: () => SpeakerState) {
    this.#around = around
    this.#state = state
  }

  /** When `look` has something to do. */
  get dueAt(): number {
    return this.#lookout.dueAt
  }

  /** All that is looked after. */
  get addresses(): readonly Address[] {
    return [...this.#duties.values()].map(({ address }) => address)
  }

  lookAfter(looks: Looks): void {
    this.#looks = looks
    this.#speakers = new Set(looks.macs)
    this.#duties = new Map(
      [...looks.ahead, ...looks.first].map((duty): [Key, Duty] => [keyOf(duty.address), duty]),
    )
    this.followLinks()
  }

  /** Other interfaces are there than before. */
  followLinks(): void {
    const { links } = this.#around
    const first = new Set(this.#looks.first.map(({ address }) => keyOf(address)))
    const watched = links.all.flatMap((link) =>
      this.addresses.map((address): Watched => {
        return { interface: link.name, address, isFirst: first.has(keyOf(address)) }
      }),
    )
    this.#carryOut(lookAfter(this.#lookout, watched, bootTimeMs()))
  }

  look(): void {
    this.#carryOut(look(this.#lookout, this.#isOurs, bootTimeMs()))
  }

  /** Takes in that somebody has the address or, with a probe, wants it. */
  hear(sighting: Sighting, isProbe: boolean): void {
    if (this.#speakers.has(sighting.mac)) return
    const take = isProbe ? hearProbe : hearForeign
    this.#carryOut(take(this.#lookout, sighting, this.#isOurs, bootTimeMs()))
  }

  #carryOut(effects: readonly LookoutEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'probe') sendProbe(effect, this.#around)
      else if (effect.kind === 'clear') this.#around.tell(effect)
      else this.#tell(effect)
    }
  }

  #tell({ kind, interface: name, address, mac }: Extract<LookoutEffect, Sighting>): void {
    this.#around.tell({ kind, sighting: { interface: name, address, mac, at: Date.now() } })
  }
}
