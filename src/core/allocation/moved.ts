import { formatAddress, includes } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { admits, listing } from '../pool/pool.ts'
import type { Pool } from '../pool/pool.ts'
import type { Allocation } from './allocation.ts'
import type { Claim } from './claim.ts'
import type { Assigned, Decision } from './decision.ts'
import { keptBy } from './kept.ts'
import { keyOf, othersWith } from './ledger.ts'

/** An address that a claim had and may not keep. */
export interface Lost {
  readonly address: Address
  /** The pool that it was from, as far as that is known. */
  readonly pool: string | undefined
}

/** The decision with the words that say which addresses the claim had before, and why it has others. */
export function withWords(allocation: Allocation, claim: Claim, decision: Decision): Decision {
  if (decision.kind !== 'keep' && decision.kind !== 'assign') return decision
  const inPlaceOf =
    decision.kind === 'keep'
      ? wordsBefore(allocation, claim.key, decision.addresses)
      : wordsOf(allocation, claim, decision)
  return inPlaceOf === undefined ? decision : { ...decision, inPlaceOf }
}

function wordsOf(allocation: Allocation, claim: Claim, decision: Assigned): string | undefined {
  const lost = lostBy(allocation, claim).filter(({ address }) => !includes(decision.addresses, address))
  const texts = lost.map(
    (each) => `${formatAddress(each.address)}, which ${whyLost(allocation, claim, each, decision.pool)}`,
  )
  return texts.length > 0 ? `in place of ${texts.join(', and of ')}` : undefined
}

/** What was said when it got the addresses that it keeps. */
function wordsBefore({ decisions }: Allocation, key: string, keeps: readonly Address[]): string | undefined {
  const former = decisions.get(key)
  if (former?.kind !== 'keep' && former?.kind !== 'assign') return undefined
  const isSame = keeps.every((address) => includes(former.addresses, address))
  return isSame ? former.inPlaceOf : undefined
}

function lostBy({ lost, ledger, pools }: Allocation, claim: Claim): readonly Lost[] {
  const known = lost.get(claim.key)
  if (known) {
    lost.delete(claim.key)
    return known
  }
  const had = ledger.holdings.get(claim.key)
  if (!had) return []
  const kept = keptBy(claim, pools, ledger)
  const gone = had.addresses.filter((address) => !includes(kept.addresses, address))
  return gone.map((address) => ({ address, pool: had.pool }))
}

function whyLost(
  { pools, ledger }: Allocation,
  claim: Claim,
  { address, pool: former }: Lost,
  pool: string,
): string {
  const lister: Pool | undefined = listing(address, pools)
  if (!lister) return former === pool ? 'it no longer lists' : 'no AddressPool lists'
  if (!admits(lister, claim)) return `is of AddressPool ${lister.name}, which is not for it`
  const quarantined = ledger.quarantined.get(keyOf(address))
  if (quarantined) return `another device (${quarantined.mac}) answers for`
  const [other] = othersWith(ledger, address, claim.key)
  return other ? `belongs to ${other.claim}` : 'is not of one of its families'
}
