import * as z from 'zod'
import { matching } from './twin.ts'

const pattern = '^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$'

/** A length of time in hours, minutes and seconds, in this order, such as 30m or 1h30m. */
export const duration = matching(
  z.string().min(2).max(21),
  pattern,
  'is not a duration; write hours, minutes and seconds such as 0s, 30m or 1h30m',
)

/** The milliseconds of a duration that the schema has let pass; anything else counts as none. */
export function durationMs(text: string): number {
  const [, hours, minutes, seconds] = new RegExp(pattern).exec(text) ?? []
  return 1000 * (3600 * amountOf(hours) + 60 * amountOf(minutes) + amountOf(seconds))
}

function amountOf(part: string | undefined): number {
  return part === undefined ? 0 : Number.parseInt(part, 10)
}
