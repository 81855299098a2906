/** A reading that is remembered for a while; `renew` reads anew. Concurrent callers share one reading. */
export function remembered<T>(read: () => Promise<T>, forMs = 60_000): (renew?: boolean) => Promise<T> {
  let value: Promise<T> | undefined
  let readAt = -Infinity
  return (renew = false) => {
    const now = performance.now()
    if (value && !renew && now - readAt < forMs) return value
    const reading = read()
    value = reading
    readAt = now
    // A failure is not worth remembering.
    reading.catch(() => {
      if (value === reading) value = undefined
    })
    return reading
  }
}
