import { goText } from '../go-text.ts'
import { isObject, type Json } from '../object.ts'
import { keepsUnknown, type Schema, schemaOfField } from '../schema/schema.ts'

/** What an applied configuration states that the schema has no place for, in the words of Kubernetes. */
export function misstatements(schema: Schema | undefined, value: Json, path = ''): readonly string[] {
  if (schema === undefined || value === null) return []
  const wanted = expectedOf(schema)
  if (wanted !== undefined && !isOf(wanted, value)) {
    return [`${path || '.'}: expected ${wanted}, got &{${goText(value)}}`]
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => misstatements(schema.items, item, `${path}[${index}]`))
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([field, inner]) => {
    const at = `${path}.${field}`
    const known = schemaOfField(schema, field)
    if (known !== undefined) return misstatements(known, inner ?? null, at)
    return isClosed(schema) ? [`${at}: field not declared in schema`] : []
  })
}

function isClosed(schema: Schema): boolean {
  return schema.properties !== undefined && !keepsUnknown(schema)
}

const words: Readonly<Record<string, string>> = {
  object: 'map',
  array: 'list',
  string: 'string',
  boolean: 'boolean',
  integer: 'numeric (int or float)',
  number: 'numeric (int or float)',
}

function expectedOf({ type }: Schema): string | undefined {
  return type === undefined ? undefined : words[type]
}

function isOf(word: string, value: Json): boolean {
  if (word === 'map') return isObject(value)
  if (word === 'list') return Array.isArray(value)
  return typeof value === (word.startsWith('numeric') ? 'number' : word)
}
