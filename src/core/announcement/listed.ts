/** The first answers have come by then, if any do: an address that was listed for so long was asked for. */
const askedAfterMs = 2_000
/** What was asked for longer ago than this is asked for anew. */
const freshForMs = 300_000

interface Entry {
  readonly since: number
  /** When it was listed last, as far as that is over. */
  readonly until: number
}

/** Which addresses were asked for ahead of time, by the lists that all speakers read. It never changes in place. */
export type Listed = ReadonlyMap<string, Entry>

/** Nothing was listed yet. */
export const noneListed: Listed = new Map()

/** Takes in what is listed now, and what is quarantined and so not clear whatever was listed. */
export function listedAfter(
  before: Listed,
  listed: Iterable<string>,
  quarantined: ReadonlySet<string>,
  now: number,
): Listed {
  const after = new Map<string, Entry>()
  for (const text of listed) {
    if (!quarantined.has(text)) after.set(text, { since: before.get(text)?.since ?? now, until: Infinity })
  }
  for (const [text, { since, until }] of before) {
    const end = Math.min(until, now)
    if (!after.has(text) && !quarantined.has(text) && now - end < freshForMs)
      after.set(text, { since, until: end })
  }
  return after
}

/** Whether the address was asked for in the last minutes, and nobody answered. */
export function wasAskedFor(listed: Listed, text: string, now: number): boolean {
  const entry = listed.get(text)
  if (entry === undefined) return false
  return Math.min(entry.until, now) - entry.since >= askedAfterMs && now - entry.until < freshForMs
}
