import { addressesInUse, firstTriesOf } from '../../core/announcement/first-try.ts'
import type { DutyView } from '../../core/election/duties.ts'
import type { Address } from '../../core/ip/address.ts'
import { connects } from '../../platform/network/connects.ts'
import { FirstTries } from './first-tries.ts'
import { LooksDesk } from './looks-desk.ts'
import type { FromWire, ToWire } from './messages.ts'

export interface NewAddressesOptions {
  readonly node: string
  readonly view: () => DutyView
  readonly ownInterfaces: () => readonly string[]
  readonly say: (message: ToWire) => void
}

/** What has to be known of an address before it is announced for the first time: that nobody else has it, and that it works. */
export class NewAddresses implements Disposable {
  readonly #options: NewAddressesOptions
  readonly #looks: LooksDesk
  readonly #tries: FirstTries

  constructor(options: NewAddressesOptions) {
    const { say, view, ownInterfaces } = options
    this.#options = options
    this.#looks = new LooksDesk({ view, ownInterfaces, say: (looks) => say({ kind: 'looks', ...looks }) })
    this.#tries = new FirstTries({
      connects,
      isUnasked: (text) => this.#looks.isUnasked(text),
      onChange: (addresses) => say({ kind: 'heldBack', addresses }),
      onAsk: (asked) => this.#looks.askFirst(asked),
    })
  }

  /** Takes note of what is placed here now; what is new is held back before anything else is told of it. */
  notePlaced(): void {
    const view = this.#options.view()
    this.#tries.note(firstTriesOf(view, this.#options.node), addressesInUse(view))
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
    this.#looks[Symbol.dispose]()
  }
}
