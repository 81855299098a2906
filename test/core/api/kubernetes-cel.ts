import type { StructuralSchema } from '../../../src/core/api/structural.ts'
import { ruleProblems } from '../../../src/sandbox/api-server/cel/rules.ts'
import type { KubeObject } from '../../../src/sandbox/api-server/object.ts'
import { prune } from '../../../src/sandbox/api-server/schema/prune.ts'
import type { Schema } from '../../../src/sandbox/api-server/schema/schema.ts'
import { schemaProblems } from '../../../src/sandbox/api-server/schema/validate.ts'
import { duplicateProblems } from '../../../src/sandbox/api-server/schema/validate-list.ts'

/**
 * What the CEL rules of a schema say about a value, as an API server evaluates them. This is how the embedded one does,
 * whose answers are compared with those of a real one; there is nothing of src/core in it.
 */
export function celProblems(schema: StructuralSchema, value: unknown): readonly string[] {
  return ruleProblems(schema as Schema, value, undefined, 'changed').map(
    ({ field, message }) => `${field === '<nil>' ? '' : field}: ${wordsOf(message)}`,
  )
}

/** Without the value, where it is told. */
function wordsOf(message: string): string {
  return message.replace(/^Invalid value: ("(?:[^"\\]|\\.)*": )?/, '')
}

/**
 * What an API server says to a new object: its schema first, and the rules in it when that is kept. Unknown fields are
 * dropped, and told where it is strict.
 */
export function serverProblems(
  schema: StructuralSchema,
  object: object,
  isStrict = false,
): readonly string[] {
  const kept = JSON.parse(JSON.stringify(object)) as KubeObject
  const metadata = { 'x-kubernetes-preserve-unknown-fields': true }
  const open = { ...schema, properties: { ...schema.properties, metadata } } as Schema
  const unknown = prune(open, kept).map((field) => `${field}: unknown field`)
  const broken = [
    ...schemaProblems(schema as Schema, kept, undefined),
    ...duplicateProblems(schema as Schema, kept),
  ].map(({ field, message }) => `${field}: ${message}`)
  return [...(isStrict ? unknown : []), ...(broken.length > 0 ? broken : celProblems(schema, kept))]
}
