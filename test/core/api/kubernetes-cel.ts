import type { StructuralSchema } from '../../../src/core/api/structural.ts'
import { ruleProblems } from '../../../src/sandbox/api-server/cel/rules.ts'
import type { Schema } from '../../../src/sandbox/api-server/schema/schema.ts'

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
