import { type FieldProblem, invalidValue, required, unsupported } from '../failure.ts'
import { equal, type KubeObject } from '../object.ts'
import { subdomain } from '../rules/names.ts'
import { shapeProblems } from '../schema/shape-rules.ts'
import {
  definitionOf,
  type DefinitionSpec,
  type DefinitionVersion,
  type PrinterColumn,
} from './definition-spec.ts'

/** What is wrong with a CustomResourceDefinition. */
export function definitionProblems(draft: KubeObject, old: KubeObject | undefined): readonly FieldProblem[] {
  const spec = definitionOf(draft)
  const { names } = spec
  // A list that is empty is kept as null.
  const versions = (spec.versions as DefinitionSpec['versions'] | null) ?? []
  const expected = `${names.plural}.${spec.group}`
  const { name } = draft.metadata
  return [
    ...(name === undefined || name === expected
      ? []
      : [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')]),
    ...groupProblems(spec.group),
    ...scopeProblems(spec, old),
    ...schemaMissing(versions),
    ...versionProblems(versions),
    ...(['plural', 'singular', 'kind', 'listKind'] as const)
      .filter((field) => !names[field])
      .map((field) => required(`spec.names.${field}`)),
    ...contentProblems(versions),
    ...storedProblems(draft, versions),
  ]
}

function groupProblems(group: string): readonly FieldProblem[] {
  if (group === '') return [required('spec.group')]
  const wrong = subdomain(group)
  if (wrong.length > 0) return [invalidValue('spec.group', group, wrong.join(','))]
  return group.includes('.')
    ? []
    : [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
}

function scopeProblems({ scope }: DefinitionSpec, old: KubeObject | undefined): readonly FieldProblem[] {
  const scopes = ['Cluster', 'Namespaced']
  if (!scope) return [required('spec.scope')]
  if (!scopes.includes(scope)) return [unsupported('spec.scope', scope, scopes)]
  if (old === undefined || definitionOf(old).scope === scope) return []
  return [invalidValue('spec.scope', scope, 'field is immutable')]
}

function schemaMissing(versions: readonly DefinitionVersion[]): readonly FieldProblem[] {
  return versions.flatMap(({ schema }, index) =>
    schema?.openAPIV3Schema === undefined ? [required(`spec.versions[${index}].schema.openAPIV3Schema`)] : [],
  )
}

function versionProblems(versions: readonly DefinitionVersion[]): readonly FieldProblem[] {
  const isUnique = new Set(versions.map(({ name }) => name)).size === versions.length
  const stored = versions.filter(({ storage }) => storage).length
  const shown = versions.map(shownVersion)
  return [
    ...(isUnique ? [] : [invalidValue('spec.versions', shown, 'must contain unique version names')]),
    ...(stored === 1
      ? []
      : [invalidValue('spec.versions', shown, 'must have exactly one version marked as storage version')]),
  ]
}

/** A version as it is told of: as Kubernetes' program has it, which keeps what all versions share elsewhere. */
function shownVersion({ name, served, storage }: DefinitionVersion): object {
  return {
    Name: name,
    Served: served,
    Storage: storage,
    Deprecated: false,
    DeprecationWarning: null,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  }
}

/** What all versions share is told of as if it were said once, above them. */
function contentProblems(versions: readonly DefinitionVersion[]): readonly FieldProblem[] {
  const [first] = versions
  const sharesSchema = versions.every(({ schema }) => equal(schema, first?.schema))
  const sharesColumns = versions.every((one) =>
    equal(one.additionalPrinterColumns, first?.additionalPrinterColumns),
  )
  const told = (isShared: boolean): readonly DefinitionVersion[] =>
    isShared ? versions.slice(0, 1) : versions
  const schemas = told(sharesSchema).flatMap(({ schema }, index) => {
    const path = sharesSchema ? 'spec.validation' : `spec.versions[${index}].schema`
    const { openAPIV3Schema } = schema ?? {}
    return openAPIV3Schema === undefined ? [] : shapeProblems(openAPIV3Schema, `${path}.openAPIV3Schema`)
  })
  const columns = told(sharesColumns).flatMap(({ additionalPrinterColumns = [] }, index) => {
    const path = sharesColumns ? 'spec' : `spec.versions[${index}]`
    return additionalPrinterColumns.flatMap((column, at) =>
      columnProblems(column, `${path}.additionalPrinterColumns[${at}]`),
    )
  })
  return [...schemas, ...columns]
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']

function columnProblems({ name, type, jsonPath }: PrinterColumn, path: string): readonly FieldProblem[] {
  const types = `must be one of ${columnTypes.join(',')}`
  const problems = name ? [] : [required(`${path}.name`)]
  if (!type) problems.push(required(`${path}.type`, types))
  else if (!columnTypes.includes(type)) problems.push(invalidValue(`${path}.type`, type, types))
  if (!jsonPath) problems.push(required(`${path}.JSONPath`))
  else if (!jsonPath.startsWith('.')) {
    problems.push(invalidValue(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .'))
  }
  return problems
}

function storedProblems(
  { status }: KubeObject,
  versions: readonly DefinitionVersion[],
): readonly FieldProblem[] {
  const field = 'status.storedVersions'
  const stored = (status?.['storedVersions'] ?? []) as readonly string[]
  if (stored.length === 0) return [invalidValue(field, null, 'must have at least one stored version')]
  return versions
    .filter(({ name, storage }) => storage && !stored.includes(name))
    .map(({ name }) => invalidValue(field, stored, `must have the storage version ${name}`))
}
