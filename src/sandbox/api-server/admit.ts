import type { Cluster } from './cluster.ts'
import { badRequest, type FieldProblem, invalid } from './failure.ts'
import type { KubeObject } from './object.ts'
import { metadataProblems } from './metadata.ts'
import type { ResourceType } from './resource-type.ts'
import { prune } from './schema/prune.ts'
import { schemaProblems } from './schema/validate.ts'

export interface Admission {
  /** What to do about fields that the schema does not know. */
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  /** Filled with what the client should be told although the request is fine. */
  readonly warnings: string[]
}

/** Makes a draft what may be stored, or refuses it: unknown fields dropped, defaults set, every rule kept. */
export function admit(
  cluster: Cluster,
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
  { fieldValidation, warnings }: Admission,
): void {
  const unknown = type.schema === undefined ? [] : prune(type.schema, draft)
  const complaints = unknown.map((field) => `unknown field "${field}"`)
  if (fieldValidation === 'Strict' && complaints.length > 0) throw strictFailure(type, complaints)
  if (fieldValidation === 'Warn') warnings.push(...complaints)
  type.strategy.prepare?.(draft, old, cluster)
  const problems = problemsOf(cluster, type, draft, old)
  if (problems.length > 0) throw invalid(type, draft.metadata.name ?? '', problems)
}

function strictFailure(type: ResourceType, complaints: readonly string[]): Error {
  const what = `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}`
  return badRequest(`${what}: strict decoding error: ${complaints.join(', ')}`)
}

function problemsOf(
  cluster: Cluster,
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
): readonly FieldProblem[] {
  const shape = type.schema === undefined ? [] : schemaProblems(type.schema, draft, old)
  const [first] = shape
  // A value of the wrong type would be read wrongly by the checks that follow.
  if (first === undefined) return furtherProblems(cluster, type, draft, old)
  if (!type.custom && first.reason === 'FieldValueTypeInvalid') throw undecodable(type, first)
  return shape
}

/** Of the built-in kinds a real server cannot even decode what has the wrong type. */
function undecodable(type: ResourceType, { field, message }: FieldProblem): Error {
  const what = `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}`
  return badRequest(`${what}: ${field}: ${message}`)
}

function furtherProblems(
  cluster: Cluster,
  type: ResourceType,
  draft: KubeObject,
  old: KubeObject | undefined,
): readonly FieldProblem[] {
  return [...metadataProblems(type, draft, old), ...(type.strategy.validate?.(draft, old, cluster) ?? [])]
}
