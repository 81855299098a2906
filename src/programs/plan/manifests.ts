import { nearestName } from '../../core/allocation/nearest-name.ts'
import { apiVersion as ownVersion, group as ownGroup } from '../../core/api/group.ts'
import { withoutNulls } from '../../core/api/validate.ts'
import type { KubernetesObject } from '../../platform/kubernetes/object.ts'
import { flawsIn } from './flaws.ts'
import type { Flaw } from './flaws.ts'
import { kinds } from './kinds.ts'
import type { Kind, KindName } from './kinds.ts'
import type { Path } from './places.ts'

/** An object as it stands in a document: by itself, or in a list. */
export interface Manifest {
  readonly value: unknown
  readonly path: Path
  /** What it is when it does not say so itself, as in the lists that the API server answers with. */
  readonly typed?: Type | undefined
}

interface Type {
  readonly kind: string
  readonly apiVersion: unknown
}

/** An object that says something about who gets which address; valid, and without fields that are null. */
export interface ReadObject {
  readonly kind: KindName
  /** Kind, namespace and name: two objects with one key are two versions of one object. */
  readonly key: string
  readonly object: KubernetesObject
}

/** What a manifest is: an object to plan with, one of a kind that does not matter here, or a mistake. */
export type Read = ReadObject | { readonly passedOver: string } | { readonly flaws: readonly Flaw[] }

/** The objects of a document, those of lists each by itself. */
export function manifestsIn(value: unknown, path: Path = [], typed?: Type): readonly Manifest[] {
  const { kind, apiVersion, items } = fieldsOf(value)
  if (typeof kind !== 'string' || !kind.endsWith('List')) return [{ value, path, typed }]
  if (items !== null && !Array.isArray(items)) return [{ value, path, typed }]
  const ofItems = kind === 'List' ? undefined : { kind: kind.slice(0, -'List'.length), apiVersion }
  return (items ?? []).flatMap((item: unknown, index) => {
    return manifestsIn(item, [...path, 'items', index], ofItems)
  })
}

/** Reads one of them. */
export function readManifest({ value, typed }: Manifest): Read {
  if (!isMap(value)) {
    return flawed([], 'is no object; write one with apiVersion, kind and metadata')
  }
  const { kind = typed?.kind, apiVersion = typed?.apiVersion } = fieldsOf(value)
  if (typeof kind !== 'string') return flawed(['kind'], notText(kind, 'Service'))
  if (typeof apiVersion !== 'string') return flawed(['apiVersion'], notText(apiVersion, 'v1'))
  const known = kinds.find((each) => each.name === kind && each.apiVersion === apiVersion)
  return known ? readKnown(known, value) : readUnknown(kind, apiVersion)
}

/** The fields of a map; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return isMap(value) ? value : {}
}

type Fields = Readonly<Record<string, unknown>>

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readKnown(kind: Kind, value: object): Read {
  const flaws = flawsIn(kind, value)
  if (flaws.length > 0) return { flaws }
  const object = withoutNulls(value) as KubernetesObject
  const { name, namespace = 'default' } = object.metadata
  const key = kind.isNamespaced ? `${kind.name} ${namespace}/${name}` : `${kind.name} ${name}`
  return { kind: kind.name, key, object }
}

/** What is not read here is somebody else's, unless it names our group. */
function readUnknown(kind: string, apiVersion: string): Read {
  if (kind === 'List') return flawed(['items'], 'is no list; write one')
  const [group, version] = apiVersion.split('/')
  if (group !== ownGroup || version === undefined) return { passedOver: kind }
  const own = kinds.filter((each) => each.apiVersion === ownVersion).map((each): string => each.name)
  if (own.includes(kind)) return flawed(['apiVersion'], `${apiVersion} is not known; write ${ownVersion}`)
  const meant = nearestName(kind, own)
  const mend = meant === undefined ? `write ${own.join(' or ')}` : `did you mean ${meant}?`
  return flawed(['kind'], `${kind} is no kind of ${ownGroup}; ${mend}`)
}

function flawed(path: Path, message: string): Read {
  return { flaws: [{ path, message }] }
}

function notText(value: unknown, example: string): string {
  return value === undefined || value === null
    ? `is missing; write one such as ${example}`
    : `${JSON.stringify(value)} is not a text; write one such as ${example}`
}
