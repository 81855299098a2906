/** What one client did to one resource how often; `changes` counts the writes that changed anything. */
interface Line {
  readonly verb: string
  readonly resource: string
  readonly userAgent: string
  count: number
  changes: number
}

/** Counts requests, so that a test can prove that nothing needless was asked or written. */
export class RequestLog {
  readonly #lines = new Map<string, Line>()

  count(verb: string, resource: string, userAgent: string, changes: number): void {
    const id = `${verb} ${resource} ${userAgent}`
    const line = this.#lines.get(id) ?? { verb, resource, userAgent, count: 0, changes: 0 }
    line.count++
    line.changes += changes
    this.#lines.set(id, line)
  }

  toJson(): { readonly requests: readonly Line[] } {
    return { requests: [...this.#lines.values()] }
  }
}
