import { aheadOf, askedAhead, firstQuestionOf } from '../../core/announcement/ahead.ts'
import type { FirstTry } from '../../core/announcement/first-try.ts'
import { listedAfter, noneListed, wasAskedFor } from '../../core/announcement/listed.ts'
import type { DutyView } from '../../core/election/duties.ts'
import { fingerprint } from './fingerprint.ts'
import type { Looks } from './messages.ts'
import { Soon } from './soon.ts'

export interface LooksDeskOptions {
  readonly view: () => DutyView
  readonly ownInterfaces: () => readonly string[]
  readonly say: (looks: Looks) => void
  readonly now?: () => number
}

/** What is said of pools and nodes changes with every Service; what is asked for ahead need not follow as fast. */
const pace = { delayMs: 20, apartMs: 200 }
/** Who waits to be announced is asked for soon; the worker reads the whole list each time. */
const firstPace = { delayMs: 0, apartMs: 50 }

/** Tells the worker which addresses to ask the LAN for, and knows which ones were asked for lately. */
export class LooksDesk implements Disposable {
  readonly #options: LooksDeskOptions
  readonly #now: () => number
  readonly #soon = new Soon(() => this.#tell(), pace)
  readonly #soonFirst = new Soon(() => this.#say(), firstPace)
  #listed = noneListed
  #first: readonly FirstTry[] = []
  #ahead: Looks['ahead'] = []
  #told = ''

  constructor(options: LooksDeskOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /** Something changed that this is made of. */
  request(): void {
    this.#soon.request()
  }

  /** Notes what the pools list, before anything is given out of that. */
  noteLists(): void {
    const { pools } = this.#options.view()
    // What is listed beyond as many as are asked for was not asked for.
    const listed = askedAhead(pools).filter(({ kind }) => kind === 'probe')
    const foreign = new Set(
      [...pools.values()].flatMap(({ quarantine }) => quarantine.map(({ text }) => text)),
    )
    this.#listed = listedAfter(
      this.#listed,
      listed.map(({ text }) => text),
      foreign,
      this.#now(),
    )
    this.request()
  }

  /** Whether the address is to be asked for before it is announced for the first time. */
  isUnasked(text: string): boolean {
    return !wasAskedFor(this.#listed, text, this.#now())
  }

  /** These wait for what comes of asking for them: those that are new are asked for at once. */
  askFirst(first: readonly FirstTry[]): void {
    const before = new Set(this.#first)
    this.#first = first
    if (first.every((each) => before.has(each))) this.request()
    else this.#soonFirst.request()
  }

  #tell(): void {
    this.#ahead = aheadOf(this.#options.view(), this.#options.ownInterfaces())
    this.#say()
  }

  #say(): void {
    const view = this.#options.view()
    const own = this.#options.ownInterfaces()
    const first = this.#first.map((each) => firstQuestionOf(view, each, own))
    const macs = [...view.speakers.values()].flatMap((speaker) => speaker.macs)
    const looks: Looks = { ahead: this.#ahead, first, macs }
    const text = fingerprint(looks)
    if (text === this.#told) return
    this.#told = text
    this.#options.say(looks)
  }

  [Symbol.dispose](): void {
    this.#soon[Symbol.dispose]()
    this.#soonFirst[Symbol.dispose]()
  }
}
