import { resourceType } from './built-ins.ts'
import type { Cluster } from './cluster.ts'
import type { KubeObject } from './object.ts'
import { remove } from './remove.ts'
import type { ResourceType } from './resource-type.ts'
import type { Change } from './shelf.ts'
import { customStrategy } from './strategy/custom.ts'
import { definitionOf, type DefinitionSpec, type DefinitionVersion } from './strategy/definition-spec.ts'
import { customColumns } from './table/custom.ts'

export const definitionShelf = 'customresourcedefinitions.apiextensions.k8s.io'

/** Serves what the stored CustomResourceDefinitions define, now and as they change. */
export function serveCustomResources(cluster: Cluster): void {
  const shelf = cluster.store.shelf(definitionShelf)
  for (const { object } of shelf.items.values()) define(cluster, object)
  shelf.listen((change) => follow(cluster, change))
}

function follow(cluster: Cluster, { type, entry, previous }: Change): void {
  if (type === 'DELETED') return withdraw(cluster, entry.object)
  if (previous !== undefined) forget(cluster, previous.object)
  define(cluster, entry.object)
}

function define({ registry }: Cluster, definition: KubeObject): void {
  const spec = definitionOf(definition)
  for (const version of spec.versions) if (version.served) registry.add(typeOf(spec, version))
}

function forget({ registry }: Cluster, definition: KubeObject): void {
  const { group, names } = definitionOf(definition)
  registry.remove(group, names.plural)
}

/** Objects that nothing defines any more go with their definition. */
function withdraw(cluster: Cluster, definition: KubeObject): void {
  const { group, names } = definitionOf(definition)
  const type = cluster.registry.all().find((one) => one.group === group && one.plural === names.plural)
  if (type !== undefined) {
    for (const { key } of cluster.store.shelf(type.shelf).items.values()) remove(cluster, type, key, {})
  }
  forget(cluster, definition)
}

function typeOf({ group, names, scope }: DefinitionSpec, version: DefinitionVersion): ResourceType {
  const { plural, kind } = names
  return resourceType({
    group,
    plural,
    kind,
    version: version.name,
    singular: names.singular ?? kind.toLowerCase(),
    listKind: names.listKind ?? `${kind}List`,
    namespaced: scope === 'Namespaced',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    subresources: version.subresources?.status === undefined ? [] : ['status'],
    generation: true,
    versionedUpdates: true,
    statusKeeps: 'metadata',
    custom: true,
    schema: version.schema?.openAPIV3Schema,
    columns: customColumns(version.additionalPrinterColumns),
    strategy: customStrategy(version.schema?.openAPIV3Schema),
  })
}
