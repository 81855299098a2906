import type { Api } from './api.ts'

export interface LeaseOptions {
  readonly namespace: string
  readonly name: string
  readonly identity: string
  readonly leaseDurationMs?: number
  readonly renewDeadlineMs?: number
  readonly retryPeriodMs?: number
  readonly onAcquired?: () => void
  readonly onLost?: (why: string) => void
  readonly onProblem?: (error: Error) => void
}

/** Contends for one Lease and keeps it; `isHolding()` is false before anyone else could have it. */
export class LeaseHolder implements AsyncDisposable {
  constructor(api: Api, options: LeaseOptions) {
    void [api, options]
  }

  /** Who holds the Lease as far as this process has seen; undefined when nobody does. */
  get holder(): string | undefined {
    return undefined
  }

  isHolding(): boolean {
    return false
  }

  start(): void {}

  /** Gives the Lease back, so that another can take it at once. */
  stop(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
