import { equal, type JsonObject, type KubeObject, timestamp } from '../object.ts'
import { type FieldProblem, invalidValue, required, unsupported } from '../failure.ts'
import type { Strategy } from '../resource-type.ts'
import type { Schema } from '../schema/schema.ts'

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

function prepare(draft: KubeObject, old: KubeObject | undefined): void {
  const spec = definitionOf(draft)
  spec.conversion ??= { strategy: 'None' }
  if (missingFields(spec).length > 0) return
  const { names } = spec
  names.singular ??= names.kind.toLowerCase()
  names.listKind ??= `${names.kind}List`
  draft.status = statusOf(spec, old?.status) as unknown as JsonObject
}

/** Names and versions as they are now; the conditions of before where those are the same. */
function statusOf({ names, versions }: DefinitionSpec, old: JsonObject | undefined): object {
  const storedVersions = versions.filter((version) => version.storage).map((version) => version.name)
  const settled = { acceptedNames: { ...names }, storedVersions }
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

function validate(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const spec = definitionOf(draft)
  const missing = missingFields(spec)
  if (missing.length > 0) return missing
  return [...nameProblems(draft, spec), ...versionProblems(spec), ...scopeProblems(spec, old)]
}

function missingFields(spec: DefinitionSpec): readonly FieldProblem[] {
  const wanted: readonly (readonly [string, unknown])[] = [
    ['spec.group', spec.group],
    ['spec.scope', spec.scope],
    ['spec.names.plural', spec.names?.plural],
    ['spec.names.kind', spec.names?.kind],
    ['spec.versions', spec.versions?.length],
  ]
  return wanted.filter(([, value]) => !value).map(([field]) => required(field))
}

function nameProblems({ metadata }: KubeObject, { names, group }: DefinitionSpec): readonly FieldProblem[] {
  const name = `${names.plural}.${group}`
  if (metadata.name === name) return []
  return [invalidValue('metadata.name', metadata.name, `must be spec.names.plural+"."+spec.group`)]
}

function versionProblems({ versions }: DefinitionSpec): readonly FieldProblem[] {
  const problems = versions.flatMap((version, index) => {
    if (version.schema?.openAPIV3Schema !== undefined) return []
    return [required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required')]
  })
  if (versions.filter((version) => version.storage).length !== 1) {
    problems.push(
      invalidValue(
        'spec.versions',
        versions.length,
        'must have exactly one version marked as storage version',
      ),
    )
  }
  return problems
}

function scopeProblems({ scope }: DefinitionSpec, old: KubeObject | undefined): readonly FieldProblem[] {
  const scopes = ['Cluster', 'Namespaced']
  if (!scopes.includes(scope)) return [unsupported('spec.scope', scope, scopes)]
  if (old === undefined || definitionOf(old).scope === scope) return []
  return [invalidValue('spec.scope', scope, 'field is immutable')]
}

/** A CustomResourceDefinition is established the moment it is stored. */
export const definitionStrategy: Strategy = { prepare, validate }
