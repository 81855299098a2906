import type { Address, Family } from '../ip/address.ts'
import type { Claim } from './claim.ts'

/** The sets of families that would do, the best first; only those that have a place for what is settled already. */
export function familyChoices(
  claim: Claim,
  settled: readonly Address[] = [],
): readonly (readonly Family[])[] {
  const { families, familyPolicy } = claim
  const single = familyPolicy === 'PreferDualStack' ? families.map((family) => [family]) : []
  const choices = families.length > 1 ? [families, ...single] : [families]
  return choices.filter((choice) => settled.every(({ family }) => choice.includes(family)))
}
