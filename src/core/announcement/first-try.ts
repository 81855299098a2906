import type { DutyView } from '../election/duties.ts'
import type { Address } from '../ip/address.ts'

/*
 * Ready before announced. A client that asks for a new address the moment it is public would send its first packet to
 * a node whose kube-proxy does not know the address yet: the packet is lost, and the client waits a second before it
 * tries again. So the node that announces an address for the first time first tries whether it forwards. Until then
 * nobody gets an answer to ARP; a client's packets wait in its neighbour queue and leave with our first word.
 * It is never so at a failover: an address that has been public before is answered for at once.
 */

/**
 * How long a new address is held back at the most: 2 s from when its placement was seen. It is not counted from when it
 * became public, for a node that loses the API server just then would never learn of that.
 */
export const firstTryBoundMs = 2_000

/** An address that the placement gives this node, and what is known of it. */
export interface FirstTry {
  readonly address: Address
  readonly text: string
  readonly pool: string
  /** A TCP port to connect to; without one there is nothing to try. */
  readonly port: number | undefined
  /** Whether its pool wants it tried. */
  readonly isWanted: boolean
}

/**
 * Every address that is placed anywhere for a Service that is known, or stands in a Service's status: one that was not
 * among them before is new.
 */
export function* addressesInUse({ speakers, services }: DutyView): Iterable<string> {
  for (const { placements } of speakers.values()) {
    for (const placed of placements) if (placed.services.some((key) => services.has(key))) yield placed.text
  }
  for (const { holds } of services.values()) yield* holds
}

/** All addresses that are placed on `node`, each with what a first try needs. */
export function firstTriesOf(view: DutyView, node: string): readonly FirstTry[] {
  const placements = view.speakers.get(node)?.placements ?? []
  return placements.map(({ address, text, pool, services }) => {
    const behind = services.flatMap((key) => view.services.get(key) ?? [])
    return {
      address,
      text,
      pool,
      port: behind.find(({ tcpPort }) => tcpPort !== undefined)?.tcpPort,
      isWanted: view.pools.get(pool)?.waitsUntilReady ?? true,
    }
  })
}
