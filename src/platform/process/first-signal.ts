const place = Symbol.for('lanlord.dev/first-signal')

/**
 * Fulfilled by the first signal that asks the process to end. The first call hears it from then on, for all later ones
 * too, also from another bundle in this process: as number 1 of a container a process that does not listen misses it.
 */
export function firstSignal(): Promise<void> {
  const kept = globalThis as { [place]?: Promise<void> }
  kept[place] ??= new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  return kept[place]
}
