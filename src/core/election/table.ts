import type { Heartbeat, Page } from '../wire/heartbeat.ts'
import { digestOf } from './bid.ts'
import type { Key } from './key.ts'
import { compareKeys, keyOf } from './key.ts'
import type { Session } from './state.ts'

/** A session's bids after a packet of it, and the addresses whose bid has changed. */
export interface Read {
  readonly session: Session
  readonly changed: readonly Key[]
}

/**
 * Writes the bids in a packet into the table of the session it came from. A packet stands on its own: it may
 * be lost, doubled or late without harm, since the digest in the next one tells that something is missing.
 */
export function readBids(session: Session, heartbeat: Heartbeat, now: number): Read {
  const { bids, withdrawn, page } = heartbeat
  const isIdle = bids.length === 0 && withdrawn.length === 0 && page === undefined
  const read = isIdle ? { session, changed: [] } : readChanges(session, heartbeat)
  const { knownDigest } = read.session
  const since = knownDigest === heartbeat.digest ? Infinity : Math.min(session.differsSince, now)
  return { ...read, session: { ...read.session, saidDigest: heartbeat.digest, differsSince: since } }
}

function readChanges(session: Session, heartbeat: Heartbeat): Read {
  const bids = new Map(session.bids)
  const changed: Key[] = []
  let digest = session.knownDigest
  const forget = (key: Key): void => {
    const bid = bids.get(key)
    if (bid === undefined) return
    bids.delete(key)
    digest ^= digestOf(bid)
    changed.push(key)
  }
  for (const key of unlisted(session, heartbeat)) forget(key)
  for (const address of heartbeat.withdrawn) forget(keyOf(address))
  for (const bid of heartbeat.bids) {
    const key = keyOf(bid.address)
    const known = bids.get(key)
    const isKnown = known !== undefined && digestOf(known) === digestOf(bid)
    if (isKnown) continue
    digest ^= (known === undefined ? 0 : digestOf(known)) ^ digestOf(bid)
    bids.set(key, bid)
    changed.push(key)
  }
  return { session: { ...session, bids, knownDigest: digest >>> 0 }, changed }
}

/** What we know of the addresses that the page covers and that it does not list. */
function unlisted(session: Session, { page, bids }: Heartbeat): readonly Key[] {
  if (page === undefined) return []
  const listed = new Set(bids.map((bid) => keyOf(bid.address)))
  return [...session.bids.keys()].filter((key) => !listed.has(key) && covers(page, key))
}

function covers(page: Page, key: Key): boolean {
  return compareKeys(keyOf(page.from), key) <= 0 && compareKeys(key, keyOf(page.to)) <= 0
}
