import * as z from 'zod'
import { addressPoolSpec } from './address-pool.ts'
import { speakerSpec } from './speaker-spec.ts'

/** What is wrong with one field of an object, and where it stands, as kubectl writes it: `spec.addresses[0]`. */
export interface FieldProblem {
  readonly path: string
  readonly message: string
}

const kinds: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['AddressPool', z.object({ spec: addressPoolSpec })],
  ['Speaker', z.object({ spec: speakerSpec.prefault({}) })],
])

/**
 * What is wrong with the spec of an object of one of our kinds: nothing, when the list is empty.
 * It takes the whole object. Unknown fields and other kinds are none of its business.
 */
export function validateSpec(kind: string, object: unknown): readonly FieldProblem[] {
  const result = kinds.get(kind)?.safeParse(withoutNulls(object), { error: explainIssue })
  return result?.error === undefined ? [] : fieldProblems(result.error, '')
}

/** The problems that a failed parse found. */
export function fieldProblems(error: z.ZodError, root: string): readonly FieldProblem[] {
  return error.issues.map(({ path, message }) => ({ path: pathText(path, root), message }))
}

/** The API server drops a field that is null where null is not a value; so does this. Entries of lists stay. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(kept.map(([name, field]) => [seenName(name), withoutNulls(field)]))
}

/** zod passes over a key of this name; a selector that is about nothing else would then match everything. */
function seenName(name: string): string {
  return name === '__proto__' ? '"__proto__"' : name
}

/** The place of a field as kubectl writes it, below the root. */
export function pathText(path: readonly PropertyKey[], root: string): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const name = String(step)
    if (!/^\w+$/.test(name)) return `${text}[${name}]`
    return text === '' ? name : `${text}.${name}`
  }, root)
}

/** The words for what zod found; undefined leaves it to zod's own. */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return describeType(issue)
  if (issue.code === 'invalid_value') {
    return `${show(issue.input)} is not one of ${issue.values.map(String).join(', ')}`
  }
  if (issue.code === 'too_small') return describeBound(issue.input, issue.minimum, 'least')
  if (issue.code === 'too_big') return describeBound(issue.input, issue.maximum, 'most')
  return undefined
}

const nouns: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a map of fields',
  record: 'a map of text to text',
  string: 'a text',
}

function describeType({ expected, input }: { readonly expected: string; readonly input?: unknown }): string {
  const noun = nouns[expected] ?? expected
  return input === undefined ? `is missing; write ${noun}` : `${show(input)} is not ${noun}`
}

function describeBound(input: unknown, bound: number | bigint, word: 'least' | 'most'): string {
  if (Array.isArray(input)) return `has ${input.length} entries; write at ${word} ${bound}`
  if (typeof input === 'string') return `has ${input.length} characters; write at ${word} ${bound}`
  return `${show(input)} is out of bounds; write at ${word} ${bound}`
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
