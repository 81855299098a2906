import type { Family } from '../ip/address.ts'
import { isPinned } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import { passedOverAll } from './decision.ts'
import type { Decision, PassedOver, Refusal } from './decision.ts'
import { decideRequested } from './decide-requested.ts'
import { includes, keptBy } from './kept.ts'
import type { Kept } from './kept.ts'
import type { Ledger } from './ledger.ts'
import { familyChoices } from './families.ts'
import { refuse } from './refuse.ts'
import { askFirst, barrierOf, search } from './search.ts'

/**
 * Answers one claim: hold what is still valid; else what it asks for by address; else by pool; else the pools by
 * priority, those meant for some Services before open ones, then by name. `ledger` must be one made for `pools`.
 */
export function decide(claim: Claim, pools: readonly Pool[], ledger: Ledger): Decision {
  if (!claim.wantsLoadBalancer) return { kind: 'release' }
  const kept = keptBy(claim, pools, ledger)
  if (claim.problem !== undefined) return refuse('InvalidRequest', claim.problem, kept)
  if (isAsAsked(claim, kept)) return decideKept(claim, pools, ledger, kept)
  if (claim.asksFor.length > 0) return decideRequested(claim, pools, ledger, kept)
  if (claim.asksPool !== undefined) return decideNamed(claim, claim.asksPool, pools, ledger, kept)
  return decideFreely(claim, pools, ledger, kept)
}

/** Whether it has something, and nothing in particular is asked for beyond that. */
function isAsAsked({ asksFor, asksPool }: Claim, kept: Kept): boolean {
  if (kept.addresses.length === 0) return false
  if (asksPool !== undefined && asksPool !== kept.pool?.name) return false
  return asksFor.every((address) => includes(kept.addresses, address))
}

/** Keeps what it has, and adds the family that is missing where the same pool has it. */
function decideKept(claim: Claim, pools: readonly Pool[], ledger: Ledger, kept: Kept): Decision {
  const { addresses, pool } = kept
  const keep = { kind: 'keep', addresses, pool: pool?.name } as const
  if (addresses.length === claim.families.length) return keep
  const found =
    pool && !barrierOf(claim, pool) ? search(claim, pool, ledger, claim.families, addresses) : undefined
  if (pool && found && 'addresses' in found)
    return { kind: 'assign', addresses: found.addresses, pool: pool.name }
  return claim.familyPolicy === 'RequireDualStack' ? decideFreely(claim, pools, ledger, kept) : keep
}

function decideNamed(
  claim: Claim,
  name: string,
  pools: readonly Pool[],
  ledger: Ledger,
  kept: Kept,
): Decision {
  const pool = pools.find((each) => each.name === name)
  if (pool) return decideAmong(claim, [pool], ledger, kept, barrierOf)
  const message = `AddressPool ${name} does not exist; create it or correct the annotation lanlord.dev/pool`
  return refuse('NoPool', message, kept)
}

function decideFreely(claim: Claim, pools: readonly Pool[], ledger: Ledger, kept: Kept): Decision {
  const barrier = (each: Claim, pool: Pool): PassedOver | undefined => {
    return barrierOf(each, pool) ?? (pool.autoAssign ? undefined : askFirst(pool))
  }
  return decideAmong(claim, pools.toSorted(comparePools), ledger, kept, barrier)
}

function decideAmong(
  claim: Claim,
  pools: readonly Pool[],
  ledger: Ledger,
  kept: Kept,
  barrier: (claim: Claim, pool: Pool) => PassedOver | undefined,
): Decision {
  const open = pools.filter((pool) => !barrier(claim, pool))
  for (const families of familyChoices(claim)) {
    const found = firstFind(claim, open, ledger, families)
    if (found) return found
  }
  const families = claim.familyPolicy === 'RequireDualStack' ? claim.families : claim.families.slice(0, 1)
  return refuseAll(
    pools.map((pool) => barrier(claim, pool) ?? (search(claim, pool, ledger, families) as PassedOver)),
    kept,
  )
}

function firstFind(
  claim: Claim,
  pools: readonly Pool[],
  ledger: Ledger,
  families: readonly Family[],
): Decision | undefined {
  for (const pool of pools) {
    const found = search(claim, pool, ledger, families)
    if ('addresses' in found) return { kind: 'assign', addresses: found.addresses, pool: pool.name }
  }
  return undefined
}

function refuseAll(passed: readonly PassedOver[], kept: Kept): Decision {
  const [first, ...rest] = passed
  if (!first) return refuse('NoPool', 'there is no AddressPool; create one', kept)
  const { reason, message } = passedOverAll([first, ...rest])
  return refuse(
    reason,
    message,
    kept,
    passed.filter(canChange).map(({ pool }) => pool),
  )
}

/** Whether Services that come and go can change it. */
function canChange({ reason }: PassedOver): boolean {
  const lasting: readonly Refusal[] = [
    'PoolNotReady',
    'PoolDisabled',
    'NotAdmitted',
    'NoPool',
    'FamilyUnavailable',
  ]
  return !lasting.includes(reason)
}

function comparePools(a: Pool, b: Pool): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  if (isPinned(a) !== isPinned(b)) return isPinned(a) ? -1 : 1
  return a.name < b.name ? -1 : 1
}
