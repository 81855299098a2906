/** So many lines of one kind are written in so many milliseconds. */
const most = 20
const withinMs = 10_000

/** What becomes of a line: written, written as the last one for a while, or not written. */
export type Verdict = 'write' | 'last' | 'omit'

/** Keeps the log readable when a thousand addresses have the same trouble at once. */
export class LineLimit {
  readonly #now: () => number
  readonly #written = new Map<string, { count: number; readonly sinceMs: number }>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** `kind` is one of a closed list. */
  verdictOn(kind: string): Verdict {
    const now = this.#now()
    const known = this.#written.get(kind)
    if (known === undefined || now - known.sinceMs >= withinMs) {
      this.#written.set(kind, { count: 1, sinceMs: now })
      return 'write'
    }
    known.count++
    if (known.count > most) return 'omit'
    return known.count === most ? 'last' : 'write'
  }
}
