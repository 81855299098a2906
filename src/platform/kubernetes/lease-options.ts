export interface LeaseOptions {
  readonly namespace: string
  readonly name: string
  readonly identity: string
  readonly leaseDurationMs?: number
  readonly renewDeadlineMs?: number
  readonly retryPeriodMs?: number
  readonly onAcquired?: () => void
  /** Called once after it was lost, with the reason in words; also on stop. */
  readonly onLost?: (why: string) => void
  /** Called after each attempt that did not get it: somebody else has it, or nobody could be asked. */
  readonly onWaiting?: () => void
  /** Called after each attempt that the server answered as it should. */
  readonly onHeard?: () => void
  /** Called once for each problem until it has passed. */
  readonly onProblem?: (error: Error) => void
  readonly random?: () => number
}

export interface LeaseTimes {
  readonly leaseDurationMs: number
  readonly renewDeadlineMs: number
  readonly retryPeriodMs: number
}

/**
 * The times of Kubernetes' own controllers, unless told otherwise. Shorter ones would let the next take over sooner when
 * the holder's machine has died, and the Lease go to and fro whenever the API server is slow, each time with a whole
 * reading of the cluster. Nothing on the LAN waits for the holder, and one that ends in order gives it back at once.
 */
export function timesOf(options: Partial<LeaseTimes>): LeaseTimes {
  const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2_000 } = options
  if (renewDeadlineMs >= leaseDurationMs || retryPeriodMs >= renewDeadlineMs) {
    throw new Error('a Lease needs retryPeriodMs < renewDeadlineMs < leaseDurationMs')
  }
  return { leaseDurationMs, renewDeadlineMs, retryPeriodMs }
}
