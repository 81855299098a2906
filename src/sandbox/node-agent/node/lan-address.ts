import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Asking the kernel for all its addresses costs a millisecond, and every connection wants to know. */
const freshMs = 1000

/** The IPv4 address of one interface; the last one seen while its link is down. */
export class LanAddress {
  readonly #interface: string
  #last: string | undefined
  #lookedMs = -Infinity

  constructor(interfaceName: string) {
    this.#interface = interfaceName
  }

  /** Waits until the interface has an address. */
  async found(): Promise<void> {
    while (this.#look() === undefined) await sleep(100)
  }

  get current(): string {
    const isFresh = performance.now() - this.#lookedMs < freshMs
    return (isFresh ? this.#last : this.#look()) ?? ''
  }

  #look(): string | undefined {
    const entries = networkInterfaces()[this.#interface] ?? []
    this.#last = entries.find((entry) => entry.family === 'IPv4')?.address ?? this.#last
    this.#lookedMs = performance.now()
    return this.#last
  }
}
