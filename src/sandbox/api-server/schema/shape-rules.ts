import { compileProblem } from '../cel/program.ts'
import { type FieldProblem, invalidValue, required } from '../failure.ts'
import type { Schema, ValidationRule } from './schema.ts'

type Level = 'root' | 'item' | 'field'

const places: Readonly<Record<Level, string>> = {
  root: 'at the root',
  item: 'for specified array items',
  field: 'for specified object fields',
}

/** What a schema lacks to be one of a custom resource: a type everywhere, and rules that can be read. */
export function shapeProblems(schema: Schema, path: string, level: Level = 'root'): readonly FieldProblem[] {
  return [...ruleProblems(schema, path), ...partProblems(schema, path), ...typeProblems(schema, path, level)]
}

function partProblems(schema: Schema, path: string): readonly FieldProblem[] {
  const { type, items, properties = {}, additionalProperties } = schema
  return [
    ...(type === 'array' && items === undefined ? [required(`${path}.items`, 'must be specified')] : []),
    ...(items === undefined ? [] : shapeProblems(items, `${path}.items`, 'item')),
    ...Object.entries(properties).flatMap(([name, part]) =>
      shapeProblems(part, `${path}.properties[${name}]`, 'field'),
    ),
    ...(typeof additionalProperties === 'object'
      ? shapeProblems(additionalProperties, `${path}.additionalProperties`, 'field')
      : []),
  ]
}

function typeProblems(schema: Schema, path: string, level: Level): readonly FieldProblem[] {
  const { type = '' } = schema
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  return [
    ...(type === '' && !isFree ? [required(`${path}.type`, `must not be empty ${places[level]}`)] : []),
    ...(level === 'root' && type !== '' && type !== 'object'
      ? [invalidValue(`${path}.type`, type, 'must be object at the root')]
      : []),
  ]
}

/** The words behind the colon are those of the CEL that is used here. */
function ruleProblems(schema: Schema, path: string): readonly FieldProblem[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`
    const { messageExpression } = rule
    const texts = [['rule', rule.rule] as const, ['messageExpression', messageExpression] as const]
    return texts.flatMap(([name, text]) => {
      const why = text === undefined ? undefined : compileProblem(schema, text)
      return why === undefined
        ? []
        : [invalidValue(`${at}.${name}`, shownRule(rule), `compilation failed: ERROR: ${why}`)]
    })
  })
}

function shownRule({
  rule,
  message = '',
  messageExpression = '',
  reason,
  fieldPath = '',
  optionalOldSelf,
}: ValidationRule): object {
  return {
    Rule: rule,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason ?? null,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf ?? null,
  }
}
