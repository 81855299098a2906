import { manyGateways } from '../../core/api/speaker-status.ts'
import { compareAddresses, formatAddress } from '../../core/ip/address.ts'
import { readGateways } from '../../platform/network/gateways.ts'
import type { Gateway } from '../../platform/network/gateways.ts'

export interface GatewaysOptions {
  readonly onChange: () => void
  readonly read?: () => Promise<readonly Gateway[]>
  readonly lookEveryMs?: number
}

/** Routes change without a word to us; who reads of a router may be this late. */
const lookEveryMs = 30_000

/**
 * The routers that this node reaches, by interface: looked at now and then, and whenever the interfaces are others. That
 * is for people who write AddressPools; nothing on the wire waits for it.
 */
export class Gateways implements Disposable {
  readonly #options: GatewaysOptions
  readonly #timer: NodeJS.Timeout
  #byInterface: ByInterface = new Map()
  #looking: Promise<void> = Promise.resolve()
  #ended = false

  constructor(options: GatewaysOptions) {
    this.#options = options
    this.look()
    this.#timer = setInterval(() => this.look(), options.lookEveryMs ?? lookEveryMs).unref()
  }

  /** As the status tells them: in order, and no more than it has room for. */
  of(name: string): readonly string[] {
    return this.#byInterface.get(name) ?? []
  }

  /** What cannot be read changes nothing. */
  look(): void {
    this.#looking = this.#looking.then(() => this.#look()).catch(() => undefined)
  }

  async #look(): Promise<void> {
    const found = byInterface(await (this.#options.read ?? readGateways)())
    if (this.#ended || isSame(found, this.#byInterface)) return
    this.#byInterface = found
    this.#options.onChange()
  }

  [Symbol.dispose](): void {
    this.#ended = true
    clearInterval(this.#timer)
  }
}

function byInterface(gateways: readonly Gateway[]): ByInterface {
  const inOrder = gateways.toSorted((a, b) => compareAddresses(a.address, b.address))
  const found = new Map<string, string[]>()
  for (const { interface: name, address } of inOrder) {
    const known = found.get(name) ?? []
    const text = formatAddress(address)
    if (known.length < manyGateways && !known.includes(text)) known.push(text)
    found.set(name, known)
  }
  return found
}

type ByInterface = ReadonlyMap<string, readonly string[]>

function isSame(a: ByInterface, b: ByInterface): boolean {
  return a.size === b.size && [...a].every(([name, texts]) => texts.join() === b.get(name)?.join())
}
