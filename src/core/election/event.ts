import type { Address } from '../ip/address.ts'
import type { Range } from '../ip/range.ts'
import type { Heartbeat } from '../wire/heartbeat.ts'
import type { Candidate } from './candidates.ts'

/** Who this speaker is and what it promises. `nonce` is 64 random bits, new at each start of the process. */
export interface SpeakerConfig {
  readonly node: string
  readonly nonce: bigint
  readonly intervalMs: number
  readonly missed: number
}

/** One address that the cluster wants announced, as the API server says now. */
export interface Duty {
  readonly address: Address
  readonly placement: { readonly node: string; readonly revision: number } | undefined
  readonly candidates: readonly Candidate[]
  /** Interfaces this node may announce it on; undefined means every usable one. */
  readonly interfaces?: readonly string[] | undefined
}

/** One usable interface of this node: the near end of an L2 segment. */
export interface Segment {
  readonly interface: string
  readonly mac: bigint
  readonly up: boolean
  readonly prefixes: readonly Range[]
  readonly addresses: readonly Address[]
}

/**
 * Everything a speaker can learn. `duties` and `segments` replace what was said before. Heartbeats were
 * authenticated by platform (HMAC, TTL 255) before they come here.
 */
export type SpeakerEvent =
  | { readonly kind: 'duties'; readonly duties: readonly Duty[] }
  | { readonly kind: 'contact'; readonly contact: boolean }
  | { readonly kind: 'segments'; readonly segments: readonly Segment[] }
  | { readonly kind: 'heartbeat'; readonly interface: string; readonly heartbeat: Heartbeat }
  | { readonly kind: 'claim'; readonly interface: string; readonly address: Address; readonly mac: bigint }
  /** Somebody answered when we asked for the address. */
  | { readonly kind: 'answer'; readonly interface: string; readonly address: Address; readonly mac: bigint }
  /** The MACs of the other speakers of this cluster, and their nodes. */
  | { readonly kind: 'speakers'; readonly macs: ReadonlyMap<bigint, string> }
  /** The MACs that send heartbeats which we cannot verify. */
  | { readonly kind: 'strangers'; readonly macs: ReadonlySet<bigint> }
  | { readonly kind: 'leave' }
  | { readonly kind: 'tick' }
