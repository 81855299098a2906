import { formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { formatRange } from '../ip/range.ts'
import { positionOf } from '../pool/line.ts'
import { admits, isOnRequest, listing, lists } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Claim } from './claim.ts'
import { passedOverAll } from './decision.ts'
import type { Decision, PassedOver, Refused } from './decision.ts'
import { familyChoices } from './families.ts'
import type { Kept } from './kept.ts'
import { othersWith } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { refuse } from './refuse.ts'
import { barrierOf, search } from './search.ts'
import { obstacleTo } from './sharing.ts'

/** Answers a claim that asks for addresses by name: those and no others, and the family that is missing from the same pool. */
export function decideRequested(claim: Claim, pools: readonly Pool[], ledger: Ledger, kept: Kept): Decision {
  const [first] = claim.asksFor as [Address]
  const pool = listing(first, pools)
  if (!pool) return refuse('AddressNotInPool', nowhere(first, claim, pools), kept)
  const obstacle = wrongPool(claim, pool) ?? closed(claim, pool, first) ?? taken(claim, pool, ledger)
  return obstacle
    ? refuse(obstacle.reason, obstacle.message, kept, [pool.name])
    : complete(claim, pool, ledger, kept)
}

type Obstacle = Pick<Refused, 'reason' | 'message'>

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

function closed(claim: Claim, pool: Pool, address: Address): Obstacle | undefined {
  const barrier = barrierOf(claim, pool)
  if (!barrier) return undefined
  const { reason, message } = passedOverAll([barrier])
  return { reason, message: `${formatAddress(address)} cannot be given out; ${message}` }
}

function taken(claim: Claim, pool: Pool, ledger: Ledger): Obstacle | undefined {
  for (const address of claim.asksFor) {
    const obstacle =
      obstacleTo(claim, formatAddress(address), othersWith(ledger, address, claim.key)) ??
      reserved(pool, address)
    if (obstacle) return obstacle
  }
  return undefined
}

function reserved(pool: Pool, address: Address): Obstacle | undefined {
  const isOnLine = positionOf(pool.lines[address.family], address.value) !== undefined
  if (isOnLine || isOnRequest(pool, address)) return undefined
  const message = `${formatAddress(address)} is one that AddressPool ${pool.name} never gives out (spec.exclude, spec.avoidBuggyIPs); ask for another address or change the pool`
  return { reason: 'AddressReserved', message }
}

function complete(claim: Claim, pool: Pool, ledger: Ledger, kept: Kept): Decision {
  const found = familyChoices(claim, claim.asksFor).map((families) => {
    return search(claim, pool, ledger, families, claim.asksFor)
  })
  const best = found.find((each) => 'addresses' in each)
  if (best) return { kind: 'assign', addresses: best.addresses, pool: pool.name }
  const { reason, message } = passedOverAll([found.at(-1) as PassedOver])
  return refuse(reason, message, kept, [pool.name])
}
