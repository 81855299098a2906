import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { noSuchPath } from './failure.ts'
import type { Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'
import { metadataSchema } from './schema/openapi-of.ts'

const prefix = '/openapi/v3'

/**
 * kubectl checks a List against version 2 whatever version 3 says, and lets pass what it finds no schema for; the
 * items are checked here when they come one by one. No bytes are a document without schemas.
 */
const nothingInVersion2: Answer = {
  json: '',
  headers: { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' },
}

/** What kubectl reads to validate and to explain: an index, and a document for each version of each group. */
export function openApi(registry: Registry, path: string): Answer | undefined {
  if (path === '/openapi/v2') return nothingInVersion2
  if (path === prefix) return { json: { paths: indexOf(registry) } }
  if (!path.startsWith(`${prefix}/`)) return undefined
  const document = documentsOf(registry).get(path.slice(prefix.length + 1))
  if (document === undefined) throw noSuchPath()
  return { json: document }
}

/** The documents are large and change only when resources come or go. */
const made = new WeakMap<Registry, { generation: number; documents: Map<string, string> }>()

function documentsOf(registry: Registry): Map<string, string> {
  const known = made.get(registry)
  if (known?.generation === registry.generation) return known.documents
  const documents = new Map<string, string>()
  for (const [group, versions] of registry.groups()) {
    for (const [version, types] of versions) {
      const place = group === '' ? `api/${version}` : `apis/${group}/${version}`
      documents.set(place, JSON.stringify(documentOf(place, types)))
    }
  }
  made.set(registry, { generation: registry.generation, documents })
  return documents
}

function indexOf(registry: Registry): object {
  const places = [...documentsOf(registry)].map(([place, document]) => {
    const hash = createHash('sha1').update(document).digest('hex')
    return [place, { serverRelativeURL: `${prefix}/${place}?hash=${hash}` }] as const
  })
  return Object.fromEntries(places)
}

function documentOf(place: string, types: readonly ResourceType[]): object {
  return {
    openapi: '3.0.0',
    info: { title: 'Lanlord sandbox', version: 'v1.36.0' },
    paths: Object.fromEntries(types.flatMap((type) => pathsOf(place, type))),
    components: {
      schemas: {
        ...Object.fromEntries(types.map((type) => [schemaIdOf(type), schemaOf(type)])),
        [metadataId]: metadataSchema,
      },
    },
  }
}

const metadataId = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

function schemaIdOf({ group, version, kind }: ResourceType): string {
  const owner = group === '' ? 'io.k8s.api.core' : group.split('.').toReversed().join('.')
  return `${owner}.${version}.${kind}`
}

function schemaOf(type: ResourceType): object {
  const { group, version, kind, schema } = type
  const own = schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const envelope = {
    apiVersion: { type: 'string', description: 'The version of the schema that this object is written in.' },
    kind: { type: 'string', description: 'The kind of this object.' },
    metadata: {
      allOf: [{ $ref: `#/components/schemas/${metadataId}` }],
      description: 'What every object has: name, namespace, labels, annotations.',
    },
  }
  const properties = { ...own.properties, ...envelope }
  return { ...own, properties, 'x-kubernetes-group-version-kind': [{ group, version, kind }] }
}

const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}))

function pathsOf(place: string, type: ResourceType): readonly (readonly [string, object])[] {
  const { group, version, kind, plural } = type
  const gvk = { group, version, kind }
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schemaIdOf(type)}` } } }
  const responses = { '200': { description: 'OK', content } }
  const operation = (action: string): object => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
    parameters,
    responses,
  })
  const base = `/${place}${type.namespaced ? '/namespaces/{namespace}' : ''}/${plural}`
  return [
    [base, { get: operation('list'), post: operation('post') }],
    [
      `${base}/{name}`,
      {
        get: operation('get'),
        put: operation('put'),
        patch: operation('patch'),
        delete: operation('delete'),
      },
    ],
  ]
}
