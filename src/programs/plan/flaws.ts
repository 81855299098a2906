import { nearestName } from '../../core/allocation/nearest-name.ts'
import { customResourceDefinitions } from '../../core/api/crds.ts'
import type { StructuralSchema } from '../../core/api/structural.ts'
import { explainIssue, withoutNulls } from '../../core/api/validate.ts'
import type { Kind } from './kinds.ts'
import type { Path } from './places.ts'

/** What is wrong with one field of an object. */
export interface Flaw {
  readonly path: Path
  readonly message: string
}

const ownSchemas: ReadonlyMap<string, StructuralSchema> = new Map(
  customResourceDefinitions().map(({ spec }) => {
    return [spec.names.kind, spec.versions[0]?.schema.openAPIV3Schema ?? {}]
  }),
)

/**
 * What is wrong with an object: nothing, when the list is empty. Fields that nobody knows are wrong in our own kinds only,
 * also where they are null.
 */
export function flawsIn({ name, schema }: Kind, sent: object): readonly Flaw[] {
  const { error } = schema.safeParse(withoutNulls(sent), { error: explainIssue })
  const found = (error?.issues ?? []).map(({ path, message }) => ({ path, message })).filter(isRefused)
  const own = ownSchemas.get(name)
  return own ? [...unknownFields(own, sent, []), ...found] : found
}

/**
 * The API server cannot compare IPv6 addresses: it stores a pool with a range that ends before it begins, and the pool
 * is not Ready then.
 */
function isRefused({ path: [root, field], message }: Flaw): boolean {
  const isEntry = root === 'spec' && (field === 'addresses' || field === 'exclude')
  return !(isEntry && /^"[^"]*:[^"]*" ends before it begins/.test(message))
}

/** Fields that the API server would drop: whoever wrote them meant something. */
function unknownFields(schema: StructuralSchema, value: unknown, path: Path): readonly Flaw[] {
  const { items, properties } = schema
  if (Array.isArray(value)) {
    return items ? value.flatMap((item, index) => unknownFields(items, item, [...path, index])) : []
  }
  if (!properties || typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (known) return unknownFields(known, field, [...path, name])
    return [{ path: [...path, name], message: unknownText(name, Object.keys(properties)) }]
  })
}

function unknownText(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known)
  return meant === undefined
    ? `is no field that is known there; those are ${known.join(', ')}`
    : `is no field that is known there; did you mean ${meant}?`
}
