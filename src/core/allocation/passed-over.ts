import type { Family } from '../ip/address.ts'
import { admits } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import type { PassedOver, Refusal } from './decision.ts'
import { quarantinedCount } from './shelf.ts'
import { families, foreignCount, isMostlyForeign } from './shelves.ts'
import type { Shelves } from './shelves.ts'
import { freeTopic, poolTopic, quotaTopic, sharingTopic } from './topics.ts'
import type { Topic } from './topics.ts'

/** Why the pool gives this claim nothing, whatever is free in it; undefined when it is open to it. */
export function barrierOf(claim: Claim, pool: Pool): PassedOver | undefined {
  if (!admits(pool, claim)) return notAdmitted(claim, pool)
  const waits = [poolTopic(pool.name)]
  if (pool.isLeaving) {
    const mend = (): string => 'make another AddressPool with these addresses'
    return passed(pool, 'PoolDisabled', 'it is being deleted', mend, waits)
  }
  const { ready, message } = pool.state
  if (!ready) {
    return passed(pool, 'PoolNotReady', `it is not Ready (${message})`, (it) => `mend ${it}`, waits)
  }
  if (!pool.disabled) return undefined
  return passed(pool, 'PoolDisabled', 'it is disabled', (it) => `set spec.disabled of ${it} to false`, waits)
}

/** Why the pool is not for claims that ask for nothing in particular. */
export function askFirst(pool: Pool): PassedOver {
  const mend = (): string => `annotate the Service with lanlord.dev/pool=${pool.name} to use it`
  return passed(pool, 'NoPool', 'it has autoAssign false', mend)
}

/** Why a pool without any address of a family is not for a claim that needs one. */
export function familyUnavailable(pool: Pool, family: Family): PassedOver {
  const mend = (it: string): string => `add ${family} addresses to ${it}`
  return passed(pool, 'FamilyUnavailable', `it has no ${family} addresses`, mend)
}

/** Why a pool has no address of the family for the claim. */
export function exhausted(claim: Claim, pool: Pool, family: Family, shelves: Shelves): PassedOver {
  if (isMostlyForeign(shelves)) return mostlyForeign(claim, pool, foreignCount(shelves))
  const shelf = shelves[family]
  const { total } = shelf.line
  const kept = shelf.retained.size
  const conflicts = quarantinedCount(shelf)
  const subject = total === 1n ? `its one ${family} address is` : `all ${total} ${family} addresses are`
  const uses = usesOf(shelf.held.size, kept, conflicts)
  const why = `${subject} in use${uses}`
  const also = kept > 0 ? ', or shorten its spec.retain' : ''
  const mend = (it: string): string => `add addresses to ${it} or delete a Service${also}`
  return passed(pool, 'PoolExhausted', why, mend, [freeTopic(pool.name, family), ...sharing(claim, pool)])
}

/** Others have so many addresses of the pool, of both families together, that it gives out none of the rest. */
function mostlyForeign(claim: Claim, pool: Pool, conflicts: number): PassedOver {
  const why = `other devices answer for ${conflicts} of its addresses, and may for the rest`
  const mend = (it: string): string => `take these addresses off them (the status of ${it} has their MACs)`
  const waits = families.map((family) => freeTopic(pool.name, family))
  return passed(pool, 'PoolExhausted', why, mend, [...waits, ...sharing(claim, pool)])
}

/** Why the namespace of the claim, which holds so many addresses of the pool, gets no more. */
export function overQuota(claim: Claim, pool: Pool, quota: number, held: number, more: number): PassedOver {
  const { namespace } = claim
  const why = `namespace ${namespace} holds ${held} of its addresses, needs ${more} more and may hold ${quota}`
  const mend = (it: string): string => `delete a Service of ${namespace} or raise the quota of ${it}`
  return passed(pool, 'QuotaExceeded', why, mend, [quotaTopic(pool.name, namespace), ...sharing(claim, pool)])
}

function notAdmitted({ namespace, key }: Claim, pool: Pool): PassedOver {
  const why = `it is not for namespace ${namespace} and the labels of ${key}`
  const mend = (it: string): string => `change the namespaces or selectors of ${it}, or the labels`
  return passed(pool, 'NotAdmitted', why, mend)
}

/** How the addresses are used when some are not simply held. */
function usesOf(held: number, kept: number, conflicts: number): string {
  if (kept + conflicts === 0) return ''
  const uses = [
    held > 0 && `${held} held`,
    kept > 0 && `${kept} kept for Services that are gone`,
    conflicts > 0 && `${conflicts} answered by ${conflicts === 1 ? 'another device' : 'other devices'}`,
  ]
  return `: ${uses.filter((use) => use !== false).join(', ')}`
}

function sharing({ sharing: { key } }: Claim, pool: Pool): readonly Topic[] {
  return key === undefined ? [] : [sharingTopic(pool.name, key)]
}

function passed(
  pool: Pool,
  reason: Refusal,
  why: string,
  mend: PassedOver['mend'],
  waitsFor: readonly Topic[] = [],
): PassedOver {
  return { pool: pool.name, reason, why, mend, waitsFor }
}
