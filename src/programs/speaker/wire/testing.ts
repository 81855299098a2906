import type { Sighting } from '../../../core/announcement/question.ts'
import { beginSelfTest, hearTested, suspect, test, tick } from '../../../core/announcement/self-test.ts'
import type { SelfTestEffect, SelfTestView } from '../../../core/announcement/test-round.ts'
import { keyOf, type Key } from '../../../core/election/key.ts'
import type { SpeakerState } from '../../../core/election/state.ts'
import { testersOn } from '../../../core/election/testers.ts'
import type { Address } from '../../../core/ip/address.ts'
import { unspecified } from '../../../core/wire/ipv6.ts'
import { bootTimeMs } from '../../../platform/network/libc.ts'
import type { Tests } from '../messages.ts'
import type { Surroundings } from './carry-out.ts'
import { sendProbe } from './send-probe.ts'

type Around = Pick<Surroundings, 'links' | 'counters' | 'tell'>

/** Asks the LAN whether the announcers of other nodes are answered, and tells what is amiss. */
export class Testing {
  readonly #selfTest = beginSelfTest()
  readonly #around: Around
  readonly #state: () => SpeakerState
  #keys: readonly Key[] = []
  #macs: SelfTestView['macs'] = new Map()
  #controls: readonly Address[] = []
  #suspects: ReadonlySet<Key> = new Set()

  constructor(around: Around, state: () => SpeakerState) {
    this.#around = around
    this.#state = state
  }

  /** When `test` has something to do. */
  get dueAt(): number {
    return this.#selfTest.dueAt
  }

  /** All that is to be announced, by whomever. */
  follow(addresses: readonly Address[]): void {
    this.#keys = addresses.map(keyOf)
    this.followLinks()
  }

  /** Other interfaces are there than before. */
  followLinks(): void {
    const names = this.#around.links.all.map(({ name }) => name)
    this.#carryOut(test(this.#selfTest, names, this.#isOn ? this.#keys : [], bootTimeMs()))
  }

  know({ macs, controls, suspects }: Tests): void {
    const wasOn = this.#isOn
    this.#macs = new Map(macs.map(([node, each]) => [node, new Set(each)]))
    this.#controls = controls
    if (wasOn !== this.#isOn) this.followLinks()
    const before = this.#suspects
    this.#suspects = new Set(suspects.map(keyOf))
    const begun = [...this.#suspects].filter((key) => !before.has(key))
    suspect(this.#selfTest, begun, bootTimeMs())
  }

  test(): void {
    const view = {
      testersOn: (name: string) => testersOn(this.#state(), name),
      macs: this.#macs,
      controls: this.#controls,
    }
    this.#carryOut(tick(this.#selfTest, view, bootTimeMs()))
  }

  /** `isAnswer`: to a question of ours, and not to all. */
  hear(sighting: Sighting, isAnswer: boolean): void {
    if (isAnswer || this.#isAnsweredBeforeAll(sighting)) hearTested(this.#selfTest, sighting, bootTimeMs())
  }

  /** Without the MACs of any speaker there is nothing that could be told. */
  get #isOn(): boolean {
    return this.#macs.size > 0
  }

  /** Who asks in IPv6 from no address is answered so. */
  #isAnsweredBeforeAll({ interface: name, address }: Sighting): boolean {
    return address.family === 'IPv6' && this.#around.links.linkOf(name)?.ipv6Source === unspecified
  }

  #carryOut(effects: readonly SelfTestEffect[]): void {
    const { counters, tell } = this.#around
    for (const effect of effects) {
      if (effect.kind === 'ask') sendProbe(effect, this.#around, 'sent self-test')
      else if (effect.kind === 'result') counters.count(`self-test ${effect.result}`)
      else {
        const { kind, ...finding } = effect
        tell({ kind, finding: { ...finding, at: Date.now() } })
      }
    }
  }
}
