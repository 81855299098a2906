import { textOf } from '../../platform/http/text-of.ts'

/** kube-proxy takes some milliseconds for its metrics. */
const apartMs = 50
const patienceMs = 500

/** Asks the kube-proxy of this node what it has done, while somebody wants to know it. */
export class ProxySyncs {
  readonly #url: string | undefined
  readonly #onMetrics: (metrics: string | undefined) => void
  #notBefore = -Infinity
  #isAsking = false

  /** `onMetrics` hears what it says: undefined when it does not answer, or is not asked. */
  constructor(url: string | undefined, onMetrics: (metrics: string | undefined) => void) {
    this.#url = url
    this.#onMetrics = onMetrics
  }

  /** Asks, unless that was done just now. */
  look(now: number): void {
    if (this.#isAsking || now < this.#notBefore) return
    this.#notBefore = now + apartMs
    if (this.#url === undefined) this.#onMetrics(undefined)
    else void this.#ask(this.#url)
  }

  async #ask(url: string): Promise<void> {
    this.#isAsking = true
    const metrics = await textOf(url, patienceMs)
    this.#isAsking = false
    this.#onMetrics(metrics)
  }
}
