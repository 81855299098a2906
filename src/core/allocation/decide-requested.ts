import { formatAddress, includes } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { formatRange } from '../ip/range.ts'
import { secondOf } from '../api/moment.ts'
import { admits, isOnRequest, listing, lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import { passedOverAll, topicsOf } from './decision.ts'
import type { Decision, PassedOver } from './decision.ts'
import { familyChoices } from './families.ts'
import { keptIn } from './kept.ts'
import type { Kept } from './kept.ts'
import { keyOf, othersWith, shelvesOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { Quarantined } from './memory.ts'
import { barrierOf } from './passed-over.ts'
import { refuse } from './refuse.ts'
import { search } from './search.ts'
import { obstacleTo } from './sharing.ts'
import type { Obstacle } from './sharing.ts'
import type { Freed } from './shelf.ts'
import { positionIn } from './shelves.ts'
import { addressTopic } from './topics.ts'

/** Answers a claim that asks for addresses by name: those and no others, and the family that is missing from the same pool. */
export function decideRequested(claim: Claim, pools: readonly Pool[], ledger: Ledger, kept: Kept): Decision {
  const [first] = claim.asksFor as [Address]
  const pool = listing(first, pools)
  if (!pool) return refuse('AddressNotInPool', nowhere(first, claim, pools), kept)
  const wrong = wrongPool(claim, pool)
  if (wrong) return refuse(wrong.reason, wrong.message, kept)
  const barrier = barrierOf(claim, pool)
  if (barrier) return refuseClosed(first, barrier, kept)
  return refuseTaken(claim, pool, ledger, kept) ?? complete(claim, pool, ledger, kept)
}

function nowhere(address: Address, claim: Claim, pools: readonly Pool[]): string {
  const open = pools.filter((pool) => pool.state.ready && admits(pool, claim)).slice(0, 3)
  const offers = open.map(
    ({ name, entries }) => `${name} (${entries.slice(0, 3).map(formatRange).join(', ')})`,
  )
  const mend =
    offers.length > 0
      ? `ask for an address of ${offers.join(' or ')}, or add it to an AddressPool`
      : 'add it to one'
  return `${formatAddress(address)} is in no AddressPool; ${mend}`
}

function wrongPool({ asksFor, asksPool }: Claim, pool: Pool): Obstacle | undefined {
  const [first] = asksFor as [Address]
  if (asksPool !== undefined && asksPool !== pool.name) {
    const message = `${formatAddress(first)} is in AddressPool ${pool.name}, not in AddressPool ${asksPool}; correct lanlord.dev/addresses or lanlord.dev/pool`
    return { reason: 'AddressNotInPool', message }
  }
  const outside = asksFor.find((address) => !lists(pool, address))
  if (!outside) return undefined
  const message = `${formatAddress(outside)} is not in AddressPool ${pool.name} as ${formatAddress(first)} is; ask for addresses of one AddressPool`
  return { reason: 'AddressNotInPool', message }
}

function refuseClosed(address: Address, barrier: PassedOver, kept: Kept): Decision {
  const { reason, message } = passedOverAll([barrier])
  return refuse(reason, `${formatAddress(address)} cannot be given out; ${message}`, kept, barrier.waitsFor)
}

function refuseTaken(claim: Claim, pool: Pool, ledger: Ledger, kept: Kept): Decision | undefined {
  for (const address of claim.asksFor) {
    if (includes(kept.addresses, address)) continue
    const others = othersWith(ledger, address, claim.key)
    const obstacle = obstacleTo(claim, address, others, pool) ?? reserved(claim, pool, ledger, address)
    if (!obstacle) continue
    return refuse(obstacle.reason, obstacle.message, kept, [addressTopic(pool.name, address)])
  }
  return undefined
}

function reserved(claim: Claim, pool: Pool, ledger: Ledger, address: Address): Obstacle | undefined {
  const shelves = shelvesOf(ledger, pool.name)
  const shelf = shelves[address.family]
  const position = positionIn(shelves, address)
  if (position === undefined) return isOnRequest(pool, address) ? undefined : excluded(pool, address)
  if (shelf.quarantined.has(position)) return inConflict(ledger, pool, address)
  const freed = shelf.retained.get(position)
  return freed && freed.service !== claim.key ? retained(pool, address, freed) : undefined
}

function excluded(pool: Pool, address: Address): Obstacle {
  const message = `${formatAddress(address)} is one that AddressPool ${pool.name} never gives out (spec.exclude, spec.avoidBuggyIPs); ask for another address or change the pool`
  return { reason: 'AddressReserved', message }
}

function inConflict(ledger: Ledger, pool: Pool, address: Address): Obstacle {
  const { mac } = ledger.quarantined.get(keyOf(address)) as Quarantined
  const message = `${formatAddress(address)} is answered by another device (${mac}); take the address off that device, exclude it from AddressPool ${pool.name} or ask for another address`
  return { reason: 'AddressConflict', message }
}

function retained(pool: Pool, address: Address, { service, freedAt }: Freed): Obstacle {
  const until = secondOf(freedAt + pool.retainMs)
  const message = `${formatAddress(address)} is kept for ${service}, which had it last, until ${until}; wait until then, ask for another address or shorten spec.retain of AddressPool ${pool.name}`
  return { reason: 'AddressReserved', message }
}

function complete(claim: Claim, pool: Pool, ledger: Ledger, kept: Kept): Decision {
  const settled = [...claim.asksFor, ...keptIn(kept, pool)]
  const found = familyChoices(claim, claim.asksFor).map((families) => {
    return search(claim, pool, ledger, families, settled)
  })
  const best = found.find((each) => 'addresses' in each)
  if (best) return { kind: 'assign', addresses: best.addresses, pool: pool.name }
  const passed = found as readonly PassedOver[]
  const { reason, message } = passedOverAll([passed.at(-1) as PassedOver])
  return refuse(reason, message, kept, topicsOf(passed))
}
