import { setTimeout as sleep } from 'node:timers/promises'
import { firstTryBoundMs } from '../../core/announcement/first-try.ts'
import type { FirstTry } from '../../core/announcement/first-try.ts'
import type { Address } from '../../core/ip/address.ts'

export interface FirstTriesOptions {
  /** Whether a TCP connection to the address and port comes about within a few milliseconds. */
  readonly connects: (address: string, port: number) => Promise<boolean>
  /** The addresses that are held back now, whenever that changes. */
  readonly onChange: (heldBack: readonly Address[]) => void
  readonly now?: () => number
}

interface Trying extends FirstTry {
  /** When it became public. */
  readonly since: number | undefined
}

const apartMs = 2

/** Holds back each new address of this node until a connection through its own kube-proxy comes about, or the bound passes. */
export class FirstTries implements Disposable {
  readonly #options: FirstTriesOptions
  readonly #now: () => number
  readonly #trying = new Map<string, Trying>()
  #known: ReadonlySet<string> | undefined
  #ended = false

  constructor(options: FirstTriesOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /**
   * Takes note of what is placed here, and of every address in use anywhere. What was in use before is not new here, nor
   * is what the first call finds: it may have been public for long.
   */
  note(placed: readonly FirstTry[], inUse: Iterable<string>): void {
    const known = this.#known
    this.#known = new Set(inUse)
    const before = this.#trying.size
    const here = new Set(placed.map(({ text }) => text))
    for (const text of this.#trying.keys()) if (!here.has(text)) this.#trying.delete(text)
    for (const each of placed) this.#consider(each, known === undefined || known.has(each.text))
    if (this.#trying.size !== before) this.#tell()
  }

  #consider(each: FirstTry, isKnown: boolean): void {
    const trying = this.#trying.get(each.text)
    if (!trying && (isKnown || !each.isWanted || each.port === undefined)) return
    const since = trying?.since ?? (each.isPublic ? this.#now() : undefined)
    this.#trying.set(each.text, { ...each, since })
    if (since !== trying?.since) void this.#try(each.text)
  }

  /** Ends when a connection came about, when the bound has passed, or when the address is gone again. */
  async #try(text: string): Promise<void> {
    for (;;) {
      const trying = this.#trying.get(text)
      if (this.#ended || trying?.port === undefined || trying.since === undefined) return
      const inTime = this.#now() - trying.since < firstTryBoundMs
      if (!inTime || (await this.#options.connects(text, trying.port))) break
      await sleep(apartMs)
    }
    if (this.#trying.delete(text)) this.#tell()
  }

  #tell(): void {
    this.#options.onChange([...this.#trying.values()].map(({ address }) => address))
  }

  [Symbol.dispose](): void {
    this.#ended = true
  }
}
