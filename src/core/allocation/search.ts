import { compareAddresses, formatAddress } from '../ip/address.ts'
import type { Address, Family } from '../ip/address.ts'
import { positionOf, valueAt } from '../pool/line.ts'
import { admits } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import type { PassedOver, Refusal } from './decision.ts'
import { heldInNamespace, keyOf, othersWith, sharedBy, shelfOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { obstacleTo } from './sharing.ts'
import { nextFree } from './shelf.ts'

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
  const addresses: Address[] = []
  for (const family of families) {
    const address = settled.find((each) => each.family === family) ?? pick(claim, pool, ledger, family)
    if (!address) return exhausted(pool, family)
    addresses.push(address)
  }
  return overQuota(claim, pool, ledger, addresses) ?? { addresses }
}

/** Why the pool gives this claim nothing, whatever is free in it; undefined when it is open to it. */
export function barrierOf(claim: Claim, pool: Pool): PassedOver | undefined {
  const { ready, message } = pool.state
  if (!ready) return passed(pool, 'PoolNotReady', `it is not Ready (${message})`, (it) => `mend ${it}`)
  if (!admits(pool, claim)) {
    const why = `it is not for namespace ${claim.namespace} and the labels of ${claim.key}`
    return passed(
      pool,
      'NotAdmitted',
      why,
      (it) => `change the namespaces or selectors of ${it}, or the labels`,
    )
  }
  if (pool.disabled) {
    return passed(pool, 'PoolDisabled', 'it is disabled', (it) => `set spec.disabled of ${it} to false`)
  }
  return undefined
}

/** Why the pool is not for claims that ask for nothing in particular. */
export function askFirst(pool: Pool): PassedOver {
  const why = 'it has autoAssign false'
  return passed(
    pool,
    'NoPool',
    why,
    () => `annotate the Service with lanlord.dev/pool=${pool.name} to use it`,
  )
}

function pick(claim: Claim, pool: Pool, ledger: Ledger, family: Family): Address | undefined {
  const shared = sharable(claim, pool, ledger, family)
  if (shared) return shared
  const shelf = shelfOf(ledger, pool.name, family)
  const position = nextFree(shelf, claim.key)
  return position === undefined ? undefined : { family, value: valueAt(shelf.line, position) }
}

/** The lowest address of the pool that the claim can share, when it names a sharing key. */
function sharable(claim: Claim, pool: Pool, ledger: Ledger, family: Family): Address | undefined {
  if (claim.sharing.key === undefined) return undefined
  const line = pool.lines[family]
  const shared = sharedBy(ledger, claim.sharing.key)
    .filter((address) => address.family === family && positionOf(line, address.value) !== undefined)
    .filter((address) => !obstacleTo(claim, formatAddress(address), othersWith(ledger, address, claim.key)))
  return shared.toSorted(compareAddresses)[0]
}

function exhausted(pool: Pool, family: Family): PassedOver {
  const { total } = pool.lines[family]
  if (total === 0n) {
    return passed(
      pool,
      'FamilyUnavailable',
      `it has no ${family} addresses`,
      (it) => `add ${family} addresses to ${it}`,
    )
  }
  const why =
    total === 1n ? `its one ${family} address is in use` : `all ${total} ${family} addresses are in use`
  return passed(pool, 'PoolExhausted', why, (it) => `add addresses to ${it} or delete a Service`)
}

function overQuota(
  claim: Claim,
  pool: Pool,
  ledger: Ledger,
  addresses: readonly Address[],
): PassedOver | undefined {
  if (pool.quota === undefined) return undefined
  const held = heldInNamespace(ledger, claim.namespace, pool, claim.key)
  const more = addresses.filter((address) => !held.has(keyOf(address))).length
  if (held.size + more <= pool.quota) return undefined
  const why = `namespace ${claim.namespace} holds ${held.size} of its addresses, needs ${more} more and may hold ${pool.quota}`
  const mend = (it: string): string => `delete a Service of ${claim.namespace} or raise the quota of ${it}`
  return passed(pool, 'QuotaExceeded', why, mend)
}

function passed(pool: Pool, reason: Refusal, why: string, mend: PassedOver['mend']): PassedOver {
  return { pool: pool.name, reason, why, mend }
}
