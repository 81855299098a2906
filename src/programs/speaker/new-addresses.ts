import { addressesInUse, firstTriesOf, servedAmong } from '../../core/announcement/first-try.ts'
import type { FirstTry } from '../../core/announcement/first-try.ts'
import type { TrialOutcome } from '../../core/announcement/trial.ts'
import type { DutyView } from '../../core/election/duties.ts'
import type { Duty } from '../../core/election/event.ts'
import type { Address } from '../../core/ip/address.ts'
import { connects } from '../../platform/network/connects.ts'
import { FirstTries } from './first-tries.ts'
import { HeldBack } from './held-back.ts'
import { LooksDesk } from './looks-desk.ts'
import type { FromWire, ToWire } from './messages.ts'

export interface NewAddressesOptions {
  readonly node: string
  readonly view: () => DutyView
  readonly ownInterfaces: () => readonly string[]
  readonly say: (message: ToWire) => void
  /** Where the kube-proxy of this node has its metrics; undefined when it is not asked. */
  readonly proxyMetrics: string | undefined
  readonly onHeldBack: () => void
  readonly onOutcome: (first: FirstTry, outcome: TrialOutcome, heldMs: number) => void
}

/** What has to be known of an address before it is announced for the first time: that nobody else has it, and that it works. */
export class NewAddresses implements Disposable {
  readonly #options: NewAddressesOptions
  readonly #looks: LooksDesk
  readonly #tries: FirstTries
  /** What the status says of it. */
  readonly heldBack: HeldBack

  constructor(options: NewAddressesOptions) {
    const { say, view, ownInterfaces, proxyMetrics, onOutcome } = options
    this.#options = options
    this.#looks = new LooksDesk({ view, ownInterfaces, say: (looks) => say({ kind: 'looks', ...looks }) })
    this.#tries = new FirstTries({
      connects,
      proxyMetrics,
      onOutcome: (first, outcome, heldMs) => {
        this.heldBack.noteOutcome(first, outcome)
        onOutcome(first, outcome, heldMs)
      },
      isPublic: (first) => isPublic(first, view()),
      isUnasked: (text) => this.#looks.isUnasked(text),
      onChange: (addresses) => {
        say({ kind: 'heldBack', addresses })
        this.heldBack.noteChange()
      },
      onAsk: (asked) => this.#looks.askFirst(asked),
    })
    this.heldBack = new HeldBack({ trials: () => this.#tries.heldBack, onNews: options.onHeldBack })
  }

  /** Takes note of what is to be announced; what is new here is held back before anything else is told of it. */
  noteDuties(duties: readonly Duty[]): void {
    const view = this.#options.view()
    const tries = firstTriesOf(view, this.#options.node, duties)
    this.heldBack.keepOnly(tries)
    this.#tries.note({ tries, inUse: addressesInUse(view), served: servedAmong(duties) })
  }

  /** Other addresses than before are listed to be asked for. */
  noteLists(): void {
    this.#looks.noteLists()
  }

  /** Something changed that decides who asks, and where. */
  noteChange(): void {
    this.#looks.request()
  }

  hear(message: FromWire): void {
    this.#tries.hear(message)
  }

  /** Whether the address is not announced because somebody else has it. */
  isWithheld(address: Address): boolean {
    return this.#tries.isWithheld(address)
  }

  [Symbol.dispose](): void {
    this.#tries[Symbol.dispose]()
    this.heldBack[Symbol.dispose]()
    this.#looks[Symbol.dispose]()
  }
}

function isPublic({ text, services }: FirstTry, view: DutyView): boolean {
  return services.some((key) => view.services.get(key)?.holds.includes(text))
}
