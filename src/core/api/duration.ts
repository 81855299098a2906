import * as z from 'zod'
import { matching } from './twin.ts'

/** A length of time in hours, minutes and seconds, such as 30m or 1h30m. */
export const duration = matching(
  z.string().max(21),
  '^([0-9]{1,6}[hms]){1,3}$',
  'is not a duration; write hours, minutes and seconds such as 0s, 30m or 1h30m',
)

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 }

/** The milliseconds of a duration that the schema has let pass. */
export function durationMs(text: string): number {
  const parts = text.matchAll(/([0-9]+)([hms])/g)
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0), 0)
}
