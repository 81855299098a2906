import type { AddressPoolStatus } from '../api/address-pool.ts'
import type { Condition } from '../api/condition.ts'
import { ready } from '../api/names.ts'
import type { Pool } from '../pool/pool.ts'
import { poolUsage } from './ledger.ts'
import type { Ledger } from './ledger.ts'

/** An AddressPool's status as it stands, and the generation of the spec that was read with it. */
export interface StandingPool {
  readonly status: AddressPoolStatus
  readonly generation: number
}

/** What is written into the status of a pool. */
export type PoolStatus = Required<Pick<AddressPoolStatus, 'ipv4' | 'ipv6'>> & {
  readonly conditions: readonly Condition[]
}

/** What to merge into the pool's status so that it says how the pool is; undefined when it says so already. */
export function poolStatusPatch(
  pool: Pool,
  ledger: Ledger,
  standing: StandingPool,
  now: string,
): PoolStatus | undefined {
  const wanted = {
    ipv4: poolUsage(ledger, pool, 'IPv4'),
    ipv6: poolUsage(ledger, pool, 'IPv6'),
    conditions: conditionsOf(pool, standing, now),
  }
  const { ipv4, ipv6, conditions } = standing.status
  return sorted(wanted) === sorted({ ipv4, ipv6, conditions }) ? undefined : wanted
}

function conditionsOf(
  { state }: Pool,
  { status: { conditions = [] }, generation }: StandingPool,
  now: string,
): readonly Condition[] {
  const former = conditions.find(({ type }) => type === ready)
  const status = state.ready ? 'True' : 'False'
  const condition: Condition = {
    type: ready,
    status,
    reason: state.reason,
    message: state.message,
    lastTransitionTime: former?.status === status ? former.lastTransitionTime : now,
    observedGeneration: generation,
  }
  return [...conditions.filter(({ type }) => type !== ready), condition]
}

/** Text that does not depend on the order of the fields. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
