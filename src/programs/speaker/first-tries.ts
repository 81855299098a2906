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

const apartMs = 2
/** Thousands of new addresses at once must not stop all else here: the more there are, the less often each is tried. */
const apartMsForEach = 1
const mostAtOnce = 16

/** Holds back each new address of this node until a connection through its own kube-proxy comes about, or the bound passes. */
export class FirstTries implements Disposable {
  readonly #options: FirstTriesOptions
  readonly #now: () => number
  readonly #trying = new Map<string, FirstTry>()
  #connecting = 0
  #telling: NodeJS.Immediate | undefined
  /** Since when each address is in use anywhere. */
  #known: ReadonlyMap<string, number> | undefined
  #here: ReadonlySet<string> = new Set()
  #ended = false

  constructor(options: FirstTriesOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /**
   * Takes note of what is placed here, and of every address in use anywhere. What has been in use for longer than a try
   * takes is not new here, nor is what the first call finds: it may have been public for long. Of a new address the
   * Service's status may be heard of before the placement.
   */
  note(placed: readonly FirstTry[], inUse: Iterable<string>): void {
    this.#noteInUse(inUse)
    const before = this.#here
    this.#here = new Set(placed.map(({ text }) => text))
    const gone = [...this.#trying.keys()].filter((text) => !this.#here.has(text))
    const fresh = placed.filter(isToBeTried).filter(({ text }) => !before.has(text) && this.#isNew(text))
    for (const text of gone) this.#trying.delete(text)
    for (const each of fresh) void this.#try(each)
    if (gone.length + fresh.length > 0) this.#tell()
  }

  #noteInUse(inUse: Iterable<string>): void {
    const known = this.#known
    const now = known ? this.#now() : -Infinity
    this.#known = new Map([...inUse].map((text) => [text, known?.get(text) ?? now]))
  }

  #isNew(text: string): boolean {
    return (this.#known?.get(text) ?? -Infinity) > this.#now() - firstTryBoundMs
  }

  /** Ends when a connection came about, when the bound has passed, or when the address is gone again. */
  async #try(each: FirstTry & { readonly port: number }): Promise<void> {
    this.#trying.set(each.text, each)
    const untilMs = this.#now() + firstTryBoundMs
    while (!this.#ended && this.#trying.get(each.text) === each) {
      if (this.#now() >= untilMs || (await this.#connects(each))) return this.#release(each)
      const leftMs = Math.max(apartMs, untilMs - this.#now())
      await sleep(Math.min(leftMs, Math.max(apartMs, this.#trying.size * apartMsForEach)))
    }
  }

  async #connects({ text, port }: FirstTry & { readonly port: number }): Promise<boolean> {
    if (this.#connecting >= mostAtOnce) return false
    this.#connecting++
    try {
      return await this.#options.connects(text, port)
    } finally {
      this.#connecting--
    }
  }

  /** The same address may have come anew while this one was tried. */
  #release(each: FirstTry): void {
    if (this.#ended || this.#trying.get(each.text) !== each) return
    this.#trying.delete(each.text)
    this.#telling ??= setImmediate(() => this.#tell())
  }

  #tell(): void {
    clearImmediate(this.#telling)
    this.#telling = undefined
    this.#options.onChange([...this.#trying.values()].map(({ address }) => address))
  }

  [Symbol.dispose](): void {
    this.#ended = true
    clearImmediate(this.#telling)
  }
}

function isToBeTried(each: FirstTry): each is FirstTry & { readonly port: number } {
  return each.isWanted && each.port !== undefined
}
