import { manyHeldBack, type SpeakerStatus } from '../../core/api/speaker.ts'
import type { FirstTry } from '../../core/announcement/first-try.ts'
import type { Trial, TrialOutcome } from '../../core/announcement/trial.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'

export interface HeldBackOptions {
  readonly trials: () => ReadonlyMap<string, Trial>
  /** The status says something else now. */
  readonly onNews: () => void
}

/** What is over sooner is nobody's news: it would cost a write of the status, and put off the next one. */
const tellAfterMs = 200

/** What the status says of new addresses: which are held back, and which are announced though they were. */
export class HeldBack implements Disposable {
  readonly #options: HeldBackOptions
  readonly #unproven = new Set<string>()
  readonly #moments = new WeakMap<Trial, { readonly since: string; readonly until: string }>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: HeldBackOptions) {
    this.#options = options
  }

  /** Those that wait for more than a moment, as many as the status has room for. */
  get told(): NonNullable<SpeakerStatus['heldBack']> {
    const now = performance.now()
    const long = [...this.#options.trials().values()].filter(({ since, others }) => {
      return others !== 'foreign' && now - since >= tellAfterMs
    })
    return long.slice(0, manyHeldBack).map((trial) => ({
      address: trial.first.text,
      ...this.#momentsOf(trial, now),
      waitsFor: trial.forwards === 'notYet' ? 'Forwarding' : 'Answers',
    }))
  }

  /** Reckoned once: the two clocks drift by fractions, and each time it would be another word to write. */
  #momentsOf(trial: Trial, now: number): { readonly since: string; readonly until: string } {
    const zero = Date.now() - now
    const moments = this.#moments.get(trial) ?? {
      since: momentOf(zero + trial.since),
      until: momentOf(zero + trial.until),
    }
    this.#moments.set(trial, moments)
    return moments
  }

  isHeldBack(address: Address): boolean {
    return this.#options.trials().has(formatAddress(address))
  }

  /** Whether it is announced only because the bound had passed. */
  isUnproven(address: Address): boolean {
    return this.#unproven.has(formatAddress(address))
  }

  /** Other addresses than before are held back. */
  noteChange(): void {
    this.#options.onNews()
    if (this.#options.trials().size > 0) this.#timer ??= setTimeout(() => this.#look(), tellAfterMs)
  }

  noteOutcome({ text }: FirstTry, outcome: TrialOutcome): void {
    if (outcome === 'boundReached') this.#unproven.add(text)
    else this.#unproven.delete(text)
  }

  /** What is not to be announced here any more is as good as new when it comes again. */
  keepOnly(tries: readonly FirstTry[]): void {
    if (this.#unproven.size === 0) return
    const texts = new Set(tries.map(({ text }) => text))
    for (const text of this.#unproven) if (!texts.has(text)) this.#unproven.delete(text)
  }

  /** Some may have come since. */
  #look(): void {
    this.#timer = undefined
    this.noteChange()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

function momentOf(wallMs: number): string {
  return new Date(Math.round(wallMs)).toISOString()
}
