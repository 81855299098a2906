import { Failure } from '../failure.ts'
import type { Manager } from './entries.ts'
import { type FieldSet, pathsOf, pathText } from './field-set.ts'

/** The fields of one manager that somebody else wants to be otherwise. */
export interface Contested {
  readonly manager: Manager
  readonly fields: FieldSet
}

/** The refusal of an apply that would take fields from others. */
export function applyConflict(contested: readonly Contested[]): Failure {
  const causes = contested.flatMap(({ manager, fields }) =>
    pathsOf(fields).map((path) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${nameOf(manager)}`,
      field: pathText(path),
    })),
  )
  const count = `${causes.length} conflict${causes.length === 1 ? '' : 's'}`
  return new Failure(409, 'Conflict', `Apply failed with ${count}: ${listOf(contested, causes)}`, { causes })
}

function listOf(
  contested: readonly Contested[],
  causes: readonly { readonly message: string; readonly field: string }[],
): string {
  const [only] = causes
  if (causes.length === 1 && only !== undefined) return `${only.message}: ${only.field}`
  const lines = contested
    .map(({ manager, fields }) => [nameOf(manager), pathsOf(fields).map(pathText)] as const)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, fields]) => [`conflicts with ${name}:`, ...fields.map((field) => `- ${field}`)])
  return lines.join('\n')
}

function nameOf({ manager, subresource, operation, apiVersion }: Manager): string {
  const part = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`
  const how = operation === 'Update' ? ` using ${apiVersion}` : ''
  return `${JSON.stringify(manager)}${part}${how}`
}
