/** Runs a function a little later, once for all the requests that came meanwhile, and never twice within a time. */
export class Soon implements Disposable {
  readonly #run: () => void
  readonly #delayMs: number
  readonly #apartMs: number
  #timer: NodeJS.Timeout | undefined
  #lastMs = -Infinity

  constructor(run: () => void, { delayMs, apartMs }: { readonly delayMs: number; readonly apartMs: number }) {
    this.#run = run
    this.#delayMs = delayMs
    this.#apartMs = apartMs
  }

  request(): void {
    const waitMs = Math.max(this.#delayMs, this.#lastMs + this.#apartMs - performance.now())
    this.#timer ??= setTimeout(() => this.#fire(), waitMs)
  }

  #fire(): void {
    this.#timer = undefined
    this.#lastMs = performance.now()
    this.#run()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
