/** How often heartbeats are sent where nobody says otherwise, and how short and how long that may be, in milliseconds. */
export const usualIntervalMs = 50
export const shortestIntervalMs = 10
export const longestIntervalMs = 200

/** A setting that was read, or what is wrong with it and what may be written. */
export type HeartbeatSetting = { readonly intervalMs: number } | { readonly problem: string }

/** Reads an interval such as `50ms`; no other unit, and no fraction. */
export function parseHeartbeat(text: string): HeartbeatSetting {
  const intervalMs = Number(/^([1-9][0-9]{0,5})ms$/.exec(text)?.[1])
  if (intervalMs >= shortestIntervalMs && intervalMs <= longestIntervalMs) return { intervalMs }
  const bounds = `${shortestIntervalMs}ms to ${longestIntervalMs}ms`
  return {
    problem: `"${text}" is no interval of heartbeats; write whole milliseconds, ${bounds}, such as 50ms`,
  }
}
