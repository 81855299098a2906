import { longestIntervalMs, usualIntervalMs } from './heartbeat-setting.ts'
import type { Pulse, SegmentState, Session } from './state.ts'

/** A speaker hears at most about this many packets a second. */
const heardPerSecond = 400
const mostPromisedTimes = 4
/** However short the interval is, a speaker that runs late may promise as little as this. */
const latestPromiseMs = 200

/** Yielding to a known successor ends after this, even if it was not heard on the wire. */
export const handOverMs = 500
/**
 * A successor that is heard again so much later is there to answer: one that is held up after its first word is not
 * left alone with the address. Its announcements are repeated after 100 ms.
 */
export const heardAgainMs = 50
/** Waiting for a successor to come forward ends after this. */
export const successionMs = 2_000
/** An address that nobody ever held is left to the node it is placed on for this much longer: watches lag. */
export const firstBidGraceMs = 1_000
/** A claim seen this long before its bid counts as the successor's. */
export const claimMemoryMs = 1_000
/**
 * A foreign claim is answered at most this often for each address: DEFEND_INTERVAL of RFC 5227. Of its three ways to
 * answer (2.4) this is (c): an address that a Service has is never given up because of frames that anyone can send.
 */
export const defendMs = 10_000
/** A speaker of another cluster that claims an address, as it does once a minute, is let speak for so long. */
export const cedeMs = 150_000
/** A claim that a peer's bid explains, or that comes from one which did not hear us lately, is answered at most this often. */
export const restateMs = 1_000
/** What two did that did not hear each other explains their claims for so long. */
export const apartMemoryMs = 2_000
/** Sessions not heard for so long are forgotten, all but their last sequence number. */
export const forgetMs = 30_000
/** An interface is a twin for this long after the other one was last heard on it. */
export const twinMs = 2_000
/** Words of our own that are older than this, or twice that, are recorded ones. */
export const ownEchoMs = 1_000
/** Packets of bids in one go, and the pause before the next go: 22 kB in 10 ms at most. */
export const packetsPerTelling = 16
export const tellingPauseMs = 10

/** The interval for so many speakers on the segment, ourselves included. */
export function intervalFor(speakers: number, configuredMs: number): number {
  return Math.max(configuredMs, Math.ceil((speakers * 1000) / heardPerSecond))
}

/** What to promise when beats leave `lateMs` late: small jitter is what the missed beats are for. */
export function promiseFor(intervalMs: number, lateMs: number): number {
  const promise = lateMs > intervalMs / 2 ? Math.ceil(intervalMs + lateMs) : intervalMs
  return Math.min(promise, mostPromisedMs(intervalMs))
}

function mostPromisedMs(intervalMs: number): number {
  return Math.max(intervalMs * mostPromisedTimes, latestPromiseMs)
}

/**
 * As much of a promise as is believed: what an honest speaker promises at most among so many, itself included. It may
 * be set to a slower beat than we are, as in the middle of a rollout.
 */
export function believableMs(promisedMs: number, speakers: number): number {
  return Math.min(promisedMs, intervalFor(speakers, longestIntervalMs) * mostPromisedTimes)
}

/**
 * The pulse after a beat at `now`: lateness is forgotten slowly, and no faster where beats are more frequent than usual.
 * No more of it counts than can be promised: who was away for a minute would else promise too much for many seconds, and
 * be missed as much later if it ended then.
 */
export function beatOf(pulse: Pulse, intervalMs: number, now: number): Pulse {
  const latest = Math.min(now - pulse.beatAt, mostPromisedMs(intervalMs))
  const remembered = pulse.lateMs * 0.9 ** Math.min(1, intervalMs / usualIntervalMs)
  const lateMs = Math.max(latest, remembered, 0)
  return { beatAt: now + intervalMs, intervalMs, promisedMs: promiseFor(intervalMs, lateMs), lateMs }
}

/** When a session that is not heard again is dead. */
export function deadAt(session: Session, missed: number): number {
  return session.echoedAt + session.intervalMs * missed
}

/**
 * The longest dead interval of anyone live on the segment, our own included. While we are quiet, those heard
 * since count before they are live: they may hold what we are about to take.
 */
export function deadIntervalOf(segment: SegmentState, missed: number): number {
  const { pulse, sessions, quietSince = Infinity } = segment
  let longest = pulse.promisedMs
  for (const { liveSince, heardAt, intervalMs } of sessions.values()) {
    const isHere = liveSince !== undefined || heardAt >= quietSince
    if (isHere && intervalMs > longest) longest = intervalMs
  }
  return longest * missed
}
