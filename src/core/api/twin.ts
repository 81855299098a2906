import * as z from 'zod'

/**
 * One sentence that a JSON schema cannot say, for the API server to check: `rule` in CEL, true when all is well.
 * `message` follows the value in kubectl's output; `messageExpression` is CEL as well, for words that need the value.
 */
export interface CelRule {
  readonly rule: string
  readonly message: string
  readonly messageExpression?: string
}

/** What Kubernetes knows about a field beyond OpenAPI 3.0. */
export interface Extensions {
  readonly 'x-kubernetes-validations'?: readonly CelRule[]
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'map' | 'set'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly maxProperties?: number
}

/** The extensions of each schema; a schema derived from another one has those of its parent. */
export const extensions = z.registry<Extensions>()

/**
 * Refuses what `problemOf` names a problem of, here and in the API server: the rules are its twin in CEL.
 * Both are tested on one table, so that neither can drift from the other.
 */
export function twin<Schema extends z.ZodType>(
  schema: Schema,
  rules: readonly CelRule[],
  problemOf: (value: z.output<Schema>) => string | undefined,
): Schema {
  const refined = schema.check(({ value, issues }) => {
    const message = problemOf(value)
    if (message !== undefined) issues.push({ code: 'custom', input: value, message })
  })
  return extend(refined, { 'x-kubernetes-validations': rules })
}

/** A string that matches the pattern, which must mean the same to RE2 (the API server) and to JavaScript. */
export function matching<Schema extends z.ZodType<string>>(
  schema: Schema,
  pattern: string,
  message: string,
): Schema {
  const expression = new RegExp(pattern)
  const rule = `self.matches('${pattern}')`
  return twin(schema, [{ rule, message }], (text) => {
    return expression.test(text) ? undefined : `"${text}" ${message}`
  })
}

/**
 * A string of a shape that the API server checks without CEL, whose cost it counts: for texts of which there can be very
 * many. It names the pattern then, and not our words. The pattern must mean the same to RE2.
 */
export function shaped(schema: z.ZodString, pattern: RegExp, message: string): z.ZodString {
  return schema.regex(pattern, { error: ({ input }) => `${JSON.stringify(input)} ${message}` })
}

/** A list whose entries Kubernetes merges by the value of one field, so that two writers can each own some. */
export function mapList<Schema extends z.ZodType>(schema: Schema, key: string): Schema {
  const unique = schema.check(({ value, issues }) => {
    const keys = (value as readonly Readonly<Record<string, unknown>>[]).map((entry) => entry[key])
    keys.forEach((each, index) => {
      const message = `is the second one with ${key} ${JSON.stringify(each)}; write one of each`
      if (keys.indexOf(each) < index) issues.push({ code: 'custom', input: value, path: [index], message })
    })
  })
  return extend(unique, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] })
}

/** A map of text to text with a bound on its size; a JSON schema made by zod has none. */
export function textMap(maxProperties: number, text: z.ZodString): z.ZodRecord<z.ZodString, z.ZodString> {
  const map = z.record(z.string(), text).check(({ value, issues }) => {
    const size = Object.keys(value).length
    const message = `has ${size} entries; write at most ${maxProperties}`
    if (size > maxProperties) issues.push({ code: 'custom', input: value, message })
  })
  return extend(map, { maxProperties })
}

function extend<Schema extends z.ZodType>(schema: Schema, more: Extensions): Schema {
  extensions.add(schema, { ...extensions.get(schema), ...more })
  return schema
}
