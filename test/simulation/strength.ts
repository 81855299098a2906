import type { Bid } from '../../src/core/wire/heartbeat.ts'

/** How strong a bid is, told apart from the code that decides: compared as text, field by field. */
export function strengthOfBid({ revision, support, contact, term }: Bid): string {
  const fields = [revision, support, contact ? 1 : 0, 1_000_000 - term]
  return fields.map((field) => String(field).padStart(9, '0')).join(' ')
}
