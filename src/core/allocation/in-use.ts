import { poolFinalizer } from '../api/names.ts'
import type { Pool } from '../pool/pool.ts'
import type { Ledger } from './ledger.ts'
import { heldCount } from './pool-usage.ts'

/**
 * The finalizers that the pool should have; undefined when it has them. Ours is there while Services hold addresses of
 * the pool. The API refuses a new one to a pool that is being deleted.
 */
export function finalizersFor(
  pool: Pool,
  ledger: Ledger,
  has: readonly string[],
): readonly string[] | undefined {
  const isMarked = has.includes(poolFinalizer)
  const isUsed = heldCount(ledger, pool.name) > 0 || (isMarked && mayBeInUse(pool, ledger))
  if (isUsed === isMarked || (isUsed && pool.isLeaving)) return undefined
  return isUsed ? [...has, poolFinalizer] : has.filter((name) => name !== poolFinalizer)
}

/** Nobody can say whose the addresses are that no pool lists while one cannot be read. */
function mayBeInUse({ whole }: Pool, { holdings }: Ledger): boolean {
  return !whole && [...holdings.values()].some(({ pool }) => pool === undefined)
}
