import { formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import type { Pool } from '../pool/pool.ts'
import { annotations } from '../api/names.ts'
import type { Claim, Sharing } from './claim.ts'
import type { Refused } from './decision.ts'
import type { Holding } from './ledger.ts'

/*
 * Two Services may have one address when a client can tell them apart and every packet finds its way:
 *
 *   - both name the same sharing key, so that nobody shares by accident;
 *   - both are of one namespace; or the pool is for sharing across the cluster, and each names the namespace of the
 *     other, so that nobody takes the ports of an address that is not his;
 *   - no protocol and port is in both, for the port is all that tells them apart;
 *   - both have externalTrafficPolicy Cluster, so that any node will do, or both have Local and the same
 *     selector, so that the node that announces the address has endpoints of both.
 */

/** Why an address cannot be had. */
export type Obstacle = Pick<Refused, 'reason' | 'message'>

/**
 * Why the claim cannot have an address that these others hold; undefined when it can. Without a pool it is asked
 * whether those that have the address may go on sharing it: what the pool says is for those that come.
 */
export function obstacleTo(
  claim: Claim,
  address: Address,
  others: readonly Holding[],
  pool?: Pool,
): Obstacle | undefined {
  for (const other of others) {
    const obstacle = obstacleBetween(claim, address, other, pool)
    if (obstacle) return obstacle
  }
  return undefined
}

function obstacleBetween(
  claim: Claim,
  address: Address,
  other: Holding,
  pool: Pool | undefined,
): Obstacle | undefined {
  const { sharing } = claim
  if (sharing.key === undefined || sharing.key !== other.sharing.key) {
    const message = `${formatAddress(address)} belongs to ${other.claim}; give both Services the same ${annotations.sharingKey} to share it`
    return { reason: 'AddressInUse', message }
  }
  const apart = sharing.namespace === other.sharing.namespace ? undefined : dissent(claim, other, pool)
  const why = apart ?? clash(sharing, other.sharing)
  if (why === undefined) return undefined
  return {
    reason: 'SharingRefused',
    message: `${formatAddress(address)} is shared with ${other.claim}${why}`,
  }
}

/** What is missing for Services of two namespaces to share an address. */
function dissent(claim: Claim, other: Holding, pool: Pool | undefined): string | undefined {
  if (pool && pool.sharing !== 'Cluster') {
    return ` of another namespace, and AddressPool ${pool.name} is shared within one; set its spec.sharing to Cluster or ask for another address`
  }
  if (!agrees(claim.sharing, other.sharing)) return unnamed(claim.key, other.namespace)
  if (!agrees(other.sharing, claim.sharing)) return unnamed(other.claim, claim.namespace)
  return undefined
}

function unnamed(service: string, namespace: string): string {
  return `, and ${service} does not share with namespace ${namespace}; add ${namespace} to its ${annotations.sharingNamespaces}`
}

function agrees({ sharesWith }: Sharing, { namespace }: Sharing): boolean {
  return sharesWith.includes('*') || sharesWith.includes(namespace)
}

function clash(mine: Sharing, theirs: Sharing): string | undefined {
  const port = mine.ports.find((each) => theirs.ports.includes(each))
  if (port !== undefined) return `, which has ${port} as well; use another port or another address`
  if (mine.backend === theirs.backend) return undefined
  return '; set externalTrafficPolicy Cluster on both Services, or Local with the same selector'
}
