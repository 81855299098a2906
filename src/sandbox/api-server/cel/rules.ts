import type { FieldProblem } from '../failure.ts'
import { goQuoted } from '../go-text.ts'
import { equal, isObject } from '../object.ts'
import { earlierItem, type Schema, schemaOfField, type ValidationRule } from '../schema/schema.ts'
import { celValue, programOf } from './program.ts'

/** Which rules: those about what is new or another, or those about what is as it was. */
export type About = 'changed' | 'unchanged'

interface Place {
  readonly path: string
  /** What the value was, where that can be told. */
  readonly old: unknown
  readonly isUnchanged: boolean
}

/** What an object breaks of the rules in its schema. */
export function ruleProblems(
  schema: Schema,
  object: unknown,
  old: unknown,
  about: About,
): readonly FieldProblem[] {
  const isUnchanged = old !== undefined && equal(object, old)
  return walk(schema, object, { path: '', old, isUnchanged }, about)
}

const known = new WeakMap<Schema, boolean>()

/** Whether there is any rule in a schema. */
export function hasRules(schema: Schema): boolean {
  const answer = known.get(schema) ?? lookForRules(schema)
  known.set(schema, answer)
  return answer
}

function lookForRules({ properties = {}, items, additionalProperties, ...schema }: Schema): boolean {
  const parts = [...Object.values(properties), items, additionalProperties]
  return (
    schema['x-kubernetes-validations'] !== undefined ||
    parts.some((part) => typeof part === 'object' && hasRules(part))
  )
}

function walk(schema: Schema, value: unknown, place: Place, about: About): readonly FieldProblem[] {
  if (value === null || value === undefined || !hasRules(schema)) return []
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) =>
    judge(schema, rule, value, place, about),
  )
  if (Array.isArray(value)) return [...own, ...itemProblems(schema, value, place, about)]
  if (!isObject(value)) return own
  const before = isObject(place.old) ? place.old : {}
  const inside = Object.entries(value).flatMap(([field, inner]) => {
    const part = schemaOfField(schema, field)
    const { path } = place
    const at =
      schema.properties?.[field] === undefined
        ? `${path}[${field}]`
        : path === ''
          ? field
          : `${path}.${field}`
    return part === undefined ? [] : walk(part, inner, stepInto(place, at, inner, before[field]), about)
  })
  return [...own, ...inside]
}

function itemProblems(
  schema: Schema,
  list: readonly unknown[],
  place: Place,
  about: About,
): readonly FieldProblem[] {
  const { items } = schema
  if (items === undefined) return []
  return list.flatMap((item, index) => {
    const at = `${place.path}[${index}]`
    return walk(items, item, stepInto(place, at, item, earlierItem(schema, item, place.old)), about)
  })
}

/** What has no past of its own is as new as what it is in. */
function stepInto(outer: Place, path: string, value: unknown, old: unknown): Place {
  return { path, old, isUnchanged: old === undefined ? outer.isUnchanged : equal(value, old) }
}

function judge(
  schema: Schema,
  rule: ValidationRule,
  value: unknown,
  place: Place,
  about: About,
): readonly FieldProblem[] {
  const isTransition = /\boldSelf\b/.test(rule.rule)
  if (!isAsked(isTransition, place, about)) return []
  const { path, old } = place
  const variables = { self: celValue(schema, value), ...(isTransition && { oldSelf: celValue(schema, old) }) }
  try {
    if (programOf(schema, rule.rule)(variables) === true) return []
  } catch (error) {
    const words = `${error instanceof Error ? error.message : String(error)} evaluating rule: ${wordsOf(rule)}`
    return [problem(path, schema.type, words)]
  }
  return [broken(schema, rule, value, path, ownWords(schema, rule, variables) ?? plainWords(rule))]
}

/** What was wrong before and is as it was is told and let be, but not what is wrong with the change itself. */
function isAsked(isTransition: boolean, { old, isUnchanged }: Place, about: About): boolean {
  if (isTransition && old === undefined) return false
  return (isUnchanged && !isTransition) === (about === 'unchanged')
}

function broken(
  schema: Schema,
  { fieldPath = '', reason }: ValidationRule,
  value: unknown,
  path: string,
  words: string,
): FieldProblem {
  const isWhole = schema.type === 'object' || schema.type === 'array'
  return problem(`${path}${fieldPath}`, isWhole ? undefined : value, words, reason)
}

function plainWords({ rule, message }: ValidationRule): string {
  return message === undefined ? `failed rule: ${rule.trim()}` : message.trim()
}

function wordsOf({ rule, message = rule }: ValidationRule): string {
  return message.trim()
}

/** What the rule says by an expression of its own; nothing if that fails. */
function ownWords(
  schema: Schema,
  { messageExpression }: ValidationRule,
  variables: { readonly self: unknown },
): string | undefined {
  if (messageExpression === undefined) return undefined
  try {
    const words = programOf(schema, messageExpression)(variables)
    return typeof words === 'string' && words.trim() !== '' && !words.trim().includes('\n')
      ? words.trim()
      : undefined
  } catch {
    return undefined
  }
}

const kinds: Readonly<Record<string, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
}

function problem(path: string, value: unknown, words: string, reason = 'FieldValueInvalid'): FieldProblem {
  const field = path === '' ? '<nil>' : path
  const named = kinds[reason] ?? 'Invalid value'
  const shown =
    value === undefined || reason === 'FieldValueRequired' || reason === 'FieldValueForbidden'
      ? named
      : `${named}: ${goQuoted(value)}`
  return { field, reason, message: reason === 'FieldValueDuplicate' ? shown : `${shown}: ${words}` }
}
