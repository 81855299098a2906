import type { LabelSelector } from '../api/label-selector.ts'

/** Labels of an object, as in its metadata. */
export type Labels = Readonly<Record<string, string>>

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number]

/** Whether the labels satisfy all of the selector, as Kubernetes means it: an empty selector matches everything. */
export function matches(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => valueOf(labels, key) === value) &&
    (selector.matchExpressions ?? []).every((requirement) => satisfies(requirement, labels))
  )
}

/** Whether any of the selectors matches. No selector at all matches nothing. */
export function matchesAny(selectors: readonly LabelSelector[], labels: Labels): boolean {
  return selectors.some((selector) => matches(selector, labels))
}

function satisfies({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = valueOf(labels, key)
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}

function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
