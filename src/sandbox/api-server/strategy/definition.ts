import { equal, type JsonObject, type KubeObject, timestamp } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import { definitionProblems } from './definition-rules.ts'
import { definitionOf, type DefinitionSpec } from './definition-spec.ts'

function fillIn(draft: KubeObject): void {
  const spec = definitionOf(draft)
  spec.conversion ??= { strategy: 'None' }
  const { names } = spec
  if (names === undefined || !names.kind) return
  names.singular ??= names.kind.toLowerCase()
  names.listKind ??= `${names.kind}List`
}

function prepare(draft: KubeObject, old: KubeObject | undefined): void {
  draft.status = statusOf(definitionOf(draft), old?.status) as unknown as JsonObject
}

/** Names and versions as they are now; the conditions of before where those are the same. */
function statusOf({ names, versions }: DefinitionSpec, old: JsonObject | undefined): object {
  // A list that is empty is kept as null.
  const stored = (versions as DefinitionSpec['versions'] | null)?.find((version) => version.storage)
  const settled = { acceptedNames: { ...names }, storedVersions: stored === undefined ? [] : [stored.name] }
  const { conditions: before, ...known } = old ?? {}
  return { ...settled, conditions: equal(settled, known) ? before : conditions() }
}

function conditions(): object[] {
  const lastTransitionTime = timestamp()
  return [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
  ].map((one) => ({ ...one, lastTransitionTime }))
}

function condition(type: string, reason: string, message: string): object {
  return { type, status: 'True', reason, message }
}

/** A CustomResourceDefinition is established the moment it is stored. */
export const definitionStrategy: Strategy = { fillIn, prepare, validate: definitionProblems }
