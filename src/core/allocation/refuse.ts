import type { Refusal, Refused } from './decision.ts'
import type { Kept } from './kept.ts'
import type { Topic } from './topics.ts'

/** The answer no; what the claim has already stays with it. */
export function refuse(
  reason: Refusal,
  message: string,
  kept: Kept,
  waitsFor: readonly Topic[] = [],
): Refused {
  return { kind: 'refuse', reason, message, keeps: kept.addresses, pool: kept.pool?.name, waitsFor }
}
