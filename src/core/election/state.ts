import type { Bid } from '../wire/heartbeat.ts'
import type { Cause, Estranged } from './effect.ts'
import type { Duty, Segment, SpeakerConfig } from './event.ts'
import type { Key } from './key.ts'

/** A speaker's whole memory. Never changed in place: what a step does not touch is shared with the state before. */
export interface SpeakerState {
  readonly config: SpeakerConfig
  /** When the last event was taken in: a longer gap than we promised is a pause. */
  readonly awakeAt: number
  readonly contact: boolean
  readonly leaving: boolean
  readonly left: boolean
  /** As it was told last: whether we only listen on some segment, as we do at the start. */
  readonly quiet: boolean
  /** Of the packet sent last, over all interfaces and for as long as the session lives. */
  readonly sequence: number
  /** The sequence number at that moment, and at the one noted before: what is older than this one was sent a while ago. */
  readonly noted: { readonly at: number; readonly sequence: number; readonly before: number }
  readonly duties: readonly Duty[]
  /** Whose MACs these are, of the speakers of this cluster. */
  readonly nodeOfMac: ReadonlyMap<bigint, string>
  /** MACs that send heartbeats which nobody here can verify: speakers of another cluster, or somebody who plays one. */
  readonly strangers: ReadonlySet<bigint>
  /** As it was told last, and when it is looked at again. */
  readonly estranged: readonly Estranged[]
  readonly estrangedAt: number
  readonly segments: ReadonlyMap<string, SegmentState>
}

/** What is known on one segment, through one interface. */
export interface SegmentState {
  readonly segment: Segment
  /** Our session here: the process' nonce, the interface, and when in the process' life it came. */
  readonly nonce: bigint
  readonly interests: ReadonlyMap<Key, Interest>
  readonly sessions: ReadonlyMap<bigint, Session>
  /** Speakers that are heard on the wire alone, by node. */
  readonly voices: ReadonlyMap<string, Voice>
  /** Sequence numbers up to which packets of sessions that are gone are refused. */
  readonly floors: ReadonlyMap<bigint, number>
  readonly holdings: ReadonlyMap<Key, Holding>
  /** Digest of the bids of all holdings. */
  readonly digest: number
  /** The greatest term that was seen for an address; an address without one was never held here. */
  readonly terms: ReadonlyMap<Key, number>
  /** Since when nobody is known to hold an address that we could. */
  readonly unheldSince: ReadonlyMap<Key, number>
  /** Listening and silent since then: after a start, a pause, or a link that was down. */
  readonly quietSince: number | undefined
  /** Another interface of this node is on the same segment and speaks for it. */
  readonly twin: Twin | undefined
  readonly pulse: Pulse
  readonly telling: Telling
  /** When some address is to be judged again, and when some announcement is to be repeated. */
  readonly judgeAt: number
  readonly announceAt: number
  /** When a tick next has work here. */
  readonly dueAt: number
}

/** Our own rhythm: what we keep and what we promise. */
export interface Pulse {
  readonly beatAt: number
  readonly intervalMs: number
  readonly promisedMs: number
  readonly lateMs: number
}

/** What peers have yet to be told of our bids. */
export interface Telling {
  readonly changed: ReadonlySet<Key>
  /** A reading out of the whole table has come so far; undefined when none is under way. */
  readonly pagedUpTo: Key | 'nothing' | undefined
  /** No reading out begins before this, no packets of bids leave before that. */
  readonly pageAt: number
  readonly tellAt: number
}

/** The interface that speaks for this one, and when it was last heard here. */
export interface Twin {
  readonly interface: string
  readonly heardAt: number
}

/** A duty on this segment, and whether this node is a candidate for it. */
export interface Interest {
  readonly duty: Duty
  readonly isCandidate: boolean
}

/** One run of another speaker's process, as heard on one segment. */
export interface Session {
  readonly node: string
  readonly nonce: bigint
  readonly sequence: number
  readonly firstHeardAt: number
  readonly heardAt: number
  /** When a packet of it last carried our nonce. */
  readonly echoedAt: number
  readonly intervalMs: number
  /** Undefined while it is not live. */
  readonly liveSince: number | undefined
  readonly leaving: boolean
  readonly quiet: boolean
  /** Digest of its bids as it says, and of those that we know. */
  readonly saidDigest: number
  readonly knownDigest: number
  readonly differsSince: number
  readonly bids: ReadonlyMap<Key, Bid>
}

/** A speaker whose heartbeats do not come, and whose MAC claims addresses all the same. */
export interface Voice {
  readonly node: string
  /** The addresses that it claimed, or had when its heartbeats ceased. */
  readonly keys: ReadonlySet<Key>
  readonly since: number
  /** The address that it answered for last; undefined while it never did. */
  readonly proof: Key | undefined
  /** The address that was asked for and not answered yet, and how many questions in a row were not answered. */
  readonly asked: Key | undefined
  readonly missed: number
  /** Where asking for one address after the other has come. */
  readonly last: Key
  /** The addresses that it once did not answer for. */
  readonly doubts: ReadonlySet<Key>
  readonly askAt: number
}

/** An address that we answer for, or would if we were not quiet. */
export interface Holding {
  readonly bid: Bid
  readonly phase: 'announcing' | 'yielding'
  readonly cause: Cause
  /** A peer's bid that stands against ours is known, and we yield to it. */
  readonly hasSuccessor: boolean
  /** Yielding ends then, whatever was heard. */
  readonly yieldBy: number
  /** The last foreign claim seen on the wire that was not yet accounted for. */
  readonly claim: { readonly mac: bigint; readonly at: number } | undefined
  readonly defendedAt: number
  /** Until then a speaker of another cluster is let speak for it unanswered: nothing is repeated. */
  readonly cededUntil: number
  readonly round: number
  readonly announceAt: number
}
