import { isObject, type Json, textOf } from './object.ts'

/** A value as programs in Go print it, which is how Kubernetes shows values in a few messages. */
export function goText(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (!isObject(value)) return value === null || value === undefined ? '<nil>' : textOf(value)
  const keys = Object.keys(value).toSorted()
  return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`
}

const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** A value in a message: a text as programs in Go quote it, a float as they print it, all else as JSON. */
export function goQuoted(value: unknown): string {
  if (typeof value === 'number' && isGoFloat(value)) return goFloat(value)
  if (typeof value !== 'string') return JSON.stringify(value)
  return `"${value.replaceAll(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (each) => short[each] ?? escaped(each))}"`
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0')
  if (code < 0x20 || code === 0x7f) return `\\x${hex(2)}`
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`
}

/** Whether a program in Go reads the number from JSON as a float: it has a fraction, or no 64 bits hold it. */
export function isGoFloat(value: number): boolean {
  return !Number.isInteger(value) || Math.abs(value) >= 2 ** 63
}

/** A float as programs in Go print it: from a million on with an exponent. */
export function goFloat(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
