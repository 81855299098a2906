import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** The IPv4 address of one interface; the last one seen while its link is down. */
export class LanAddress {
  readonly #interface: string
  #last: string | undefined

  constructor(interfaceName: string) {
    this.#interface = interfaceName
  }

  /** Waits until the interface has an address. */
  async found(): Promise<void> {
    while (this.#look() === undefined) await sleep(100)
  }

  get current(): string {
    return this.#look() ?? ''
  }

  #look(): string | undefined {
    const entries = networkInterfaces()[this.#interface] ?? []
    this.#last = entries.find((entry) => entry.family === 'IPv4')?.address ?? this.#last
    return this.#last
  }
}
