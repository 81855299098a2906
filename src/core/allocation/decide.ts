import { includes } from '../ip/address.ts'
import { isPinned } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import { passedOverAll, topicsOf } from './decision.ts'
import type { Decision, PassedOver } from './decision.ts'
import { decideRequested } from './decide-requested.ts'
import { keptBy, keptIn } from './kept.ts'
import type { Kept } from './kept.ts'
import type { Ledger } from './ledger.ts'
import { familyChoices } from './families.ts'
import { askFirst, barrierOf } from './passed-over.ts'
import { refuse } from './refuse.ts'
import { search } from './search.ts'
import type { Topic } from './topics.ts'

const orders = new WeakMap<readonly Pool[], readonly Pool[]>()

/**
 * Answers one claim: hold what is still valid; else what it asks for by address; else by pool; else the pools by
 * priority, those meant for some Services before open ones, then by name. `ledger` must be one made for `pools`.
 */
export function decide(claim: Claim, pools: readonly Pool[], ledger: Ledger): Decision {
  if (!claim.wantsLoadBalancer) return { kind: 'release' }
  const kept = keptBy(claim, pools, ledger)
  if (claim.problem !== undefined) return refuse('InvalidRequest', claim.problem, kept)
  const asAsked = isAsAsked(claim, kept) ? decideKept(claim, ledger, kept) : undefined
  if (asAsked) return asAsked
  if (claim.asksFor.length > 0) return decideRequested(claim, pools, ledger, kept)
  if (claim.asksPool !== undefined) return decideNamed(claim, claim.asksPool, pools, ledger, kept)
  return decideFreely(claim, pools, ledger, kept)
}

/** What would have to change before the claim could have more than this gives it. */
export function waitsFor(
  claim: Claim,
  decision: Decision,
  pools: readonly Pool[],
  ledger: Ledger,
): readonly Topic[] {
  if (decision.kind === 'release') return []
  if (decision.kind === 'refuse') return decision.waitsFor
  if (decision.addresses.length === claim.families.length) return []
  const pool = pools.find(({ name }) => name === decision.pool)
  if (!pool || barrierOf(claim, pool)) return []
  const found = search(claim, pool, ledger, claim.families, decision.addresses)
  return 'addresses' in found ? [] : found.waitsFor
}

/** Whether it has something, and nothing in particular is asked for beyond that. */
function isAsAsked({ asksFor, asksPool }: Claim, kept: Kept): boolean {
  if (kept.addresses.length === 0) return false
  if (asksPool !== undefined && asksPool !== kept.pool?.name) return false
  return asksFor.every((address) => includes(kept.addresses, address))
}

/** Keeps what it has, and adds the family that is missing where the same pool has it; undefined when it needs more. */
function decideKept(claim: Claim, ledger: Ledger, kept: Kept): Decision | undefined {
  const { addresses, pool } = kept
  const keep = { kind: 'keep', addresses, pool: pool?.name } as const
  if (addresses.length === claim.families.length) return keep
  const found =
    pool && !barrierOf(claim, pool) ? search(claim, pool, ledger, claim.families, addresses) : undefined
  if (pool && found && 'addresses' in found)
    return { kind: 'assign', addresses: found.addresses, pool: pool.name }
  return claim.familyPolicy === 'RequireDualStack' ? undefined : keep
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
  return decideAmong(claim, preferred(pools), ledger, kept, barrierUnasked)
}

function barrierUnasked(claim: Claim, pool: Pool): PassedOver | undefined {
  return barrierOf(claim, pool) ?? (pool.autoAssign ? undefined : askFirst(pool))
}

function decideAmong(
  claim: Claim,
  pools: readonly Pool[],
  ledger: Ledger,
  kept: Kept,
  barrier: (claim: Claim, pool: Pool) => PassedOver | undefined,
): Decision {
  const open = pools.filter((pool) => !barrier(claim, pool))
  const missed: PassedOver[] = []
  for (const families of familyChoices(claim)) {
    for (const pool of open) {
      const found = search(claim, pool, ledger, families, keptIn(kept, pool))
      if ('addresses' in found) return { kind: 'assign', addresses: found.addresses, pool: pool.name }
      missed.push(found)
    }
  }
  const families = claim.familyPolicy === 'RequireDualStack' ? claim.families : claim.families.slice(0, 1)
  const reasonOf = (pool: Pool): PassedOver =>
    barrier(claim, pool) ?? (search(claim, pool, ledger, families, keptIn(kept, pool)) as PassedOver)
  return refuseAll(pools.map(reasonOf), missed, kept)
}

/** `passed` says of each pool why; `missed` what else was tried in it. */
function refuseAll(passed: readonly PassedOver[], missed: readonly PassedOver[], kept: Kept): Decision {
  const [first, ...rest] = passed
  if (!first) return refuse('NoPool', 'there is no AddressPool; create one', kept)
  const { reason, message } = passedOverAll([first, ...rest])
  return refuse(reason, message, kept, topicsOf([...passed, ...missed]))
}

/** Sorted once for as long as the pools are these. */
function preferred(pools: readonly Pool[]): readonly Pool[] {
  const known = orders.get(pools)
  if (known) return known
  const order = pools.toSorted(comparePools)
  orders.set(pools, order)
  return order
}

function comparePools(a: Pool, b: Pool): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  if (isPinned(a) !== isPinned(b)) return isPinned(a) ? -1 : 1
  return a.name < b.name ? -1 : 1
}
