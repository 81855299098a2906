import { isGone } from '../../platform/kubernetes/api-error.ts'
import type { Log } from '../../platform/telemetry/log.ts'

/** Says once that the API server is lost and why, and once that it is back; what fails meanwhile is detail. */
export class ContactLog {
  readonly #log: Log
  #hadContact = false
  #lost = false

  constructor(log: Log) {
    this.#log = log
  }

  note(contact: boolean): void {
    if (!contact) return
    this.#log.info(this.#hadContact ? 'the API server is back' : 'the API server is there')
    this.#hadContact = true
    this.#lost = false
  }

  /** A watch has failed, or what it brought could not be taken in. */
  noteProblem(path: string, err: Error, contact: boolean): void {
    if (contact && !isGone(err)) this.#log.warn({ path, err }, 'what a watch brought could not be taken in')
    else if (contact || this.#lost) this.#log.debug({ path, err }, 'a watch failed; trying again')
    else this.#noteLoss(path, err)
  }

  #noteLoss(path: string, { message }: Error): void {
    this.#lost = true
    const held = this.#hadContact
      ? 'what it said last goes on to hold'
      : 'nothing is announced before it was read'
    this.#log.warn({ path, reason: message }, `the API server is away; ${held}`)
  }
}
