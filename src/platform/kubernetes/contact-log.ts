import type { Log } from '../telemetry/log.ts'
import { isGone } from './api-error.ts'
import { explain, isRefusal } from './explain.ts'
import type { Explanation, TroubleKind } from './explain.ts'

export interface ContactLogOptions {
  readonly log: Pick<Log, 'debug' | 'info' | 'warn'>
  /** What it means that the API server is away: before it was ever read whole, and after. */
  readonly meaning: { readonly before: string; readonly after: string }
}

const headline: Readonly<Record<TroubleKind, string>> = {
  away: 'the API server is away',
  untrusted: 'the API server cannot be trusted',
  unknown: 'the API server does not know who asks',
  forbidden: 'the API server refuses',
  absent: 'the API server does not know what is asked for',
  other: 'the API server does not answer as it should',
}

/**
 * What stands between a program and the API server: each kind of trouble is told once, with its reason, until what it
 * was told of is well again; and once that all is well. What fails meanwhile is detail.
 */
export class ContactLog {
  readonly #options: ContactLogOptions
  /** By what was asked for; in the order in which they began. */
  readonly #troubles = new Map<string, Explanation>()
  readonly #told = new Map<TroubleKind, string>()
  #hadContact = false

  constructor(options: ContactLogOptions) {
    this.#options = options
  }

  /** In words, one line for each kind. */
  get troubles(): readonly string[] {
    return this.#firstOfEachKind().map(({ words }) => words)
  }

  /** Those that do not pass by themselves: somebody has to grant or install something. */
  get refusals(): readonly string[] {
    const refused = this.#firstOfEachKind().filter(({ kind }) => isRefusal(kind))
    return refused.map(({ words }) => words)
  }

  /** All is well, or no more. */
  note(contact: boolean): void {
    if (!contact) return
    const words = this.#hadContact ? 'the API server is back' : 'the API server is there'
    this.#options.log.info(words)
    this.#hadContact = true
    this.#told.clear()
  }

  /** What was asked for was answered. */
  heard(path: string): void {
    const trouble = this.#troubles.get(path)
    this.#troubles.delete(path)
    if (trouble && this.#told.get(trouble.kind) === path) this.#told.delete(trouble.kind)
  }

  /** A request or a watch has failed. */
  failed(path: string, err: Error): void {
    if (isGone(err)) return this.#options.log.debug({ path, err }, 'a watch is begun anew')
    const trouble = explain(err)
    this.#troubles.set(path, trouble)
    if (this.#told.has(trouble.kind)) this.#options.log.debug({ path, err }, 'failed; trying again')
    else this.#tell(path, trouble)
  }

  /** What a watch brought could not be taken in, though the watch is well. */
  oddity(path: string, err: Error): void {
    this.#options.log.warn({ path, err }, 'what a watch brought could not be taken in')
  }

  #tell(path: string, { kind, words }: Explanation): void {
    this.#told.set(kind, path)
    const { log, meaning } = this.#options
    const held = this.#hadContact ? meaning.after : meaning.before
    log.warn({ path, reason: words }, `${headline[kind]}; ${held}`)
  }

  #firstOfEachKind(): readonly Explanation[] {
    const all = [...this.#troubles.values()]
    return all.filter(({ kind }, at) => all.findIndex((other) => other.kind === kind) === at)
  }
}
