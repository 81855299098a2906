import * as z from 'zod'
import { matching } from './twin.ts'

/** A length of time in hours, minutes and seconds, such as 30m or 1h30m. */
export const duration = matching(
  z.string().max(21),
  '^([0-9]{1,6}[hms]){1,3}$',
  'is not a duration; write hours, minutes and seconds such as 0s, 30m or 1h30m',
)

/** The milliseconds of a duration that the schema has let pass. */
export function durationMs(text: string): number {
  return (
    1000 *
    (3600 * sumOf(text, /[0-9]+(?=h)/g) + 60 * sumOf(text, /[0-9]+(?=m)/g) + sumOf(text, /[0-9]+(?=s)/g))
  )
}

function sumOf(text: string, amounts: RegExp): number {
  return [...text.matchAll(amounts)].reduce((sum, [amount]) => sum + Number(amount), 0)
}
