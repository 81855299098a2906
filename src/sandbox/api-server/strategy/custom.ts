import { hasRules, ruleProblems } from '../cel/rules.ts'
import { type FieldProblem, invalidValue } from '../failure.ts'
import type { KubeObject } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { qualifiedName } from '../rules/names.ts'
import type { Schema } from '../schema/schema.ts'
import { schemaProblems } from '../schema/validate.ts'
import { duplicateProblems } from '../schema/validate-list.ts'

/** What custom resources of one kind are checked for: their schema, and the rules in it. */
export function customStrategy(schema: Schema = {}): Strategy {
  return {
    validate: (draft, old) => problemsOf(schema, draft, old, schemaProblems(schema, draft, old)),
    validateStatus: (draft, old) => problemsOf(schema, draft, old, statusProblems(schema, draft, old)),
    endured: (draft, old) => oldMistakes(schema, draft, old),
    warn: finalizerWarnings,
  }
}

/** Only what says nothing else of a value lets its rules be tried. */
const blocking = [
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]

const unchecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

function problemsOf(
  schema: Schema,
  draft: KubeObject,
  old: KubeObject | undefined,
  broken: readonly FieldProblem[],
): readonly FieldProblem[] {
  const wasUnique = old === undefined || duplicateProblems(schema, old).length === 0
  const problems = [...broken, ...(wasUnique ? duplicateProblems(schema, draft) : [])]
  if (!hasRules(schema)) return problems
  if (problems.some(({ reason }) => blocking.includes(reason)))
    return [...problems, invalidValue('<nil>', null, unchecked)]
  return [...problems, ...ruleProblems(schema, draft, old, 'changed')]
}

/** The status is looked at on its own: what is told of it leaves out where it is. */
function statusProblems(
  { properties }: Schema,
  { status }: KubeObject,
  old: KubeObject,
): readonly FieldProblem[] {
  const schema = properties?.['status']
  if (schema === undefined || status === undefined) return []
  return schemaProblems(schema, status, old.status).map(({ field, ...problem }) => ({
    ...problem,
    field: field === '<nil>' ? 'status' : `status.${field.replace(/^\./, '')}`,
  }))
}

function oldMistakes(schema: Schema, draft: KubeObject, old: KubeObject | undefined): readonly string[] {
  if (old === undefined) return []
  return ruleProblems(schema, draft, old, 'unchanged').map(({ field, message }) => `${field}: ${message}`)
}

const ofKubernetes = ['orphan', 'foregroundDeletion', 'kubernetes']

function finalizerWarnings({ metadata }: KubeObject, old: KubeObject | undefined): readonly string[] {
  const before = old?.metadata.finalizers ?? []
  const added = (metadata.finalizers ?? []).filter((name) => !before.includes(name)).toSorted()
  return added.flatMap((name) =>
    [...qualifiedName(name), ...badStyle(name)].map(
      (why) => `metadata.finalizers: ${JSON.stringify(name)}: ${why}`,
    ),
  )
}

function badStyle(name: string): readonly string[] {
  if (name.includes('/') || ofKubernetes.includes(name)) return []
  const path = name.includes('.') ? ' including a path (/)' : ''
  return [
    `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
  ]
}
