import type { Claim } from './claim.ts'
import type { Refused } from './decision.ts'
import type { Holding } from './ledger.ts'

/*
 * Two Services may have one address when a client can tell them apart and every packet finds its way:
 *
 *   - both name the same sharing key, so that nobody shares by accident;
 *   - no protocol and port is in both, for the port is all that tells them apart;
 *   - both have externalTrafficPolicy Cluster, so that any node will do, or both have Local and the same
 *     selector, so that the node that announces the address has endpoints of both.
 */

type Obstacle = Pick<Refused, 'reason' | 'message'>

/** Why the claim cannot have an address that these others hold; undefined when it can. */
export function obstacleTo(claim: Claim, address: string, others: readonly Holding[]): Obstacle | undefined {
  for (const other of others) {
    const obstacle = obstacleBetween(claim, address, other)
    if (obstacle) return obstacle
  }
  return undefined
}

function obstacleBetween({ sharing }: Claim, address: string, other: Holding): Obstacle | undefined {
  if (sharing.key === undefined || sharing.key !== other.sharing.key) {
    const message = `${address} belongs to ${other.claim}; give both Services the same lanlord.dev/sharing-key to share it`
    return { reason: 'AddressInUse', message }
  }
  const clash = sharing.ports.find((port) => other.sharing.ports.includes(port))
  if (clash) {
    const message = `${address} is shared with ${other.claim}, which has ${clash} as well; use another port or another address`
    return { reason: 'SharingRefused', message }
  }
  if (sharing.backend === other.sharing.backend) return undefined
  const message = `${address} is shared with ${other.claim}; set externalTrafficPolicy Cluster on both Services, or Local with the same selector`
  return { reason: 'SharingRefused', message }
}
