import type { Json } from '../object.ts'

/** What is wrong with one value: `type` where another type was wanted, or the decoder's own words; undefined where all is well. */
export function problemOfScalar(type: string, value: Json): string | undefined {
  switch (type) {
    case 'bool':
      return typeUnless(typeof value === 'boolean')
    case 'int32':
    case 'int64':
      return typeUnless(isWhole(value, type))
    case 'bytes':
      return base64Problem(value)
    case 'time':
      return timeProblem(value, '2006-01-02T15:04:05Z07:00', moment)
    case 'microTime':
      return timeProblem(value, '2006-01-02T15:04:05.000000Z07:00', microMoment)
    case 'intOrString':
      return intOrStringProblem(value)
    case 'quantity':
      return quantityProblem(value)
    default:
      return typeUnless(typeof value === 'string')
  }
}

function typeUnless(fits: boolean): string | undefined {
  return fits ? undefined : 'type'
}

function isWhole(value: Json, type: string): boolean {
  const bound = type === 'int32' ? 2 ** 31 : 2 ** 63
  return typeof value === 'number' && Number.isInteger(value) && value >= -bound && value < bound
}

/** The place of the first character that cannot be there, or of the group that is not whole. */
function base64Problem(text: Json): string | undefined {
  if (typeof text !== 'string') return 'type'
  const bad = /[^A-Za-z0-9+/=]/.exec(text)?.index
  const padding = /=*$/.exec(text)?.[0].length ?? 0
  const early = text.slice(0, text.length - Math.min(padding, 2)).indexOf('=')
  const first = bad ?? (early >= 0 ? early : undefined)
  if (first !== undefined) return `illegal base64 data at input byte ${first}`
  if (text.length % 4 === 0) return undefined
  return `illegal base64 data at input byte ${text.length - (text.length % 4)}`
}

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const microMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/

/** The layout piece by piece, to say at which piece a time stops being one. */
const pieces: readonly (readonly [layout: string, pattern: RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d/],
]

function timeProblem(value: Json, layout: string, pattern: RegExp): string | undefined {
  if (typeof value !== 'string') {
    return `json: cannot unmarshal ${typeof value === 'boolean' ? 'bool' : typeof value} into Go value of type string`
  }
  if (pattern.test(value) && !Number.isNaN(Date.parse(value))) return undefined
  const [piece, rest] = failingPiece(value, layout)
  return `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(piece)}`
}

function failingPiece(text: string, layout: string): readonly [piece: string, rest: string] {
  let rest = text
  for (const [piece, pattern] of pieces) {
    const match = pattern.exec(rest)
    if (match === null) return [piece, rest]
    rest = rest.slice(match[0].length)
  }
  if (layout.includes('.000000') && !/^\.\d{6}/.test(rest)) return ['.000000', rest]
  return ['Z07:00', rest.replace(/^\.\d+/, '')]
}

function intOrStringProblem(value: Json): string | undefined {
  if (typeof value === 'string' || isWhole(value, 'int32')) return undefined
  const type = Array.isArray(value)
    ? 'array'
    : typeof value === 'number'
      ? `number ${value}`
      : typeof value === 'boolean'
        ? 'bool'
        : 'object'
  return `json: cannot unmarshal ${type} into Go value of type int32`
}

const quantity = /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/

function quantityProblem(value: Json): string | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && quantity.test(value))) return undefined
  const format = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
  return typeof value === 'string' && new RegExp(format).test(value)
    ? "unable to parse quantity's suffix"
    : `quantities must match the regular expression '${format}'`
}
