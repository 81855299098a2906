import { apiVersion } from '../../src/core/api/group.ts'

/** A field that no API server should store, in an object that is right but for it. */
export interface WrongField {
  readonly kind: 'AddressPool' | 'Speaker'
  /** Where it is, as kubectl writes it: `spec.l2.interfaces[0]`. */
  readonly path: string
  /** Which field the refusal names, if not the same. */
  readonly named: string
  readonly wrong: string
  readonly object: WholeObject
  /** What the refusal says beside the path. */
  readonly says: string
}

export interface WholeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: object
  readonly status?: object
}

/**
 * The path, what is wrong there, the value, what the refusal says, and which field it names if not that one; `undefined`
 * takes the field away.
 */
export type Cell = readonly [path: string, wrong: string, value: unknown, says: string, named?: string]

/** The cells as objects: a right one of the kind, with the wrong value in its place. */
export function wrongFields(
  kind: WrongField['kind'],
  parts: Pick<WholeObject, 'spec' | 'status'>,
  cells: readonly Cell[],
): readonly WrongField[] {
  const right: WholeObject = { apiVersion, kind, metadata: { name: 'wrong' }, ...parts }
  return cells.map(([path, wrong, value, says, named = path]) => {
    return { kind, path, named, wrong, says, object: objectWith(right, path, value) as WholeObject }
  })
}

/** A copy of the object with the value at the path, or without what is there. */
export function objectWith(object: object, path: string, value: unknown): object {
  const copy = JSON.parse(JSON.stringify(object)) as object
  const steps = stepsOf(path)
  const parent = steps.slice(0, -1).reduce(stepInto, copy) as Record<string, unknown>
  const last = steps.at(-1) ?? ''
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

/** What stands at the path; undefined where there is nothing. */
export function valueAt(object: object, path: string): unknown {
  return stepsOf(path).reduce(stepInto, object)
}

function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([step]) => step)
}

function stepInto(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined
}

type Type = 'text' | 'flag' | 'list' | 'map' | 'int32' | 'int64' | 'moment'

/** A value of another type for each, and what the API server calls it. */
const strangers: Readonly<Record<Type, readonly (readonly [wrong: string, value: unknown, says: string])[]>> =
  {
    text: [
      ['a number', 7, 'must be of type string: "integer"'],
      ['a map', {}, 'must be of type string: "object"'],
    ],
    flag: [
      ['a word', 'true', 'must be of type boolean: "string"'],
      ['a number', 1, 'must be of type boolean: "integer"'],
    ],
    list: [
      ['one text', 'a', 'must be of type array: "string"'],
      ['a map', {}, 'must be of type array: "object"'],
    ],
    map: [
      ['a text', 'a', 'must be of type object: "string"'],
      ['a list', [{}], 'must be of type object: "array"'],
    ],
    int32: [
      ['a number in quotes', '3', 'must be of type integer: "string"'],
      ['a broken number', 1.5, 'must be of type int32: "float64"'],
      ['a flag', true, 'must be of type int32: ""'],
    ],
    int64: [
      ['a number in quotes', '3', 'must be of type integer: "string"'],
      ['a broken number', 1.5, 'must be of type int64: "float64"'],
    ],
    moment: [
      ['seconds', 1_700_000_000, 'must be of type date-time: "int64"'],
      ['a word', 'yesterday', 'must be of type date-time: "yesterday"'],
      ['a day without a time', '2025-01-01', 'must be of type date-time: "2025-01-01"'],
      ['a day that there is not', '2025-02-30T00:00:00Z', 'must be of type date-time'],
    ],
  }

/** Each of the fields with values of other types. */
export function ofOtherTypes(type: Type, ...paths: readonly string[]): readonly Cell[] {
  return paths.flatMap((path) => {
    return strangers[type].map(([wrong, value, says]): Cell => [path, `is ${wrong}`, value, says])
  })
}

/** Each of the fields left out, and as null, which says the same. */
export function missing(...paths: readonly string[]): readonly Cell[] {
  return paths.flatMap((path): readonly Cell[] => [
    [path, 'is missing', undefined, 'Required value'],
    [path, 'is null', null, 'Required value'],
  ])
}

/** Each of the entries of lists as null, which is a value there. */
export function nullEntries(type: 'string' | 'object', ...paths: readonly string[]): readonly Cell[] {
  return paths.map((path): Cell => [path, 'is null', null, `must be of type ${type}: "null"`])
}

/** The text with one character more than may be. */
export function tooLong(path: string, most: number, character = 'a'): Cell {
  const says = `Too long: may not be more than ${most} bytes`
  return [path, `has ${most + 1} characters`, character.repeat(most + 1), says]
}

/** The list with one entry more than may be. */
export function tooMany(path: string, most: number, entry: unknown): Cell {
  const entries = Array.from({ length: most + 1 }, () => entry)
  return [path, `has ${most + 1} entries`, entries, `Too many: ${most + 1}: must have at most ${most} items`]
}

/** A number below what may be. */
export function below(path: string, least: number, value = least - 1): Cell {
  return [path, `is ${value}`, value, `should be greater than or equal to ${least}`]
}

/** A number above what may be. */
export function above(path: string, most: number, value = most + 1): Cell {
  return [path, `is ${value}`, value, `should be less than or equal to ${most}`]
}

/** A word that is none of those that there are. */
export function notOneOf(
  path: string,
  words: readonly string[],
  ...values: readonly string[]
): readonly Cell[] {
  const known = words.map((word) => JSON.stringify(word)).join(', ')
  return values.map((value): Cell => {
    const shown = JSON.stringify(value)
    return [path, `is ${shown}`, value, `Unsupported value: ${shown}: supported values: ${known}`]
  })
}

/** A field beside those that there are. */
export function unknownField(path: string, value: unknown = true): Cell {
  return [path, 'is no field that there is', value, `unknown field ${JSON.stringify(path)}`]
}
