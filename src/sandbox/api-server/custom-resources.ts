import { resourceType } from './built-ins.ts'
import type { Cluster } from './cluster.ts'
import { definitionShelf, emptiedDefinition, emptyingDefinition, isEnding } from './definition-end.ts'
import type { KubeObject } from './object.ts'
import { remove } from './remove.ts'
import type { ResourceType } from './resource-type.ts'
import type { Change } from './shelf.ts'
import { customStrategy } from './strategy/custom.ts'
import { definitionOf, type DefinitionSpec, type DefinitionVersion } from './strategy/definition-spec.ts'
import { customColumns } from './table/custom.ts'

/** Serves what the stored CustomResourceDefinitions define, now and as they change. */
export function serveCustomResources(cluster: Cluster): void {
  const shelf = cluster.store.shelf(definitionShelf)
  for (const { object } of shelf.items.values()) define(cluster, object)
  for (const { key, object } of shelf.items.values()) if (isEnding(object)) empty(cluster, key)
  shelf.listen((change) => follow(cluster, change))
}

/** How often it is looked whether the last object of a kind that goes is gone. */
const lookEveryMs = 100

function follow(cluster: Cluster, { type, entry, previous }: Change): void {
  if (type === 'DELETED') return withdraw(cluster, entry.object)
  if (previous !== undefined) forget(cluster, previous.object)
  define(cluster, entry.object)
  const isNews = isEnding(entry.object) && !(previous && isEnding(previous.object))
  if (isNews) setImmediate(() => empty(cluster, entry.key))
}

/** Takes the objects of a definition away, and then the definition; those that are kept are waited for. */
function empty(cluster: Cluster, key: string): void {
  const { store } = cluster
  const shelf = store.shelf(definitionShelf)
  const entry = shelf.entryOf(key)
  if (entry === undefined || !isEnding(entry.object)) return
  const begun = emptyingDefinition(entry.object)
  const current = begun === undefined ? entry : store.put(shelf, key, begun)
  const type = served(cluster, current.object)
  const left = type === undefined ? [] : [...store.shelf(type.shelf).items.values()]
  if (type !== undefined) for (const each of left) remove(cluster, type, each.key, {})
  if (left.length > 0) return void setTimeout(() => empty(cluster, key), lookEveryMs).unref()
  const emptied = emptiedDefinition(current.object)
  if ((emptied.metadata.finalizers ?? []).length > 0) store.put(shelf, key, emptied)
  else store.delete(shelf, key, emptied)
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
  const type = served(cluster, definition)
  if (type !== undefined) {
    for (const { key } of cluster.store.shelf(type.shelf).items.values()) remove(cluster, type, key, {})
  }
  forget(cluster, definition)
}

function served({ registry }: Cluster, definition: KubeObject): ResourceType | undefined {
  const { group, names } = definitionOf(definition)
  return registry.all().find((one) => one.group === group && one.plural === names.plural)
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
