/** One ARP frame as bench/native/arp-watch.c prints it. */
export interface Heard {
  readonly us: number
  readonly mac: string
  readonly address: string
}

/** How a node's addresses were taken over, in milliseconds of the capture's own clock; times of nothing are not finite. */
export interface Takeover {
  /** How many had a word from a successor. */
  readonly count: number
  /** From the first of them to the last. */
  readonly spreadMs: number
  /** The same of one successor's own share; the longest of them. */
  readonly shareMs: number
  readonly fromCutMs: number
}

/** Reads `MICROSECONDS MAC ADDRESS`; undefined for anything else. */
export function parseHeard(line: string): Heard | undefined {
  const [us = '', mac, address] = line.split(' ')
  if (!/^\d+$/.test(us) || mac === undefined || address === undefined) return undefined
  return { us: Number(us), mac, address }
}

/**
 * From the first word of a successor about each of these addresses; what the former node said, or anyone said before the cut,
 * is nobody's takeover.
 */
export function takeoverIn(
  heard: readonly Heard[],
  { addresses, formerMac, cutUs }: { addresses: ReadonlySet<string>; formerMac: string; cutUs: number },
): Takeover {
  const first = new Map<string, Heard>()
  for (const each of heard) {
    if (each.us < cutUs || each.mac === formerMac || !addresses.has(each.address)) continue
    if (each.us < (first.get(each.address)?.us ?? Infinity)) first.set(each.address, each)
  }
  const words = [...first.values()]
  const shares = [...new Set(words.map(({ mac }) => mac))].map((mac) =>
    words.filter((each) => each.mac === mac),
  )
  return {
    count: first.size,
    spreadMs: spreadOf(words),
    shareMs: shares.reduce((longest, share) => Math.max(longest, spreadOf(share)), 0),
    fromCutMs: (latestOf(words) - cutUs) / 1000,
  }
}

function spreadOf(words: readonly Heard[]): number {
  const earliest = words.reduce((least, { us }) => Math.min(least, us), Infinity)
  return (latestOf(words) - earliest) / 1000
}

function latestOf(words: readonly Heard[]): number {
  return words.reduce((most, { us }) => (us > most ? us : most), -Infinity)
}
