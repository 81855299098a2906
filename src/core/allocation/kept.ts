import { formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { admits, listing } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import { keyOf, othersWith } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { obstacleTo } from './sharing.ts'

/** What a claim has and may go on having, and the pool that it is from. */
export interface Kept {
  readonly addresses: readonly Address[]
  readonly pool: Pool | undefined
}

/**
 * What is still valid of what the claim has: by the ledger, or by its status when the ledger does not know it yet.
 * A pool that is disabled, not Ready, or excludes the address now does not take it away; a pool that
 * no longer lists it or no longer admits the Service does.
 */
export function keptBy(claim: Claim, pools: readonly Pool[], ledger: Ledger): Kept {
  const has = ledger.holdings.get(claim.key)?.addresses ?? claim.holds
  const addresses = claim.families.flatMap((family) => {
    return has
      .filter((address) => address.family === family && isValid(claim, address, pools, ledger))
      .slice(0, 1)
  })
  const pool = addresses[0] && listing(addresses[0], pools)
  return { addresses, pool }
}

/** Whether the list has the address. */
export function includes(addresses: readonly Address[], address: Address): boolean {
  return addresses.some((each) => keyOf(each) === keyOf(address))
}

function isValid(claim: Claim, address: Address, pools: readonly Pool[], ledger: Ledger): boolean {
  const pool = listing(address, pools)
  const isOurs = pool ? admits(pool, claim) : pools.some(({ whole }) => !whole)
  return isOurs && !obstacleTo(claim, formatAddress(address), othersWith(ledger, address, claim.key))
}
