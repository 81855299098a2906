import { beginSelfTest, hearTested, suspect, test, tick } from '../../../src/core/announcement/self-test.ts'
import type { SelfTest } from '../../../src/core/announcement/self-test.ts'
import type { SelfTestEffect } from '../../../src/core/announcement/test-round.ts'
import { keyOf } from '../../../src/core/election/key.ts'
import { testersOn } from '../../../src/core/election/testers.ts'
import { formatAddress, type Address } from '../../../src/core/ip/address.ts'
import { prefixOf, type Range } from '../../../src/core/ip/range.ts'
import { addressOf, Lan } from '../election/lan.ts'

export const second = 1_000
export const minute = 60 * second

export interface Asked {
  readonly at: number
  readonly by: string
  readonly address: string
}

/** A LAN of speakers that test each other, as long as it takes. */
export class TestedLan {
  readonly lan: Lan
  readonly asked: Asked[] = []
  readonly results = new Map<string, number>()
  readonly news: string[] = []
  /** Whose frames are not heard by anybody but for heartbeats, and who hears none but those. */
  readonly mute = new Set<string>()
  readonly deaf = new Set<string>()
  /** Nodes whose MACs nobody knows. */
  readonly unknown = new Set<string>()
  /** Of the addresses of a node itself. */
  readonly controls = new Map<string, string>()
  /** MACs that answer for every address beside its announcer. */
  strangers: bigint[] = []
  readonly #tests = new Map<string, SelfTest>()

  constructor(...names: string[]) {
    this.lan = new Lan(...names)
    names.forEach((name, at) => {
      this.controls.set(name, `10.0.0.${at + 1}`)
      this.lan.tell(name, {
        kind: 'segments',
        segments: [this.lan.segment(name, { prefixes: [prefixOf('10.0.0.0/16') as Range] })],
      })
      this.#tests.set(name, beginSelfTest())
    })
  }

  get now(): number {
    return this.lan.now
  }

  /** Tells the speakers, and those who test, what is to be announced. */
  announce(...duties: Parameters<Lan['announce']>): void {
    this.lan.announce(...duties)
    const keys = duties.map(({ address }) => keyOf(address))
    for (const [name, self] of this.#tests) this.#carryOut(name, test(self, ['eth0'], keys, this.now))
  }

  suspect(text: string): void {
    for (const self of this.#tests.values()) suspect(self, [keyOf(addressOf(text))], this.now)
  }

  /** The node has no interface any more that is tested on. */
  unplug(name: string): void {
    this.#carryOut(name, test(this.#tests.get(name) as SelfTest, [], [], this.now))
  }

  /** Somebody answers the node there. */
  hear(name: string, link: string, text: string): void {
    const sighting = { interface: link, address: addressOf(text), mac: 1n }
    hearTested(this.#tests.get(name) as SelfTest, sighting, this.now)
  }

  run(ms: number): void {
    for (const until = this.now + ms; this.now < until;) this.#step(() => this.lan.run(50))
  }

  /** As `run`, but nobody's mind changes meanwhile: it costs less. */
  rest(ms: number): void {
    for (const until = this.now + ms; this.now < until;) this.#step(() => (this.lan.now += 250))
  }

  #step(pass: () => void): void {
    pass()
    for (const [name, self] of this.#tests) this.#carryOut(name, tick(self, this.#viewOf(name), this.now))
  }

  #viewOf(name: string): Parameters<typeof tick>[1] {
    const { state, isUp } = this.lan.speaker(name)
    return {
      testersOn: (link) => (isUp ? testersOn(state, link) : undefined),
      macs: this.#macs(),
      controls: [...this.controls.values()].map(addressOf),
    }
  }

  #macs(): ReadonlyMap<string, ReadonlySet<bigint>> {
    const known = [...this.lan.speakers.values()].filter(({ name }) => !this.unknown.has(name))
    return new Map(known.map(({ name, mac }) => [name, new Set([mac])]))
  }

  #carryOut(by: string, effects: readonly SelfTestEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'ask') this.#ask(by, effect.address)
      else if (effect.kind === 'result')
        this.results.set(effect.result, (this.results.get(effect.result) ?? 0) + 1)
      else {
        const { kind, address, announcer, result, macs } = effect
        this.news.push([by, kind, result, formatAddress(address), announcer, ...macs].join(' '))
      }
    }
  }

  #ask(by: string, address: Address): void {
    const text = formatAddress(address)
    this.asked.push({ at: this.now, by, address: text })
    if (this.deaf.has(by)) return
    const isSpoken = !this.mute.has(text)
    const speakers = [...this.lan.speakers.values()]
    const answering = speakers.filter(
      ({ name, answering: held }) =>
        name !== by && !this.mute.has(name) && (held.includes(text) || this.controls.get(name) === text),
    )
    const macs = isSpoken ? answering.map(({ mac }) => mac) : []
    const isControl = [...this.controls.values()].includes(text)
    for (const mac of [...macs, ...(isControl ? [] : this.strangers)])
      hearTested(this.#tests.get(by) as SelfTest, { interface: 'eth0', address, mac }, this.now)
  }
}
