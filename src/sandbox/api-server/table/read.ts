import { isObject, type JsonObject, textOf, valueAt } from '../object.ts'

/** The text at a path, or nothing where there is none. */
export function textAt(root: unknown, ...path: (string | number)[]): string | undefined {
  const value = valueAt(root, path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberAt(root: unknown, ...path: (string | number)[]): number | undefined {
  const value = valueAt(root, path)
  return typeof value === 'number' ? value : undefined
}

/** The objects of the list at a path. */
export function objectsAt(root: unknown, ...path: (string | number)[]): readonly JsonObject[] {
  const value = valueAt(root, path)
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function textsAt(root: unknown, ...path: (string | number)[]): readonly string[] {
  const value = valueAt(root, path)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** How many entries a map has. */
export function sizeAt(root: unknown, ...path: (string | number)[]): number {
  const value = valueAt(root, path)
  return isObject(value) ? Object.keys(value).length : 0
}

/** A map of labels as `a=b,c=d`. */
export function labelsText(labels: unknown): string | undefined {
  if (!isObject(labels)) return undefined
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${textOf(value)}`)
  return pairs.toSorted().join(',') || undefined
}

/** A LabelSelector as kubectl writes it. */
export function selectorText(selector: unknown): string | undefined {
  const expressions = objectsAt(selector, 'matchExpressions').map((one) => {
    const values = textsAt(one, 'values').join(',')
    const operator = textOf(one['operator']).toLowerCase()
    return values === ''
      ? `${operator} ${textOf(one['key'])}`
      : `${textOf(one['key'])} ${operator} (${values})`
  })
  return (
    [labelsText(valueAt(selector, ['matchLabels'])), ...expressions].filter(Boolean).join(',') || undefined
  )
}

export function joined(texts: readonly (string | undefined)[]): string | undefined {
  return texts.filter(Boolean).join(',') || undefined
}
