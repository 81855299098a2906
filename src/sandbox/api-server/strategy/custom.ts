import { group as lanlordGroup } from '../../../core/api/group.ts'
import { validateSpec } from '../../../core/api/validate.ts'
import type { FieldProblem } from '../failure.ts'
import { equal, type KubeObject, valueAt } from '../object.ts'
import type { Strategy } from '../resource-type.ts'

/**
 * What custom resources of one kind are checked for beyond their schema. The CEL rules of Lanlord's own kinds are
 * the twins of refinements in zod, so those stand in for them here.
 */
export function customStrategy(group: string, kind: string): Strategy {
  return group === lanlordGroup ? { validate: (draft, old) => refinementProblems(kind, draft, old) } : {}
}

/** As with the schema, what was wrong before and is unchanged stands. */
function refinementProblems(
  kind: string,
  draft: KubeObject,
  old: KubeObject | undefined,
): readonly FieldProblem[] {
  return validateSpec(kind, draft)
    .filter(({ path }) => old === undefined || !isUnchanged(draft, old, path))
    .map(({ path, message }) => ({
      field: path,
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(valueAt(draft, stepsOf(path))) ?? 'null'}: ${message}`,
    }))
}

function isUnchanged(draft: KubeObject, old: KubeObject, path: string): boolean {
  const steps = stepsOf(path)
  return equal(valueAt(draft, steps), valueAt(old, steps))
}

function stepsOf(path: string): readonly string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== '')
}
