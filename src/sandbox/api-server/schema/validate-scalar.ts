import { type FieldProblem, invalidValue, unsupported } from '../failure.ts'
import { matchesFormat } from './format.ts'
import type { Schema } from './schema.ts'

type Scalar = string | number | boolean

/** What one string, number or boolean breaks of its schema. */
export function scalarProblems(schema: Schema, value: Scalar, path: string): readonly FieldProblem[] {
  const problems = [...textProblems(schema, value, path), ...numberProblems(schema, value, path)]
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    problems.push(unsupported(path, value, schema.enum))
  }
  return problems
}

function textProblems(schema: Schema, value: Scalar, path: string): FieldProblem[] {
  if (typeof value !== 'string') return []
  const problems: FieldProblem[] = []
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema
  const length = Array.from(value).length
  if (length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`
    problems.push({ field: path, reason: 'FieldValueTooLong', message })
  }
  if (length < minLength) {
    problems.push(invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`))
  }
  if (pattern !== undefined && !patternOf(pattern).test(value)) {
    problems.push(invalidValue(path, value, `${path} in body should match '${pattern}'`))
  }
  if (format !== undefined && !matchesFormat(format, value)) {
    problems.push(
      invalidValue(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`),
    )
  }
  return problems
}

const patterns = new Map<string, RegExp>()

function patternOf(text: string): RegExp {
  const known = patterns.get(text)
  if (known !== undefined) return known
  const pattern = new RegExp(text, 'u')
  patterns.set(text, pattern)
  return pattern
}

function numberProblems(schema: Schema, value: Scalar, path: string): FieldProblem[] {
  if (typeof value !== 'number') return []
  const { minimum = -Infinity, maximum = Infinity, multipleOf } = schema
  const tooLow = schema.exclusiveMinimum === true ? value <= minimum : value < minimum
  const tooHigh = schema.exclusiveMaximum === true ? value >= maximum : value > maximum
  const orEqual = (exclusive: boolean | undefined): string => (exclusive === true ? '' : ' or equal to')
  const texts = [
    tooLow && `should be greater than${orEqual(schema.exclusiveMinimum)} ${minimum}`,
    tooHigh && `should be less than${orEqual(schema.exclusiveMaximum)} ${maximum}`,
    multipleOf !== undefined && value % multipleOf !== 0 && `should be a multiple of ${multipleOf}`,
  ]
  return texts
    .filter((text) => text !== false)
    .map((text) => invalidValue(path, value, `${path} in body ${text}`))
}
