import type { Cluster } from './cluster.ts'
import { isObject, type JsonObject, type KubeObject, timestamp } from './object.ts'

/** What is still in a namespace that goes, by what it is and by who holds it. */
interface Remainder {
  readonly resources: ReadonlyMap<string, number>
  readonly finalizers: ReadonlyMap<string, number>
}

/** Counts what is left in a namespace. */
export function remainderOf(cluster: Cluster, namespace: string): Remainder {
  const resources = new Map<string, number>()
  const finalizers = new Map<string, number>()
  const count = (counts: Map<string, number>, name: string): unknown =>
    counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const type of cluster.registry.all()) {
    if (!type.namespaced || type.view !== undefined) continue
    for (const { object } of cluster.store.shelf(type.shelf).items.values()) {
      if (object.metadata.namespace !== namespace) continue
      count(resources, `${type.plural}.${type.group}`)
      for (const name of object.metadata.finalizers ?? []) count(finalizers, name)
    }
  }
  return { resources, finalizers }
}

/** The namespace with conditions that say what keeps it. */
export function withReasons(namespace: KubeObject, { resources, finalizers }: Remainder): KubeObject {
  const told = (counts: ReadonlyMap<string, number>, word: string): string =>
    [...counts]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, count]) => `${name} ${word} ${count} resource instances`)
      .join(', ')
  const fine = [
    condition('DeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    condition(
      'DeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'DeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
  ]
  const content = condition(
    'ContentRemaining',
    'SomeResourcesRemain',
    `Some resources are remaining: ${told(resources, 'has')}`,
    'True',
  )
  const held =
    finalizers.size > 0
      ? condition(
          'FinalizersRemaining',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${told(finalizers, 'in')}`,
          'True',
        )
      : condition(
          'FinalizersRemaining',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        )
  const before = namespace.status?.['conditions']
  const conditions = [...fine, content, held].map((one) => since(one, Array.isArray(before) ? before : []))
  return { ...namespace, status: { ...namespace.status, conditions } }
}

function condition(type: string, reason: string, message: string, status = 'False'): JsonObject {
  return { type: `Namespace${type}`, status, reason, message }
}

/** A condition that was so before is so since then. */
function since({ type = null, status = null, ...words }: JsonObject, before: readonly unknown[]): JsonObject {
  const known = before.find((one) => isObject(one) && one['type'] === type && one['status'] === status)
  const lastTransitionTime = isObject(known) ? (known['lastTransitionTime'] ?? null) : timestamp()
  return { type, status, lastTransitionTime, ...words }
}
