/**
 * Runs a function a little later, once for all the requests that came meanwhile, never twice within a time, and never
 * for more than a tenth of all time: what takes long while much is going on is then done less often.
 */
export class Soon implements Disposable {
  readonly #run: () => void
  readonly #delayMs: number
  readonly #apartMs: number
  #timer: NodeJS.Timeout | undefined
  #notBeforeMs = -Infinity

  constructor(run: () => void, { delayMs, apartMs }: { readonly delayMs: number; readonly apartMs: number }) {
    this.#run = run
    this.#delayMs = delayMs
    this.#apartMs = apartMs
  }

  request(): void {
    const waitMs = Math.max(this.#delayMs, this.#notBeforeMs - performance.now())
    this.#timer ??= setTimeout(() => this.#fire(), waitMs)
  }

  #fire(): void {
    this.#timer = undefined
    const startMs = performance.now()
    this.#run()
    const tookMs = performance.now() - startMs
    this.#notBeforeMs = startMs + Math.max(this.#apartMs, 10 * tookMs)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
