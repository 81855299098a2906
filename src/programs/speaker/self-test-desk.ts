import type { PlacementFacts } from '../../core/election/speaker-facts.ts'
import type { Address } from '../../core/ip/address.ts'
import { parseAddress } from '../../core/ip/address.ts'
import { fingerprint } from './fingerprint.ts'
import type { Tests, ToWire } from './messages.ts'
import { Soon } from './soon.ts'

type Said = Pick<PlacementFacts, 'macs' | 'own' | 'findings'>

export interface SelfTestDeskOptions {
  readonly node: string
  readonly isOn: boolean
  readonly speakers: () => ReadonlyMap<string, Said>
  /** The routers that this node reaches. */
  readonly gateways: () => readonly string[]
  readonly say: (message: Extract<ToWire, { kind: 'tests' | 'announceAgain' }>) => void
  readonly now?: () => number
}

/** Nothing waits for it but a test; what is said of speakers changes with every node. */
const pace = { delayMs: 20, apartMs: 200 }
/** What surely answers is asked only while something is amiss; so many are enough to choose from. */
const mostControls = 64
/** Others do not hear us answer: an address is announced again for that no oftener than this, whoever says so. */
const againApartMs = 10_000

/** Tells the worker what it needs to test others, and to announce again what others do not hear us answer for. */
export class SelfTestDesk implements Disposable {
  readonly #options: SelfTestDeskOptions
  readonly #now: () => number
  readonly #soon = new Soon(() => this.#tell(), pace)
  #told = ''
  /** What others have found amiss with us, each as it was told. */
  #accusations: ReadonlySet<string> = new Set()
  readonly #announcedAt = new Map<string, number>()

  constructor(options: SelfTestDeskOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /** Something changed that speakers say. */
  request(): void {
    this.#soon.request()
  }

  #tell(): void {
    this.#announceAgain()
    if (this.#options.isOn) this.#sayTests()
  }

  #sayTests(): void {
    const { speakers, say } = this.#options
    const macs = [...speakers()].map(([node, each]) => [node, each.macs] as const)
    const tests: Tests = { macs, controls: this.#controls(), suspects: this.#suspects() }
    const text = fingerprint(tests)
    if (text === this.#told) return
    this.#told = text
    say({ kind: 'tests', ...tests })
  }

  #controls(): readonly Address[] {
    const routers = this.#options.gateways().flatMap((text) => parseAddress(text) ?? [])
    const nodes = this.#others().flatMap(([, { own }]) => own)
    return [...routers, ...nodes].slice(0, mostControls)
  }

  #suspects(): readonly Address[] {
    const texts = this.#others().flatMap(([, { findings }]) => findings.map(({ address }) => address))
    return [...new Set(texts)].flatMap((text) => parseAddress(text) ?? [])
  }

  #announceAgain(): void {
    const before = this.#accusations
    const mine = this.#others().flatMap(([witness, { findings }]) =>
      findings
        .filter(({ node, result }) => node === this.#options.node && result !== 'AnsweredTwice')
        .map(({ address, since }) => ({ address, name: `${witness} ${address} ${since}` })),
    )
    this.#accusations = new Set(mine.map(({ name }) => name))
    const texts = new Set(mine.flatMap(({ name, address }) => (before.has(name) ? [] : address)))
    const due = [...texts].filter((text) => this.#mayAnnounce(text))
    if (due.length === 0) return
    for (const text of due) this.#announcedAt.set(text, this.#now())
    this.#options.say({ kind: 'announceAgain', addresses: due.flatMap((text) => parseAddress(text) ?? []) })
  }

  #mayAnnounce(text: string): boolean {
    for (const [each, at] of this.#announcedAt) {
      if (this.#now() - at >= againApartMs) this.#announcedAt.delete(each)
    }
    return !this.#announcedAt.has(text)
  }

  #others(): readonly (readonly [node: string, Said])[] {
    return [...this.#options.speakers()].filter(([node]) => node !== this.#options.node)
  }

  [Symbol.dispose](): void {
    this.#soon[Symbol.dispose]()
  }
}
