import * as z from 'zod'
import type { Frozen } from './frozen.ts'
import { shaped, textMap, twin } from './twin.ts'

const keyShape = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/

/** Whether a label can have the key: a name of 63 characters, behind a prefix of 253 and a slash or alone. */
export function isLabelKey(text: string): boolean {
  const [name = '', prefix = ''] = text.split('/').toReversed()
  return keyShape.test(text) && name.length <= 63 && prefix.length <= 253
}

const labelKey = shaped(
  z.string().min(1).max(317),
  keyShape,
  'is not the key of a label; write letters, digits, dashes, underscores and dots, such as app.kubernetes.io/name',
)

const labelValue = shaped(
  z.string().max(63),
  /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
  'is not the value of a label; write letters, digits, dashes, underscores and dots',
)

const requirement = z.object({
  key: labelKey.describe('The label that this requirement is about.'),
  operator: z
    .enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])
    .describe('How the label relates to the values. NotIn also matches where the label is missing.'),
  values: z
    .array(labelValue)
    .max(64)
    .optional()
    .describe('The values: at least one for In and NotIn, none for Exists and DoesNotExist.'),
})

const needsValues = 'needs at least one entry in values'
const takesNoValues = 'takes no values; leave them out'

const matchExpression = twin(
  requirement,
  [
    {
      rule: "!(self.operator in ['In', 'NotIn']) || (has(self.values) && size(self.values) > 0)",
      message: `operator In or NotIn ${needsValues}`,
    },
    {
      rule: "!(self.operator in ['Exists', 'DoesNotExist']) || !has(self.values) || size(self.values) == 0",
      message: `operator Exists or DoesNotExist ${takesNoValues}`,
    },
  ],
  ({ operator, values = [] }) => {
    const wantsValues = operator === 'In' || operator === 'NotIn'
    if (wantsValues === values.length > 0) return undefined
    return `operator ${operator} ${wantsValues ? needsValues : takesNoValues}`
  },
)

/** A standard Kubernetes label selector: everything in it must hold, so an empty one matches everything. */
export const labelSelector = z.object({
  matchLabels: textMap(64, labelValue)
    .optional()
    .describe('Labels that must all be there with exactly these values.'),
  matchExpressions: z
    .array(matchExpression)
    .max(32)
    .optional()
    .describe('Requirements that must all hold, besides those of matchLabels.'),
})

/** A label selector as read. */
export type LabelSelector = Frozen<z.output<typeof labelSelector>>
