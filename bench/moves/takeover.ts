/** One ARP frame as bench/native/arp-watch.c prints it. */
export interface Heard {
  readonly us: number
  readonly mac: string
  readonly address: string
}

/** How a node's addresses were taken over, in milliseconds of the capture's own clock. */
export interface Takeover {
  /** How many had a word from a successor. */
  readonly count: number
  /** From the first of them to the last. */
  readonly spreadMs: number
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
  const first = new Map<string, number>()
  for (const { us, mac, address } of heard) {
    if (us < cutUs || mac === formerMac || !addresses.has(address)) continue
    first.set(address, Math.min(us, first.get(address) ?? Infinity))
  }
  const [earliest, latest] = [...first.values()].reduce(
    ([least, most], us) => [Math.min(least, us), Math.max(most, us)] as const,
    [Infinity, -Infinity] as const,
  )
  if (first.size === 0) return { count: 0, spreadMs: NaN, fromCutMs: NaN }
  return { count: first.size, spreadMs: (latest - earliest) / 1000, fromCutMs: (latest - cutUs) / 1000 }
}
