import { linesOf } from '../src/platform/kubernetes/lines.ts'
import { servicesPath, type BenchCluster } from './cluster.ts'

/** Watches all Services, as many a program in a cluster does, and notes which have an address. */
export class Arrivals implements AsyncDisposable {
  readonly #stop: AbortController
  readonly #names = new Set<string>()
  readonly #reading: Promise<void>
  #wanted = Infinity
  #arrive: (atMs: number) => void = () => undefined

  private constructor(chunks: AsyncIterable<Buffer>, stop: AbortController) {
    this.#stop = stop
    this.#reading = this.#read(chunks).catch(() => undefined) // It was told to stop.
  }

  static async on({ api }: BenchCluster): Promise<Arrivals> {
    const { metadata } = await api.request<{ metadata: { resourceVersion: string } }>('GET', servicesPath, {
      query: { limit: 1 },
    })
    const stop = new AbortController()
    const query = { resourceVersion: metadata.resourceVersion }
    return new Arrivals(await api.watch(servicesPath, query, stop.signal), stop)
  }

  /** When that many Services had an address, on the clock of performance.now(). */
  all(wanted: number): Promise<number> {
    this.#wanted = wanted
    return new Promise((resolve) => {
      this.#arrive = resolve
      this.#look()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#reading
  }

  async #read(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const line of linesOf(chunks)) {
      if (!line.includes('"ingress":[{"ip":')) continue
      this.#names.add(/"name":"([^"]+)"/.exec(line)?.[1] ?? '')
      this.#look()
    }
  }

  #look(): void {
    if (this.#names.size >= this.#wanted) this.#arrive(performance.now())
  }
}
