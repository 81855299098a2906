import type { FirstTry } from '../../core/announcement/first-try.ts'
import { Newcomers, type Newcomer, type Standing } from '../../core/announcement/newcomers.ts'
import { beginTrial, hearProxy, isOver, isToAskProxy } from '../../core/announcement/trial.ts'
import { outcomeOf, proxySyncIn, type Trial, type TrialOutcome } from '../../core/announcement/trial.ts'
import { formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'
import { Attempts, type AttemptsOptions } from './attempts.ts'
import type { FromWire } from './messages.ts'
import { ProxySyncs } from './proxy-syncs.ts'

export interface FirstTriesOptions extends Pick<AttemptsOptions, 'connects'> {
  /** Where kube-proxy has its metrics; undefined when it is not asked. */
  readonly proxyMetrics: string | undefined
  /** Whether nobody has asked the LAN lately who has the address. */
  readonly isUnasked: (text: string) => boolean
  /** Whether the address stands in the status of a Service. */
  readonly isPublic: (first: FirstTry) => boolean
  /** The addresses that are held back now, whenever that changes. */
  readonly onChange: (heldBack: readonly Address[]) => void
  /** Those of them that the LAN is to be asked for, whenever that changes. */
  readonly onAsk: (asked: readonly FirstTry[]) => void
  /** How the wait of an address ended, and how long it was. */
  readonly onOutcome: (first: FirstTry, outcome: TrialOutcome, heldMs: number) => void
  readonly now?: () => number
}

type Told<Kind extends FromWire['kind']> = Extract<FromWire, { readonly kind: Kind }>

/** So often a connection is tried, over all addresses: at most 250 a second. */
const tickMs = 4

/**
 * Holds back each new address of this node until it is known to forward and nobody else is known to have the address, or
 * the bound passes.
 */
export class FirstTries implements Disposable {
  readonly #options: FirstTriesOptions
  readonly #now: () => number
  readonly #attempts: Attempts
  readonly #syncs: ProxySyncs
  readonly #newcomers = new Newcomers()
  readonly #trials = new Map<string, Trial>()
  #telling: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #asked: readonly FirstTry[] = []
  #ended = false

  constructor(options: FirstTriesOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#attempts = new Attempts({
      connects: options.connects,
      trials: () => this.#trials.values(),
      onConnected: (trial) => this.#connected(trial),
      now: this.#now,
    })
    this.#syncs = new ProxySyncs(options.proxyMetrics, (metrics) => this.#hearProxy(metrics))
  }

  /** All that is held back now, by its text, and why. */
  get heldBack(): ReadonlyMap<string, Trial> {
    return this.#trials
  }

  get #all(): readonly Trial[] {
    return [...this.#trials.values()]
  }

  /** Takes note of what there is: what is new here is held back before this returns. */
  note(standing: Standing): void {
    const now = this.#now()
    const gone = this.#follow(standing.tries)
    const newcomers = this.#newcomers.note(standing, now)
    for (const { first, isNewlyServed } of newcomers) {
      if (isNewlyServed && !first.isWanted) this.#options.onOutcome(first, 'optedOut', 0)
    }
    const begun = newcomers.filter((newcomer) => this.#begin(newcomer, now))
    if (gone + begun.length > 0) this.#tell()
    if (begun.length > 0) this.#tickIn(0)
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

  /** Answers how many are not to be announced here any more. What nothing serves behind has nothing to forward. */
  #follow(tries: readonly FirstTry[]): number {
    const now = new Map(tries.map((first) => [first.text, first]))
    let gone = 0
    for (const [text, trial] of this.#trials) {
      const first = now.get(text)
      if (first) trial.first = first
      if (!first?.isServed) trial.forwards = undefined
      if (!first && this.#trials.delete(text)) gone++
    }
    return gone
  }

  /** True when there is something to wait for. */
  #begin({ first, isNewlyPlaced, isNewlyServed }: Newcomer, now: number): boolean {
    const isAsked = isNewlyPlaced && this.#options.isUnasked(first.text)
    const isTried = isNewlyServed && first.isWanted
    if (!isAsked && !isTried) return false
    const others = isAsked ? 'asking' : (this.#trials.get(first.text)?.others ?? 'none')
    const trial = beginTrial(first, { forwards: isTried ? 'notYet' : undefined, others }, now)
    this.#trials.set(first.text, trial)
    return true
  }

  #tickIn(delayMs: number): void {
    if (!this.#ended) this.#timer ??= setTimeout(() => this.#tick(), delayMs)
  }

  /** Lets go what is due, and tries what is left. While somebody else has an address there is nothing to do for it. */
  #tick(): void {
    this.#timer = undefined
    const now = this.#now()
    for (const trial of this.#trials.values()) if (isOver(trial, now)) this.#release(trial)
    this.#attempts.tick()
    if (this.#all.some(isToAskProxy)) this.#syncs.look(now)
    if (this.#all.some(({ others }) => others !== 'foreign')) this.#tickIn(tickMs)
  }

  /** The same address may have come anew while this one was tried. */
  #connected(trial: Trial): boolean {
    if (this.#trials.get(trial.first.text) !== trial || trial.forwards !== 'notYet') return false
    trial.forwards = 'ready'
    if (isOver(trial, this.#now())) this.#release(trial)
    return true
  }

  #hearProxy(metrics: string | undefined): void {
    const now = this.#now()
    const wallNow = Date.now()
    for (const trial of this.#all.filter(isToAskProxy)) {
      const { first } = trial
      if (this.#options.isPublic(first)) trial.publicAt ??= wallNow
      hearProxy(trial, proxySyncIn(metrics ?? '', first.address.family), now)
      if (isOver(trial, now)) this.#release(trial)
    }
  }

  #settle(address: Address, others: Trial['others']): void {
    const trial = this.#trials.get(formatAddress(address))
    if (!trial) return
    trial.others = others
    if (isOver(trial, this.#now())) this.#release(trial)
    else this.#tickIn(0)
  }

  /** Those that are let go in one moment are told of together. */
  #release(trial: Trial): void {
    const outcome = outcomeOf(trial)
    this.#trials.delete(trial.first.text)
    if (outcome) this.#options.onOutcome(trial.first, outcome, this.#now() - trial.since)
    this.#telling ??= setImmediate(() => this.#tell())
  }

  #tell(): void {
    clearImmediate(this.#telling)
    this.#telling = undefined
    this.#options.onChange(this.#all.map(({ first }) => first.address))
    const asked = this.#all.filter(({ others }) => others !== 'none').map(({ first }) => first)
    if (asked.length + this.#asked.length > 0) this.#options.onAsk(asked)
    this.#asked = asked
  }

  [Symbol.dispose](): void {
    this.#ended = true
    clearTimeout(this.#timer)
    clearImmediate(this.#telling)
  }
}
