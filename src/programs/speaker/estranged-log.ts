import { estrangedName, estrangedText } from '../../core/election/estranged-words.ts'
import type { SpeakerEstranged } from '../../core/election/estranged-words.ts'
import type { Log } from '../../platform/telemetry/log.ts'

/** Tells the log of other speakers that are noticed and are no peers: one line for all that are new, one when none is left. */
export class EstrangedLog {
  readonly #log: Pick<Log, 'info' | 'warn'>
  #told: ReadonlySet<string> = new Set()

  constructor(log: Pick<Log, 'info' | 'warn'>) {
    this.#log = log
  }

  note(all: readonly SpeakerEstranged[]): void {
    const fresh = all.filter((each) => !this.#told.has(estrangedName(each)))
    if (fresh.length > 0) this.#log.warn(estrangedText(fresh))
    if (all.length === 0 && this.#told.size > 0)
      this.#log.info('every speaker that is noticed is a peer again, or gone')
    this.#told = new Set(all.map(estrangedName))
  }
}
