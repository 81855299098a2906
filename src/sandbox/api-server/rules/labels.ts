import { type FieldProblem, invalidValue } from '../failure.ts'
import { labelValue, qualifiedName } from './names.ts'

/** What is wrong with labels, or with a selector that is a map of them. */
export function labelProblems(
  labels: Readonly<Record<string, string>> | undefined,
  field: string,
): readonly FieldProblem[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedName(key).map((why) => invalidValue(field, key, why)),
    ...labelValue(value).map((why) => invalidValue(field, value, why)),
  ])
}
