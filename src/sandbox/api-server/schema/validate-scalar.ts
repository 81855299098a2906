import { type FieldProblem, invalidValue, unsupported } from '../failure.ts'
import { equal } from '../object.ts'
import { goFloat, isGoFloat } from '../go-text.ts'
import { formatOf, matchesFormat } from './format.ts'
import type { Schema } from './schema.ts'
import { wrongType } from './validate-type.ts'

/** What one text or number breaks of its schema, whatever else there is to say about its type. */
export function scalarProblems(schema: Schema, value: unknown, path: string): readonly FieldProblem[] {
  if (typeof value === 'string')
    return [...textProblems(schema, value, path), ...formatProblems(schema, value, path)]
  if (typeof value === 'number')
    return [...rangeProblems(schema, value, path), ...boundProblems(schema, value, path)]
  return []
}

/** A value that is none of those that there are. */
export function enumProblems(schema: Schema, value: unknown, path: string): readonly FieldProblem[] {
  if (schema.enum === undefined || schema.enum.some((one) => equal(one, value))) return []
  return [unsupported(path, value, schema.enum)]
}

/** Of a text that is too long, too short or of another shape, only the first is told. */
function textProblems(schema: Schema, value: string, path: string): readonly FieldProblem[] {
  const { minLength = 0, maxLength = Infinity, pattern } = schema
  const length = Array.from(value).length
  if (length > maxLength) {
    const message = `Too long: may not be more than ${maxLength} bytes`
    return [{ field: path, reason: 'FieldValueTooLong', message }]
  }
  if (length < minLength) {
    return [invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`)]
  }
  if (pattern === undefined || pattern === '' || patternOf(pattern).test(value)) return []
  return [invalidValue(path, value, `${path} in body should match '${pattern}'`)]
}

function formatProblems(schema: Schema, value: string, path: string): readonly FieldProblem[] {
  const format = formatOf(schema)
  return format === undefined || matchesFormat(format, value) ? [] : [wrongType(path, format, value)]
}

const patterns = new Map<string, RegExp>()

function patternOf(text: string): RegExp {
  const known = patterns.get(text)
  if (known !== undefined) return known
  const pattern = new RegExp(text, 'u')
  patterns.set(text, pattern)
  return pattern
}

/** A number that its type cannot hold; this is told of no field. */
function rangeProblems(schema: Schema, value: number, path: string): readonly FieldProblem[] {
  if (schema.type !== 'integer') return []
  const format = formatOf(schema)
  const bound = format === 'int32' ? 2 ** 31 : 2 ** 63
  if (Number.isInteger(value) && value >= -bound && value < bound) return []
  const what = format === undefined ? 'integer (default format)' : `integer with format ${format}`
  return [invalidValue('<nil>', '', `Checked value must be of type ${what} in ${path}`)]
}

function boundProblems(schema: Schema, value: number, path: string): readonly FieldProblem[] {
  const { minimum = -Infinity, maximum = Infinity, multipleOf } = schema
  const tooLow = schema.exclusiveMinimum === true ? value <= minimum : value < minimum
  const tooHigh = schema.exclusiveMaximum === true ? value >= maximum : value > maximum
  const orEqual = (exclusive: boolean | undefined): string => (exclusive === true ? '' : ' or equal to')
  const shown = isGoFloat(value) ? goFloat : String
  const texts = [
    multipleOf !== undefined && value % multipleOf !== 0 && `should be a multiple of ${shown(multipleOf)}`,
    tooLow && `should be greater than${orEqual(schema.exclusiveMinimum)} ${shown(minimum)}`,
    tooHigh && `should be less than${orEqual(schema.exclusiveMaximum)} ${shown(maximum)}`,
  ]
  return texts
    .filter((text) => text !== false)
    .map((text) => invalidValue(path, value, `${path} in body ${text}`))
}
