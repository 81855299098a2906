import { isObject, type Json, textOf } from './object.ts'

/** A value as programs in Go print it, which is how Kubernetes shows values in a few messages. */
export function goText(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (!isObject(value)) return value === null || value === undefined ? '<nil>' : textOf(value)
  const keys = Object.keys(value).toSorted()
  return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`
}
