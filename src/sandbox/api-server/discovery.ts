import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { noSuchPath, PageNotFound } from './failure.ts'
import type { Registry } from './registry.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'

type Versions = ReadonlyMap<string, readonly ResourceType[]>

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const verbsOfCustom = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

interface Part {
  readonly name: string
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly verbs: readonly string[]
}

function partsOf(type: ResourceType): readonly Part[] {
  const { group, version, kind } = type
  const parts: Record<string, Part> = {
    status: { name: 'status', group, version, kind, verbs: ['get', 'patch', 'update'] },
    scale: {
      name: 'scale',
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    },
    binding: { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
    eviction: { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  }
  return type.subresources.map((name) => parts[name]).filter((part) => part !== undefined)
}

/** Which paths answer with what is served: /api, /apis and below, down to one version of one group. */
export function discover(registry: Registry, path: string, accept: string): Answer | undefined {
  const groups = registry.groups()
  const [root, group, version, ...rest] = path.split('/').slice(1)
  if (root === 'api' && version === undefined) {
    return group === undefined ? core(groups, accept) : resources('', group, groups.get(''))
  }
  if (root !== 'apis' || rest.length > 0) return undefined
  if (group === undefined) return named(groups, accept)
  const versions = groups.get(group)
  if (versions === undefined) throw new PageNotFound()
  return version === undefined ? { json: groupOf(group, versions) } : resources(group, version, versions)
}

function wantsAggregated(accept: string): boolean {
  return /g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList/.test(accept)
}

function core(groups: ReadonlyMap<string, Versions>, accept: string): Answer {
  if (wantsAggregated(accept)) return aggregate([['', groups.get('') ?? new Map()]])
  return { json: { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] } }
}

function named(groups: ReadonlyMap<string, Versions>, accept: string): Answer {
  const all = [...groups].filter(([group]) => group !== '')
  if (wantsAggregated(accept)) return aggregate(all)
  const list = all.map(([group, versions]) => groupOf(group, versions))
  return { json: { kind: 'APIGroupList', apiVersion: 'v1', groups: list } }
}

function groupOf(name: string, versions: Versions): object {
  const all = [...versions.keys()].map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions: all, preferredVersion: all[0] }
}

function aggregate(groups: readonly (readonly [string, Versions])[]): Answer {
  const items = groups.map(([name, versions]) => ({
    metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
    versions: [...versions].map(([version, types]) => ({
      version,
      freshness: 'Current',
      resources: types.map(aggregatedResource),
    })),
  }))
  const json = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
  return { json, headers: { 'content-type': aggregated, vary: 'Accept' } }
}

function aggregatedResource(type: ResourceType): object {
  const { group, version, kind } = type
  const parts = partsOf(type).map((part) => ({
    subresource: part.name,
    responseKind: { group: part.group, version: part.version, kind: part.kind },
    verbs: part.verbs,
  }))
  return {
    resource: type.plural,
    responseKind: { group, version, kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs,
    shortNames: type.shortNames,
    categories: type.categories,
    ...(parts.length === 0 ? {} : { subresources: parts }),
  }
}

function resources(group: string, version: string, versions: Versions | undefined): Answer {
  const types = versions?.get(version)
  if (types === undefined) throw noSuchPath()
  const list = types.flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: type.custom ? verbsOfCustom : verbs,
      ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
      ...(type.categories.length > 0 && { categories: type.categories }),
      storageVersionHash: storageHashOf(type),
    },
    ...partsOf(type).map((part) => ({
      name: `${type.plural}/${part.name}`,
      singularName: '',
      namespaced: type.namespaced,
      ...(part.group !== group && { group: part.group, version: part.version }),
      kind: part.kind,
      verbs: part.verbs,
    })),
  ])
  const groupVersion = apiVersionOf({ group, version })
  return { json: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: list } }
}

/** Tells clients which form of a kind is the one that is stored. */
function storageHashOf({ group, version, kind }: ResourceType): string {
  const hash = createHash('sha256').update(`${group}/${version}/${kind}`).digest()
  return hash.subarray(0, 8).toString('base64')
}
