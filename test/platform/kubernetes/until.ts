import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition to hold; a test that waits in vain says for what. */
export async function until(what: string, condition: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await sleep(2)
  }
}
