import { compareAddresses } from '../ip/address.ts'
import type { Address, Family } from '../ip/address.ts'
import { positionOf, valueAt } from '../pool/line.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import type { PassedOver } from './decision.ts'
import { keyOf, othersWith, sharedBy, shelfOf, shelvesOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { exhausted, familyUnavailable, overQuota } from './passed-over.ts'
import { heldInNamespace, isHeldInNamespace } from './pool-usage.ts'
import { obstacleTo } from './sharing.ts'
import { nextFree, slotOf } from './shelf.ts'
import { isMostlyForeign } from './shelves.ts'

/** Addresses of one pool for all the families wanted, or why the pool cannot give them. */
export type Found = { readonly addresses: readonly Address[] } | PassedOver

/** Looks in one pool for an address of each family; those that are settled already are taken as they are. */
export function search(
  claim: Claim,
  pool: Pool,
  ledger: Ledger,
  families: readonly Family[],
  settled: readonly Address[] = [],
): Found {
  const missing = families.find((family) => pool.lines[family].total === 0n && !hasSettled(settled, family))
  if (missing) return familyUnavailable(pool, missing)
  const addresses: Address[] = []
  for (const family of families) {
    const address = settled.find((each) => each.family === family) ?? pick(claim, pool, ledger, family)
    if (!address) return exhausted(claim, pool, family, shelvesOf(ledger, pool.name))
    addresses.push(address)
  }
  return excess(claim, pool, ledger, addresses) ?? { addresses }
}

function hasSettled(settled: readonly Address[], family: Family): boolean {
  return settled.some((each) => each.family === family)
}

function pick(claim: Claim, pool: Pool, ledger: Ledger, family: Family): Address | undefined {
  const shared = sharable(claim, pool, ledger, family)
  if (shared) return shared
  const shelf = shelfOf(ledger, pool.name, family)
  // Where others have so many, the next one is likely theirs, too: a Service would be given one after the other.
  if (isMostlyForeign(shelvesOf(ledger, pool.name))) return undefined
  const position = nextFree(shelf, claim.key)
  return position === undefined ? undefined : { family, value: valueAt(shelf.line, BigInt(position)) }
}

/** The lowest address of the pool that the claim can share, when it names a sharing key. */
function sharable(claim: Claim, pool: Pool, ledger: Ledger, family: Family): Address | undefined {
  if (claim.sharing.key === undefined) return undefined
  const { quarantined } = shelfOf(ledger, pool.name, family)
  const shared = sharedBy(ledger, claim.sharing.key).filter((address) => {
    const position = address.family === family && positionOf(pool.lines[family], address.value)
    return typeof position === 'bigint' && !quarantined.has(slotOf(position))
  })
  const open = shared.filter(
    (address) => !obstacleTo(claim, address, othersWith(ledger, address, claim.key), pool),
  )
  return open.toSorted(compareAddresses)[0]
}

function excess(
  claim: Claim,
  pool: Pool,
  ledger: Ledger,
  addresses: readonly Address[],
): PassedOver | undefined {
  const { quota, name } = pool
  if (quota === undefined) return undefined
  const { key, namespace } = claim
  const held = heldInNamespace(ledger, name, namespace, key)
  const more = addresses.filter((each) => !isHeldInNamespace(ledger, name, namespace, keyOf(each), key))
  return held + more.length > quota ? overQuota(claim, pool, quota, held, more.length) : undefined
}
