/** What has to be undone, last thing first; one failure does not keep the rest from being undone. */
export class Undo {
  readonly #steps: (() => Promise<unknown> | void)[] = []
  #running: Promise<void> | undefined

  defer(step: () => Promise<unknown> | void): void {
    this.#steps.push(step)
  }

  /** Whoever calls a second time waits for the first. */
  run(): Promise<void> {
    this.#running ??= this.#runAll()
    return this.#running
  }

  async #runAll(): Promise<void> {
    const failures: string[] = []
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step()
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error))
      }
    }
    if (failures.length > 0) throw new Error(`could not remove all that was made: ${failures.join('; ')}`)
  }
}
