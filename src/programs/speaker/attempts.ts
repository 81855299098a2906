import { nextToTry, type Trial } from '../../core/announcement/trial.ts'
import type { Connected } from '../../platform/network/connects.ts'

export interface AttemptsOptions {
  /** Tries to connect to the address and port, for a few milliseconds. */
  readonly connects: (address: string, port: number) => Promise<Connected>
  /** All that are held back now. */
  readonly trials: () => Iterable<Trial>
  /** A connection came about; answers whether that was still waited for. */
  readonly onConnected: (trial: Trial) => boolean
  readonly now: () => number
}

/** kube-proxy does its work for all at once: once one forwards, all others are tried, so many at a time. */
const mostAtOnce = 16
/** Not so soon again, or those that never forward were tried for each one that does. */
const sweepsApartMs = 50

/**
 * Tries to connect to addresses that are held back. Each try is a connection of its own, for one that began too early
 * stays without an answer. It leaves an entry in the kernel's table of connections for two minutes, so there is one for
 * each `tick`, however many addresses wait: the one that was tried longest ago.
 */
export class Attempts {
  readonly #options: AttemptsOptions
  #connecting = 0
  #sweepFrom = -Infinity

  constructor(options: AttemptsOptions) {
    this.#options = options
  }

  /** Begins one try, if any waits for it. */
  tick(): void {
    const next = this.#connecting < mostAtOnce ? nextToTry(this.#options.trials()) : undefined
    if (next) void this.#try(next)
  }

  async #try(trial: Trial): Promise<void> {
    const { connects, now, onConnected } = this.#options
    trial.triedAt = now()
    this.#connecting++
    const outcome = await connects(trial.first.text, trial.first.port ?? 0)
    this.#connecting--
    const isNews = outcome === 'connected' && onConnected(trial)
    if (isNews && now() - this.#sweepFrom >= sweepsApartMs) this.#sweepFrom = now()
    this.#sweep()
  }

  /** Tries all that were not tried since the last one was found to forward. */
  #sweep(): void {
    while (this.#connecting < mostAtOnce) {
      const next = nextToTry(this.#options.trials())
      if (!next || next.triedAt >= this.#sweepFrom) return
      void this.#try(next)
    }
  }
}
