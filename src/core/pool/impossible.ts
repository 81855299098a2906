import type { LabelSelector } from '../api/label-selector.ts'
import { isLabelKey } from '../api/label-selector.ts'

/** Why no labels at all can satisfy the selector; undefined when some can. */
export function impossibilityOf({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelector): string | undefined {
  const equal = Object.entries(matchLabels).map(([key, value]) => {
    return { key, operator: 'In', values: [value] } as const
  })
  const all: readonly Requirement[] = [...equal, ...matchExpressions]
  const wrong = all.find(({ key }) => !isLabelKey(key))
  if (wrong) return `no label can have the key ${JSON.stringify(wrong.key)}`
  const key = all
    .map((each) => each.key)
    .find((each) => isContradiction(all.filter((one) => one.key === each)))
  return key === undefined ? undefined : `nothing can satisfy all that it says about the label ${key}`
}

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number]

/** Whether what is said about one label cannot hold at once: it has to be there and may not, or no value is left. */
function isContradiction(requirements: readonly Requirement[]): boolean {
  const listsOf = (operator: Requirement['operator']): readonly (readonly string[])[] =>
    requirements.filter((each) => each.operator === operator).map(({ values = [] }) => values)
  const [first, ...others] = listsOf('In')
  const isAbsent = listsOf('DoesNotExist').length > 0
  if (!first) return isAbsent && listsOf('Exists').length > 0
  const barred = listsOf('NotIn').flat()
  return (
    isAbsent ||
    !first.some((value) => !barred.includes(value) && others.every((list) => list.includes(value)))
  )
}
