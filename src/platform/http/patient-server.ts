import { setTimeout as sleep } from 'node:timers/promises'
import { asError } from '../kubernetes/api-error.ts'
import { serve } from './server.ts'
import type { HttpServer, ServerOptions } from './server.ts'

export interface PatientServerOptions extends ServerOptions {
  /** That it cannot listen, once for each reason. */
  readonly onProblem: (error: Error) => void
  /** That it listens after all. */
  readonly onRecovery?: () => void
  readonly againAfterMs?: number
}

/**
 * Serves as soon as it can. While it cannot, because another program has the port for one, it tries again: what a
 * program is there for matters more than what it tells of itself.
 */
export class PatientServer implements AsyncDisposable {
  readonly #options: PatientServerOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #server: HttpServer | undefined
  #problem: string | undefined

  constructor(options: PatientServerOptions) {
    this.#options = options
    this.#running = this.#run(this.#closing.signal)
  }

  /** The port in use; undefined while it does not listen. */
  get port(): number | undefined {
    return this.#server?.port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#running
    await this.#server?.close()
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await this.#listens())) {
      await sleep(this.#options.againAfterMs ?? 2_000, undefined, { signal }).catch(() => undefined)
    }
  }

  async #listens(): Promise<boolean> {
    try {
      this.#server = await serve(this.#options)
      if (this.#problem !== undefined) this.#options.onRecovery?.()
      return true
    } catch (error) {
      const problem = asError(error)
      if (problem.message !== this.#problem) this.#options.onProblem(problem)
      this.#problem = problem.message
      return false
    }
  }
}
