import type { Address } from '../ip/address.ts'
import type { Heartbeat } from '../wire/heartbeat.ts'

/** Why an address began or ceased to be answered for. A closed list: metric label, status and log alike. */
export type Cause =
  | 'placed' // the placement names this node
  | 'elected' // nobody held it and this node is the one that should
  | 'stoodIn' // nobody held it for so long that it was this node's turn
  | 'resumed' // still ours after a silence
  | 'outbid' // a peer's bid is greater; answered until the peer speaks
  | 'leaving' // this speaker is going
  | 'ineligible' // this node is no candidate any more
  | 'handedOver' // the new announcer was heard on the wire
  | 'expired' // nobody was heard on the wire within the bound
  | 'released' // nobody wants it announced any more
  | 'silenced' // this speaker was paused and listens before it speaks
  | 'overruled' // a speaker that is heard on the wire alone has it, and should
  | 'linkDown' // the interface is down or gone

/** announcing: ours. yielding: answered, but on its way to a peer. silent: not answered. */
export type Phase = 'announcing' | 'yielding' | 'silent'

/** One address on one interface. */
export interface Answering {
  readonly address: Address
  readonly interface: string
}

/** What became of one address on one interface, and why. */
export interface HoldingChange extends Answering {
  readonly to: Phase
  readonly cause: Cause
}

/** A live peer on one segment. `since` is on the clock of `step`'s now. */
export interface PeerSeen {
  readonly node: string
  readonly interface: string
  readonly since: number
}

/** A speaker that is noticed and is no peer, and why. `since` is on the clock of `step`'s now. */
export interface Estranged {
  readonly node: string
  readonly interface: string
  /** OneWay: it is heard, and does not hear us. WireOnly: its heartbeats do not come, and it answers ARP or NDP. */
  readonly reason: 'OneWay' | 'WireOnly'
  readonly since: number
}

/** Two interfaces of this node on one segment: the one is silent there, and the other speaks. */
export interface TwinSeen {
  readonly interface: string
  readonly speaks: string
}

/** Why `step` paid no attention to an authentic heartbeat. */
export type HeartbeatRefusal = 'replayed' | 'own'

/**
 * What platform is to do, in this order. `holdings.answering` is the whole new set and comes before the
 * first `announce`. Several `announce` in one answer are one batch: send the first form of each, then the
 * second form of each. `refused` is only to be counted.
 */
export type Effect =
  | { readonly kind: 'heartbeat'; readonly interface: string; readonly heartbeat: Heartbeat }
  | { readonly kind: 'announce'; readonly interface: string; readonly address: Address }
  | {
      readonly kind: 'holdings'
      readonly answering: readonly Answering[]
      readonly changed: readonly HoldingChange[]
    }
  | { readonly kind: 'peers'; readonly peers: readonly PeerSeen[] }
  /** All that there are; told when one comes or goes. */
  | { readonly kind: 'twins'; readonly twins: readonly TwinSeen[] }
  /** Whether this speaker only listens, on some segment at least; told when it changes, and true at the start. */
  | { readonly kind: 'quiet'; readonly quiet: boolean }
  | { readonly kind: 'conflict'; readonly interface: string; readonly address: Address; readonly mac: bigint }
  /** Ask on the interface who has the address: an answer comes back as an event. */
  | { readonly kind: 'ask'; readonly interface: string; readonly address: Address }
  /** All who are noticed and are no peers; told when it changes. */
  | { readonly kind: 'estranged'; readonly estranged: readonly Estranged[] }
  | { readonly kind: 'refused'; readonly interface: string; readonly reason: HeartbeatRefusal }
  | { readonly kind: 'left' }
