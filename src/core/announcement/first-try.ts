import type { DutyView } from '../election/duties.ts'
import type { Duty } from '../election/event.ts'
import { keyOf, type Key } from '../election/key.ts'
import type { PlacedAddress } from '../election/speaker-facts.ts'
import type { Address } from '../ip/address.ts'

/*
 * Ready before announced. A client that asks for a new address the moment it is public would send its first packet to
 * a node whose kube-proxy does not know the address yet: the packet is lost or refused, and the client waits a second
 * before it tries again. So the node that is to announce an address which nobody could announce before first tries
 * whether it forwards. Until then nobody gets an answer to ARP or NDP; a client's packets wait in its neighbour queue
 * and leave with our first word.
 *
 *     placed here, and something serves behind it: new
 *        |
 *        |  tried again and again (trial.ts): who asks is remembered
 *        v
 *     it forwards, or 2 s have passed ----> who asked is answered, and the LAN is told
 *
 * It is never so at a failover or a move: an address that some node could announce before is answered for at once. One
 * behind which nothing served is new again when something does, for kube-proxy has to learn of that as well.
 */

/**
 * How long a new address is held back at the most: 2 s from when it was seen that this node is to announce it. It is not
 * counted from when it became public, for a node that loses the API server just then would never learn of that.
 */
export const firstTryBoundMs = 2_000

/** An address that this node is to announce, and what is known of it. */
export interface FirstTry {
  readonly address: Address
  readonly text: string
  readonly pool: string
  /** The Services behind it. */
  readonly services: readonly string[]
  /** A TCP port to connect to; without one kube-proxy itself is asked. */
  readonly port: number | undefined
  /** Whether its pool wants it tried. */
  readonly isWanted: boolean
  /** Whether the placement gives it to this node. */
  readonly isPlaced: boolean
  /** Whether something serves behind it, and this node is the one to announce it. */
  readonly isServed: boolean
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

/** Every address that some node may announce now. */
export function* servedAmong(duties: readonly Duty[]): Iterable<Key> {
  for (const { address, candidates } of duties) if (candidates.length > 0) yield keyOf(address)
}

/**
 * The addresses that this node is to announce: those that the placement gives it, and those whose node by the placement
 * may not announce them while this one may, as when the first Pod of a Service with policy Local is here.
 */
export function firstTriesOf(view: DutyView, node: string, duties: readonly Duty[]): readonly FirstTry[] {
  const byKey = new Map(duties.map((duty) => [keyOf(duty.address), duty]))
  const tries: FirstTry[] = []
  for (const [name, { placements }] of view.speakers) {
    for (const placed of placements) {
      const isServed = isFirst(byKey.get(keyOf(placed.address)), node, name)
      if (name === node || isServed) tries.push(firstTryOf(view, placed, name === node, isServed))
    }
  }
  return tries
}

/** Whether the node is the one to announce an address that is placed on another, or on itself. */
function isFirst(duty: Duty | undefined, node: string, placedOn: string): boolean {
  if (duty?.placement?.node !== placedOn) return false
  const may = (name: string): boolean => duty.candidates.some((candidate) => candidate.node === name)
  return may(node) && (node === placedOn || !may(placedOn))
}

function firstTryOf(
  { services, pools }: DutyView,
  { address, text, pool, services: keys }: PlacedAddress,
  isPlaced: boolean,
  isServed: boolean,
): FirstTry {
  const behind = keys.flatMap((key) => services.get(key) ?? [])
  const port = behind.find(({ tcpPort }) => tcpPort !== undefined)?.tcpPort
  const isWanted = pools.get(pool)?.waitsUntilReady ?? true
  return { address, text, pool, services: keys, port, isWanted, isPlaced, isServed }
}
