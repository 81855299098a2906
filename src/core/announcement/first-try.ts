import type { DutyView } from '../election/duties.ts'
import type { Address } from '../ip/address.ts'

/*
 * Ready before announced. A client that asks for a new address the moment it is public would send its first packet to
 * a node whose kube-proxy does not know the address yet: the packet is lost, and the client waits a second before it
 * tries again. So the node that announces an address for the first time first tries whether it forwards. Until then
 * nobody gets an answer to ARP; a client's packets wait in its neighbour queue and leave with our first word.
 * It is never so at a failover: an address that has been public before is answered for at once.
 */

/** How long an address may stay public and unanswered, whatever the try says: 2 s. */
export const firstTryBoundMs = 2_000

/** An address that the placement gives this node, and what is known of it. */
export interface FirstTry {
  readonly address: Address
  readonly text: string
  /** A TCP port to connect to; without one there is nothing to try. */
  readonly port: number | undefined
  /** Whether it stands in a Service's status: only then does kube-proxy know of it. */
  readonly isPublic: boolean
  /** Whether its pool wants it tried. */
  readonly isWanted: boolean
}

/** Every address that is placed anywhere or stands in a Service's status: one that was not among them before is new. */
export function* addressesInUse({ speakers, services }: DutyView): Iterable<string> {
  for (const { placements } of speakers.values()) for (const { text } of placements) yield text
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
      port: behind.find(({ tcpPort }) => tcpPort !== undefined)?.tcpPort,
      isPublic: behind.some(({ holds }) => holds.includes(text)),
      isWanted: view.pools.get(pool)?.waitsUntilReady ?? true,
    }
  })
}
