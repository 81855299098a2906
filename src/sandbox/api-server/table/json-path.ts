import { isObject } from '../object.ts'

type Step = (value: unknown) => readonly unknown[]

const token =
  /\.\.|\.?([\w-]+(?:\\.[\w-]+)*)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+|\*)\]|\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\]|\.\*/g

/** What a JSON path of a printer column finds: fields, indexes, `[*]` and `[?(@.type=="Ready")]`. */
export function valuesAt(root: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [root]
  for (const step of stepsOf(path)) values = values.flatMap(step)
  return values.filter((value) => value !== undefined)
}

const compiled = new Map<string, readonly Step[]>()

function stepsOf(path: string): readonly Step[] {
  const known = compiled.get(path)
  if (known !== undefined) return known
  const steps = [...path.replace(/^\{|\}$/g, '').matchAll(token)].map(stepOf)
  compiled.set(path, steps)
  return steps
}

function stepOf(match: RegExpMatchArray): Step {
  const [, field, single, double, place, where, wanted] = match
  if (where !== undefined) return (value) => items(value).filter((item) => fieldOf(item, where) === wanted)
  if (place !== undefined && place !== '*')
    return (value) => items(value).slice(Number(place), Number(place) + 1)
  const name = field?.replaceAll('\\.', '.') ?? single ?? double
  return name === undefined ? items : (value) => [fieldOf(value, name)]
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined
}

function items(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isObject(value) ? Object.values(value) : []
}
