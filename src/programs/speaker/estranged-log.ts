import { estrangedName, estrangedText } from '../../core/election/estranged-words.ts'
import type { Log } from '../../platform/telemetry/log.ts'
import { estrangedOf } from './estranged-status.ts'
import type { FromWire } from './messages.ts'
import type { WireFacts } from './wire-facts.ts'

/** Tells the log of other speakers that are noticed and are no peers: one line for all that are new, one when none is left. */
export class EstrangedLog {
  readonly #log: Pick<Log, 'info' | 'warn'>
  readonly #wire: WireFacts
  readonly #nodeOf: (mac: bigint) => string | undefined
  #told: ReadonlySet<string> = new Set()

  constructor(log: Pick<Log, 'info' | 'warn'>, wire: WireFacts, nodeOf: (mac: bigint) => string | undefined) {
    this.#log = log
    this.#wire = wire
    this.#nodeOf = nodeOf
  }

  /** To be called when the facts have taken the message in. */
  note({ kind }: FromWire): void {
    if (kind === 'estranged' || kind === 'strangers') this.#tell()
  }

  #tell(): void {
    const all = estrangedOf(this.#wire, this.#nodeOf)
    const fresh = all.filter((each) => !this.#told.has(estrangedName(each)))
    if (fresh.length > 0) this.#log.warn(estrangedText(fresh))
    if (all.length === 0 && this.#told.size > 0)
      this.#log.info('every speaker that is noticed is a peer again, or gone')
    this.#told = new Set(all.map(estrangedName))
  }
}
