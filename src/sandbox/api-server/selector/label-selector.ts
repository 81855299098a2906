import { isObject, type JsonObject, textOf } from '../object.ts'

type Labels = Readonly<Record<string, string>>

/** Whether labels are those that a LabelSelector, as objects have it, asks for. */
export function matchesSelector({ matchLabels, matchExpressions }: JsonObject, labels: Labels): boolean {
  const pairs = Object.entries(isObject(matchLabels) ? matchLabels : {})
  const expressions = Array.isArray(matchExpressions) ? matchExpressions.filter(isObject) : []
  return (
    pairs.every(([key, value]) => labels[key] === value) && expressions.every((one) => holds(one, labels))
  )
}

function holds({ key, operator, values }: JsonObject, labels: Labels): boolean {
  const value = labels[textOf(key)]
  const listed = Array.isArray(values) && value !== undefined && values.includes(value)
  switch (textOf(operator)) {
    case 'In':
      return listed
    case 'NotIn':
      return !listed
    case 'Exists':
      return value !== undefined
    default:
      return value === undefined
  }
}
