import type { Address, Family } from '../ip/address.ts'
import { listing } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import { usageOf } from '../pool/usage.ts'
import type { Usage } from '../pool/usage.ts'
import { keyOf, shelvesOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { quarantinedCount } from './shelf.ts'
import { families } from './shelves.ts'

/**
 * How the addresses of one family of a pool are used. One that is not Ready, or is being deleted, gives out nothing; of
 * what it lists, only what is not held from the older pool, which lists it too, is held from it.
 */
export function poolUsage(ledger: Ledger, pool: Pool, family: Family): Usage {
  const { heldFrom, [family]: shelf } = shelvesOf(ledger, pool.name)
  const usage = usageOf(shelf.line, {
    allocated: heldFrom[family],
    onLine: shelf.held.size,
    retained: shelf.retained.size,
    quarantined: quarantinedCount(shelf),
  })
  return pool.state.ready && !pool.isLeaving ? usage : { ...usage, available: 0 }
}

/** How many addresses are held from a pool. */
export function heldCount(ledger: Ledger, pool: string): number {
  const { heldFrom } = shelvesOf(ledger, pool)
  return families.reduce((sum, family) => sum + heldFrom[family], 0)
}

/** The Services that hold addresses from a pool, in no particular order; this looks at all that hold any. */
export function holdersFrom({ holdings, shelves }: Ledger, pool: string): readonly string[] {
  const pools = [...shelves.values()].map((each) => each.pool)
  const isFrom = (address: Address): boolean => listing(address, pools)?.name === pool
  const from = [...holdings.values()].filter(({ addresses }) => addresses.some(isFrom))
  return from.map(({ claim }) => claim)
}

/** How many different addresses of the pool the namespace holds, what only one claim holds left aside. */
export function heldInNamespace(ledger: Ledger, pool: string, namespace: string, except: string): number {
  const counts = shelvesOf(ledger, pool).tenants.get(namespace)
  if (!counts) return 0
  const own = ledger.holdings.get(except)?.addresses ?? []
  return counts.size - own.filter((address) => counts.get(keyOf(address)) === 1).length
}

/** Whether other claims of the namespace hold the address of the pool. */
export function isHeldInNamespace(
  ledger: Ledger,
  pool: string,
  namespace: string,
  key: bigint,
  except: string,
): boolean {
  const count = shelvesOf(ledger, pool).tenants.get(namespace)?.get(key) ?? 0
  return count > (ledger.holders.get(key)?.has(except) === true ? 1 : 0)
}
