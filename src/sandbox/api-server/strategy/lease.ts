import { type FieldProblem, invalidValue } from '../failure.ts'
import type { KubeObject } from '../object.ts'
import type { Strategy } from '../resource-type.ts'

function validate({ spec = {} }: KubeObject): readonly FieldProblem[] {
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = spec
  const problems: FieldProblem[] = []
  if (typeof seconds === 'number' && seconds <= 0) {
    problems.push(invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0'))
  }
  if (typeof transitions === 'number' && transitions < 0) {
    const why = 'must be greater than or equal to 0'
    problems.push(invalidValue('spec.leaseTransitions', transitions, why))
  }
  return problems
}

export const leaseStrategy: Strategy = { validate }
