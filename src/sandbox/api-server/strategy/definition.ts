import { equal, type JsonObject, type KubeObject, timestamp } from '../object.ts'
import type { Strategy } from '../resource-type.ts'
import type { Schema } from '../schema/schema.ts'
import { definitionProblems } from './definition-rules.ts'

export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly format?: string
  readonly description?: string
  readonly priority?: number
}

export interface DefinitionVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
  readonly schema?: { readonly openAPIV3Schema?: Schema }
  readonly subresources?: { readonly status?: object; readonly scale?: object }
  readonly additionalPrinterColumns?: readonly PrinterColumn[]
}

interface Names {
  plural: string
  kind: string
  singular?: string
  listKind?: string
  shortNames?: readonly string[]
  categories?: readonly string[]
}

/** The spec of a CustomResourceDefinition. */
export interface DefinitionSpec {
  readonly group: string
  readonly scope: string
  readonly names: Names
  readonly versions: readonly DefinitionVersion[]
  conversion?: object
}

export function definitionOf(object: KubeObject): DefinitionSpec {
  return (object.spec ?? {}) as unknown as DefinitionSpec
}

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
