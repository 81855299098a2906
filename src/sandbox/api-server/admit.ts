import type { Cluster } from './cluster.ts'
import { badRequest, type FieldProblem, invalid } from './failure.ts'
import type { KubeObject } from './object.ts'
import { metadataProblems } from './metadata.ts'
import type { ResourceType } from './resource-type.ts'
import { prune } from './schema/prune.ts'
import { metadataSchema } from './schema/openapi-of.ts'
import type { Schema } from './schema/schema.ts'
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
  const schema = wholeSchemaOf(cluster, type)
  const complaints = prune(schema, draft).map((field) => `unknown field "${field}"`)
  if (fieldValidation === 'Strict' && complaints.length > 0) throw strictFailure(type, complaints)
  if (fieldValidation === 'Warn') warnings.push(...complaints)
  // A value of the wrong type would be read wrongly by everything that follows.
  refuse(type, draft, shapeProblems(type, schema, draft, old))
  type.strategy.prepare?.(draft, old, cluster)
  refuse(type, draft, metadataProblems(type, draft, old))
  refuse(type, draft, type.strategy.validate?.(draft, old, cluster) ?? [])
}

function refuse(type: ResourceType, draft: KubeObject, problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw invalid(type, draft.metadata.name ?? '', problems)
}

const unknownKind: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** The schema of the shape that a draft is stored in, with the metadata that every object has. */
function wholeSchemaOf({ registry }: Cluster, type: ResourceType): Schema {
  const { schema = unknownKind } = type.view === undefined ? type : (registry.ofShelf(type.shelf) ?? type)
  const known = whole.get(schema)
  if (known !== undefined) return known
  const made = { ...schema, properties: { ...schema.properties, ...envelope } }
  whole.set(schema, made)
  return made
}

const whole = new WeakMap<Schema, Schema>()
const envelope: Readonly<Record<string, Schema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: metadataSchema,
}

function strictFailure(type: ResourceType, complaints: readonly string[]): Error {
  const what = `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}`
  return badRequest(`${what}: strict decoding error: ${complaints.join(', ')}`)
}

function shapeProblems(
  type: ResourceType,
  schema: Schema,
  draft: KubeObject,
  old: KubeObject | undefined,
): readonly FieldProblem[] {
  const problems = schemaProblems(schema, draft, old)
  const wrong = problems.find((problem) => problem.reason === 'FieldValueTypeInvalid')
  if (wrong !== undefined && !type.custom) throw undecodable(type, wrong)
  return problems
}

/** Of the built-in kinds a real server cannot even decode what has the wrong type. */
function undecodable(type: ResourceType, { field, message }: FieldProblem): Error {
  const what = `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}`
  return badRequest(`${what}: ${field}: ${message}`)
}
