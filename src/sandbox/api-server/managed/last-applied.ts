import { isObject, type Json, type KubeObject } from '../object.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import { compare } from './compare.ts'
import { difference, type FieldSet } from './field-set.ts'
import { ownedPart, wholeSchemaOf } from './schema.ts'
import { statedFields } from './stated-fields.ts'

/** The fields of the configuration that kubectl left in its annotation, as far as they still are what it says. */
export function lastAppliedFields(type: ResourceType, live: KubeObject, text: string): FieldSet {
  const last = parsed(text)
  if (!isObject(last) || last['apiVersion'] !== apiVersionOf(type)) return {}
  const schema = wholeSchemaOf(type)
  const { added, modified, removed } = compare(schema, last, ownedPart(type, live))
  return [added, modified, removed].reduce(difference, statedFields(schema, last))
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
