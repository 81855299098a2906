import * as z from 'zod'
import type { Frozen } from './frozen.ts'
import { mapList } from './twin.ts'

/** A moment as Kubernetes writes it (RFC 3339); fractions of a second and offsets are accepted. */
export const moment = z.iso.datetime({ offset: true }).max(64)

/** A count, or a version that only grows. */
export const count = z.int().nonnegative()

const condition = z.object({
  type: z.string().min(1).max(316).describe('What the condition is about.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  reason: z.string().max(1024).describe('Why, as one word from a closed list, for programs.'),
  message: z.string().max(32768).describe('Why, with the values and with what would mend it, for people.'),
  lastTransitionTime: moment.describe('When the status last changed.'),
  observedGeneration: count
    .optional()
    .describe('The metadata.generation that the condition speaks about; an older one is out of date.'),
})

/** The conditions of an object, one of each type. */
export const conditions = mapList(z.array(condition).max(16), 'type')

/** One condition as read. */
export type Condition = Frozen<z.output<typeof condition>>
