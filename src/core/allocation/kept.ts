import type { Address } from '../ip/address.ts'
import { admits, listing, lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import { othersWith } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { obstacleTo } from './sharing.ts'

/** What a claim has and may go on having, and the pool that it is from. */
export interface Kept {
  readonly addresses: readonly Address[]
  readonly pool: Pool | undefined
}

const nothing: Kept = { addresses: [], pool: undefined }

/**
 * What is still valid of what the claim has: by the ledger, or by its status when the ledger does not know it yet.
 * A pool that is disabled, not Ready, or excludes the address now does not take it away; a pool that
 * no longer lists it or no longer admits the Service does.
 */
export function keptBy(claim: Claim, pools: readonly Pool[], ledger: Ledger): Kept {
  const has = ledger.holdings.get(claim.key)?.addresses ?? claim.holds
  if (has.length === 0) return nothing
  const addresses = claim.families.flatMap((family) => {
    return has
      .filter((address) => address.family === family && isValid(claim, address, pools, ledger))
      .slice(0, 1)
  })
  const pool = addresses[0] && listing(addresses[0], pools)
  return { addresses, pool }
}

/** What of it the pool lists. */
export function keptIn({ addresses }: Kept, pool: Pool): readonly Address[] {
  return addresses.filter((address) => lists(pool, address))
}

function isValid(claim: Claim, address: Address, pools: readonly Pool[], ledger: Ledger): boolean {
  const pool = listing(address, pools)
  const isOurs = pool ? admits(pool, claim) : pools.some(({ whole }) => !whole)
  return isOurs && !obstacleTo(claim, address, othersWith(ledger, address, claim.key))
}
