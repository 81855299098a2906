import { setTimeout as sleep } from 'node:timers/promises'
import { firstTryBoundMs } from '../../core/announcement/first-try.ts'
import type { FirstTry } from '../../core/announcement/first-try.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'
import type { FromWire } from './messages.ts'

export interface FirstTriesOptions {
  /** Whether a TCP connection to the address and port comes about within a few milliseconds. */
  readonly connects: (address: string, port: number) => Promise<boolean>
  /** Whether nobody has asked the LAN lately who has the address. */
  readonly isUnasked: (text: string) => boolean
  /** The addresses that are held back now, whenever that changes. */
  readonly onChange: (heldBack: readonly Address[]) => void
  /** Those of them that the LAN is to be asked for, whenever that changes. */
  readonly onAsk: (asked: readonly FirstTry[]) => void
  readonly now?: () => number
}

const apartMs = 2
/** Thousands of new addresses at once must not stop all else here: the more there are, the less often each is tried. */
const apartMsForEach = 1
const mostAtOnce = 16

type Told<Kind extends FromWire['kind']> = Extract<FromWire, { readonly kind: Kind }>

/** One address that is held back: until it forwards, and until it is known that nobody else has it. */
interface Trial {
  readonly first: FirstTry
  readonly untilMs: number
  isForwarding: boolean
  /** `foreign`: somebody else answers for it, and it is held back however long that lasts. */
  others: 'none' | 'asking' | 'foreign'
  /** The interfaces on which somebody else does. */
  readonly foreignOn: Set<string>
}

/**
 * Holds back each new address of this node until a connection through its own kube-proxy comes about and nobody else is
 * known to have the address, or the bound passes.
 */
export class FirstTries implements Disposable {
  readonly #options: FirstTriesOptions
  readonly #now: () => number
  readonly #trials = new Map<string, Trial>()
  #connecting = 0
  #telling: NodeJS.Immediate | undefined
  /** Since when each address is in use anywhere. */
  #known: ReadonlyMap<string, number> | undefined
  #here: ReadonlySet<string> = new Set()
  #asked: readonly FirstTry[] = []
  #ended = false

  constructor(options: FirstTriesOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /**
   * Takes note of what is placed here, and of every address in use anywhere. What was in use for longer than a try takes
   * is not new here, nor is what the first call finds: it may have been public for long. A Service's status may be heard
   * of before the placement of its address.
   */
  note(placed: readonly FirstTry[], inUse: Iterable<string>): void {
    const newSince = this.#now() - firstTryBoundMs
    this.#noteInUse(inUse)
    const before = this.#here
    this.#here = new Set(placed.map(({ text }) => text))
    const gone = [...this.#trials.keys()].filter((text) => !this.#here.has(text))
    const fresh = placed.filter(({ text }) => {
      return !before.has(text) && (this.#known?.get(text) ?? -Infinity) > newSince
    })
    for (const text of gone) this.#trials.delete(text)
    const begun = fresh.filter((each) => this.#begin(each))
    if (gone.length + begun.length > 0) this.#tell()
  }

  #noteInUse(inUse: Iterable<string>): void {
    const known = this.#known
    const now = known ? this.#now() : -Infinity
    this.#known = new Map([...inUse].map((text) => [text, known?.get(text) ?? now]))
  }

  /** Takes in what came of asking the LAN. */
  hear(message: FromWire): void {
    if (message.kind === 'clear') this.#settle(message.address, 'none')
    if (message.kind === 'foreign' || message.kind === 'foreignOver') this.#noteForeign(message)
  }

  /** It is over once it is so on every interface. */
  #noteForeign({ kind, sighting: { address, interface: name } }: Told<'foreign' | 'foreignOver'>): void {
    const on = this.#trials.get(formatAddress(address))?.foreignOn ?? new Set()
    if (kind === 'foreign') on.add(name)
    else on.delete(name)
    this.#settle(address, on.size > 0 ? 'foreign' : 'asking')
  }

  /** Whether the address is held back because somebody else has it. */
  isWithheld(address: Address): boolean {
    return this.#trials.get(formatAddress(address))?.others === 'foreign'
  }

  /** True when there is something to wait for. */
  #begin(first: FirstTry): boolean {
    const isForwarding = !first.isWanted || first.port === undefined
    const others = this.#options.isUnasked(first.text) ? 'asking' : 'none'
    if (isForwarding && others === 'none') return false
    const untilMs = this.#now() + firstTryBoundMs
    const trial: Trial = { first, untilMs, isForwarding, others, foreignOn: new Set() }
    this.#trials.set(first.text, trial)
    void this.#try(trial)
    return true
  }

  /** Ends when all is well, when the bound has passed, or when the address is gone again. */
  async #try(trial: Trial): Promise<void> {
    while (this.#isTried(trial)) {
      if (!trial.isForwarding) trial.isForwarding = await this.#connects(trial.first)
      if (this.#isOver(trial)) return this.#release(trial)
      await sleep(this.#pauseMs(trial))
    }
  }

  /** While somebody else has the address there is time. */
  #pauseMs({ others, untilMs }: Trial): number {
    if (others === 'foreign') return firstTryBoundMs
    const leftMs = Math.max(apartMs, untilMs - this.#now())
    return Math.min(leftMs, Math.max(apartMs, this.#trials.size * apartMsForEach))
  }

  #isTried(trial: Trial): boolean {
    return !this.#ended && this.#trials.get(trial.first.text) === trial
  }

  #isOver({ isForwarding, others, untilMs }: Trial): boolean {
    return others !== 'foreign' && ((isForwarding && others === 'none') || this.#now() >= untilMs)
  }

  async #connects({ text, port }: FirstTry): Promise<boolean> {
    if (this.#connecting >= mostAtOnce || port === undefined) return false
    this.#connecting++
    try {
      return await this.#options.connects(text, port)
    } finally {
      this.#connecting--
    }
  }

  #settle(address: Address, others: Trial['others']): void {
    const trial = this.#trials.get(formatAddress(address))
    if (!trial) return
    trial.others = others
    if (this.#isOver(trial)) this.#release(trial)
  }

  /** The same address may have come anew while this one was tried. */
  #release(trial: Trial): void {
    if (!this.#isTried(trial)) return
    this.#trials.delete(trial.first.text)
    this.#telling ??= setImmediate(() => this.#tell())
  }

  #tell(): void {
    clearImmediate(this.#telling)
    this.#telling = undefined
    const trials = [...this.#trials.values()]
    this.#options.onChange(trials.map(({ first }) => first.address))
    const asked = trials.filter(({ others }) => others !== 'none').map(({ first }) => first)
    if (asked.length + this.#asked.length > 0) this.#options.onAsk(asked)
    this.#asked = asked
  }

  [Symbol.dispose](): void {
    this.#ended = true
    clearImmediate(this.#telling)
  }
}
