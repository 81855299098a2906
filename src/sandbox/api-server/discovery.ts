import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { noSuchPath, PageNotFound } from './failure.ts'
import type { Registry } from './registry.ts'
import { apiVersionOf, isNamespaceType, type ResourceType } from './resource-type.ts'

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

function verbsOf(type: ResourceType): readonly string[] {
  if (type.custom) return verbsOfCustom
  return isNamespaceType(type) ? verbs.filter((verb) => verb !== 'deletecollection') : verbs
}

function partsOf(type: ResourceType): readonly Part[] {
  const { group, version, kind } = type
  const read = ['get', 'patch', 'update']
  const parts: Record<string, Part> = {
    status: { name: 'status', group, version, kind, verbs: read },
    scale: { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: read },
    binding: { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
    eviction: { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  }
  const own = type.subresources.toSorted().map((name) => parts[name])
  return own.filter((part) => part !== undefined)
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
  if (version !== undefined) return resources(group, version, versions)
  return { json: { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, versions) } }
}

function wantsAggregated(accept: string): boolean {
  return /g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList/.test(accept)
}

function core(groups: ReadonlyMap<string, Versions>, accept: string): Answer {
  if (wantsAggregated(accept)) return aggregate([['', groups.get('') ?? new Map()]])
  return { json: { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] } }
}

function named(groups: ReadonlyMap<string, Versions>, accept: string): Answer {
  const all = [...groups].filter(([group]) => group !== '').toSorted(customLast)
  if (wantsAggregated(accept)) return aggregate(all)
  const list = all.map(([group, versions]) => groupOf(group, versions))
  return { json: { kind: 'APIGroupList', apiVersion: 'v1', groups: list } }
}

/** The groups of custom resources come after all others, by name. */
function customLast(
  [left, own]: readonly [string, Versions],
  [right, others]: readonly [string, Versions],
): number {
  const [isCustom, other] = [own, others].map((versions) =>
    [...versions.values()].flat().some(({ custom }) => custom),
  )
  if (isCustom !== other) return isCustom ? 1 : -1
  return isCustom ? (left < right ? -1 : 1) : 0
}

function groupOf(name: string, versions: Versions): object {
  const all = [...versions.keys()].map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: all, preferredVersion: all[0] }
}

function aggregate(groups: readonly (readonly [string, Versions])[]): Answer {
  const items = groups.map(([name, versions]) => ({
    metadata: name === '' ? {} : { name },
    versions: [...versions].map(([version, types]) => ({
      version,
      resources: types.toSorted(byName).map(aggregatedResource),
      freshness: 'Current',
    })),
  }))
  const json = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
  return { json, headers: { 'content-type': aggregated, vary: 'Accept' } }
}

function byName({ plural: left }: ResourceType, { plural: right }: ResourceType): number {
  return left < right ? -1 : 1
}

function aggregatedResource(type: ResourceType): object {
  const { group, version, kind } = type
  // Of what is built in, only what is of another group says of which.
  const own = type.custom ? { group, version } : { group: '', version: '' }
  const parts = partsOf(type).map((part) => ({
    subresource: part.name,
    responseKind: {
      ...(isOwn(type, part) ? own : { group: part.group, version: part.version }),
      kind: part.kind,
    },
    verbs: part.verbs,
  }))
  return {
    resource: type.plural,
    responseKind: { ...own, kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: verbsOf(type),
    ...namesOf(type),
    ...(parts.length === 0 ? {} : { subresources: parts }),
  }
}

function namesOf({ shortNames, categories }: ResourceType): object {
  return { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) }
}

function resources(group: string, version: string, versions: Versions | undefined): Answer {
  const types = versions?.get(version)
  if (types === undefined) throw noSuchPath()
  const list = types.toSorted(byName).flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: verbsOf(type),
      ...namesOf(type),
      storageVersionHash: storageHashOf(type),
    },
    ...partsOf(type).map((part) => partEntry(type, part)),
  ])
  const groupVersion = apiVersionOf({ group, version })
  return { json: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: list } }
}

function isOwn({ group, version }: ResourceType, part: Part): boolean {
  return part.group === group && part.version === version
}

function partEntry(type: ResourceType, part: Part): object {
  return {
    name: `${type.plural}/${part.name}`,
    singularName: '',
    namespaced: type.namespaced,
    ...(!isOwn(type, part) && { group: part.group, version: part.version }),
    kind: part.kind,
    verbs: part.verbs,
  }
}

/** Where the form of a kind that Kubernetes stores is not the one that is served. */
const storedAs: Readonly<Record<string, string>> = {
  'events.k8s.io/v1': '/v1',
  'apiextensions.k8s.io/v1': 'apiextensions.k8s.io/v1beta1',
}

/** Tells clients which form of a kind is the one that is stored. */
function storageHashOf({ group, version, kind }: ResourceType): string {
  const served = `${group}/${version}`
  const hash = createHash('sha256')
    .update(`${storedAs[served] ?? served}/${kind}`)
    .digest()
  return hash.subarray(0, 8).toString('base64')
}
