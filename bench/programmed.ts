import type { Playground } from '../src/sandbox/playground.ts'
import { startProbe } from './client.ts'

/** Who forwards on this ground, and how it is told when that has what it needs. */
const witnesses = {
  cluster: { what: 'rules', who: 'kube-proxy (nftables)' },
  embedded: { what: 'routes', who: 'the stand-in for kube-proxy (its route; it listens a moment later)' },
} as const

/** When each node's kube-proxy had programmed each address, by what the node's kernel tells. */
export class Programmed implements AsyncDisposable {
  /** Whose doing it is that is noted. */
  readonly who: string
  readonly #moments = new Map<string, number>()
  readonly #stops: (() => Promise<unknown>)[] = []

  private constructor(who: string) {
    this.who = who
  }

  /** Watches every node, for nobody knows yet who announces what. `network` is like `10.1.2`. */
  static async on({ ground, nodes }: Playground, network: string): Promise<Programmed> {
    const { what, who } = witnesses[ground]
    const programmed = new Programmed(who)
    for (const { name, exec } of nodes) {
      const probe = startProbe(exec, 'programmed', network, '--in', what)
      await probe.nextLine()
      const note = (line: string): void => {
        const { address, atMs } = JSON.parse(line) as { address: string; atMs: number }
        const key = `${name} ${address}`
        if (!programmed.#moments.has(key)) programmed.#moments.set(key, atMs)
      }
      const ended = readAll(() => probe.nextLine(), note)
      programmed.#stops.push(() => {
        probe.child.kill('SIGINT')
        return ended
      })
    }
    return programmed
  }

  /** Forgets everything: what comes is new. */
  clear(): void {
    this.#moments.clear()
  }

  /** The first moment since then, on the machine's monotonic clock. */
  momentOf(node: string, address: string): number | undefined {
    return this.#moments.get(`${node} ${address}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops) await stop()
  }
}

async function readAll(nextLine: () => Promise<string>, note: (line: string) => void): Promise<void> {
  for (let line = await nextLine(); line !== 'undefined'; line = await nextLine()) note(line)
}
