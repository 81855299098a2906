import { setTimeout as sleep } from 'node:timers/promises'

export interface Waiting {
  /** What has not happened yet, for the error: `waiting for the API server`. */
  readonly describe: () => string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly everyMs?: number
}

/** Asks until the answer is yes; throws when the time is up or the signal says stop. */
export async function until(isSo: () => Promise<boolean>, waiting: Waiting): Promise<void> {
  const deadline = performance.now() + waiting.timeoutMs
  for (;;) {
    waiting.signal?.throwIfAborted()
    if (await isSo()) return
    if (performance.now() > deadline) {
      throw new Error(`${waiting.describe()}: not after ${waiting.timeoutMs / 1000} s`)
    }
    await sleep(waiting.everyMs ?? 25)
  }
}
