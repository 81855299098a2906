/** Whether the API server was heard last, or failed, and when it was heard. */
export class Contact {
  readonly #onChange: (contact: boolean) => void
  #isHeard = false
  #lastMs = -Infinity

  constructor(onChange: (contact: boolean) => void) {
    this.#onChange = onChange
  }

  get isHeard(): boolean {
    return this.#isHeard
  }

  /** On the clock of performance.now(). */
  get lastMs(): number {
    return this.#lastMs
  }

  heard(): void {
    this.#lastMs = performance.now()
    this.#set(true)
  }

  lost(): void {
    this.#set(false)
  }

  #set(isHeard: boolean): void {
    if (this.#isHeard === isHeard) return
    this.#isHeard = isHeard
    this.#onChange(isHeard)
  }
}
