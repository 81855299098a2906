import type { Finding, FindingNews } from '../../core/announcement/check.ts'
import type { ConflictNews, Sighting } from '../../core/announcement/question.ts'
import type { HoldingChange, Answering, Estranged, PeerSeen, TwinSeen } from '../../core/election/effect.ts'
import type { Duty } from '../../core/election/event.ts'
import type { Stranger } from '../../core/election/strangers.ts'
import type { Address } from '../../core/ip/address.ts'
import type { HeartbeatKeys } from '../../platform/network/heartbeat-key.ts'
import type { NetworkInterface, UnusedInterface } from '../../platform/network/interfaces.ts'

/** What the worker that speaks on the wire is given at its start. */
export interface WireOptions {
  readonly node: string
  /** Globs of the interfaces to use; none means all usable ones. */
  readonly interfaces: readonly string[]
  /** How often heartbeats are sent, in milliseconds. */
  readonly intervalMs: number
  readonly keys: HeartbeatKeys
  /** Written to after each message, for the worker waits in poll. */
  readonly wakeDescriptor: number
  /** Where the worker counts: the memory of a `Counters`. */
  readonly counters: SharedArrayBuffer
}

/** What the main thread tells the worker. */
export type ToWire =
  | { readonly kind: 'duties'; readonly duties: readonly Duty[] }
  /** New addresses that are not answered for yet, whatever the election says. Replaces what was said before. */
  | { readonly kind: 'heldBack'; readonly addresses: readonly Address[] }
  | ({ readonly kind: 'looks' } & Looks)
  | ({ readonly kind: 'tests' } & Tests)
  /** Others do not hear us answer for these: they are announced again. */
  | { readonly kind: 'announceAgain'; readonly addresses: readonly Address[] }
  | { readonly kind: 'contact'; readonly contact: boolean }
  | { readonly kind: 'speakers'; readonly macs: ReadonlyMap<bigint, string> }
  | { readonly kind: 'keys'; readonly keys: HeartbeatKeys }
  | { readonly kind: 'leave' }

/** Which addresses to ask the LAN for before they are announced. Replaces what was said before. */
export interface Looks {
  /** Those that would be given next, and those that are quarantined. */
  readonly ahead: readonly Duty[]
  /** Those that this node is to announce for the first time. */
  readonly first: readonly Duty[]
  /** The MACs of all speakers: what they answer is no foreign answer. */
  readonly macs: readonly bigint[]
}

/** What has to be known to test whether those who announce are answered. Replaces what was said before. */
export interface Tests {
  readonly macs: readonly (readonly [node: string, macs: readonly bigint[]])[]
  /** Addresses for which somebody surely answers. */
  readonly controls: readonly Address[]
  /** What others found something amiss with. */
  readonly suspects: readonly Address[]
}

/** What the worker tells the main thread. Points in time are wall-clock milliseconds. */
export type FromWire =
  | {
      readonly kind: 'holdings'
      readonly answering: readonly Answering[]
      readonly changed: readonly HoldingChange[]
      readonly at: number
    }
  | { readonly kind: 'peers'; readonly peers: readonly PeerSeen[] }
  /** All who are noticed and are no peers, and all whose heartbeats cannot be verified; each replaces what was told before. */
  | { readonly kind: 'estranged'; readonly estranged: readonly Estranged[] }
  | { readonly kind: 'strangers'; readonly strangers: readonly Stranger[] }
  /** That somebody claimed an address; that a conflict began, is insisted on, and is over: none is that did not begin. */
  | { readonly kind: ConflictNews['kind']; readonly conflict: SeenConflict }
  /** That somebody answers for an address that is looked after, said again while it is so; that nobody does any more. */
  | { readonly kind: 'foreign' | 'foreignOver'; readonly sighting: SeenConflict }
  /** That a test found something, or something else than before; that it is so no more. */
  | { readonly kind: FindingNews['kind']; readonly finding: SeenFinding }
  /** Nobody answered for an address that was asked for first. */
  | { readonly kind: 'clear'; readonly address: Address }
  | {
      readonly kind: 'interfaces'
      readonly interfaces: readonly NetworkInterface[]
      /** Others that a person may ask about, and why nothing is announced on them. */
      readonly unused: readonly UnusedInterface[]
      /** Which of them cannot be used and why, in words; empty when all is well. */
      readonly trouble: string
      /** False when the kernel refuses packet sockets, whatever the interface. */
      readonly isPermitted: boolean
    }
  /** Which interfaces are silent because another one on their segment speaks. */
  | { readonly kind: 'twins'; readonly twins: readonly TwinSeen[] }
  /** Whether this speaker only listens, on some segment at least. */
  | { readonly kind: 'quiet'; readonly quiet: boolean }
  | { readonly kind: 'left' }

/** A socket that the worker is done with. To close it takes so long that a speaker which waited would look dead. */
export interface Retired {
  readonly kind: 'retired'
  readonly descriptor: number
}

/** Somebody else answers for an address that is announced here, or claims it; `at` is when that was told. */
export interface SeenConflict extends Sighting {
  readonly at: number
  /** It claims the address again and again, though that is answered. */
  readonly insists?: boolean
}

/** What a test of this node found, on which interface and when. */
export interface SeenFinding extends Finding {
  readonly interface: string
  readonly at: number
}
