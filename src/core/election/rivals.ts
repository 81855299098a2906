import type { Bid } from '../wire/heartbeat.ts'
import type { Rival } from './bid.ts'
import { isGreater } from './bid.ts'
import type { Key } from './key.ts'
import type { Session } from './state.ts'

/** What the live peers bid for one address. Quiet peers' bids do not count, leaving ones count as leaving. */
export function rivalsOf(live: ReadonlyMap<string, Session>, key: Key): readonly Rival[] {
  const rivals: Rival[] = []
  for (const session of live.values()) {
    const bid = session.quiet ? undefined : session.bids.get(key)
    if (bid !== undefined) rivals.push(rivalOf(session, bid))
  }
  return rivals
}

/** What the live peers bid, for every address at once. */
export function rivalsByKey(live: ReadonlyMap<string, Session>): ReadonlyMap<Key, readonly Rival[]> {
  const rivals = new Map<Key, Rival[]>()
  for (const session of live.values()) {
    if (session.quiet) continue
    for (const [key, bid] of session.bids) {
      const known = rivals.get(key)
      if (known === undefined) rivals.set(key, [rivalOf(session, bid)])
      else known.push(rivalOf(session, bid))
    }
  }
  return rivals
}

/** The greatest bid that is not leaving: whose address it is. */
export function strongestOf(rivals: readonly Rival[]): Rival | undefined {
  let strongest: Rival | undefined
  for (const rival of rivals) {
    if (rival.bid.leaving) continue
    if (strongest === undefined || isGreater(rival, strongest)) strongest = rival
  }
  return strongest
}

function rivalOf({ node, leaving }: Session, bid: Bid): Rival {
  return { node, bid: leaving && !bid.leaving ? { ...bid, leaving } : bid }
}
