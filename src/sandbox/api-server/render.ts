import type { KubeObject } from './object.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import type { Entry } from './shelf.ts'

/** The JSON of an object as one version of its resource serves it. */
export function render(type: ResourceType, entry: Entry): string {
  if (type.view !== undefined) return JSON.stringify(type.view.served(entry.object))
  const head = `{"kind":"${type.kind}","apiVersion":"${apiVersionOf(type)}"`
  return entry.body === '{}' ? `${head}}` : `${head},${entry.body.slice(1)}`
}

/** As an item of a list, whose kind says that of its items but for custom kinds. */
export function renderItem(type: ResourceType, entry: Entry): string {
  if (type.custom) return render(type, entry)
  if (type.view === undefined) return entry.body
  const { kind: _, apiVersion: __, ...rest } = type.view.served(entry.object)
  return JSON.stringify(rest)
}

/** What every object has, and nothing of what it is. */
export function renderPartial({ object: { metadata } }: Entry): string {
  return JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata })
}

/** The object itself, as one version of its resource serves it. */
export function served(type: ResourceType, entry: Entry): KubeObject {
  if (type.view !== undefined) return type.view.served(entry.object)
  return { ...entry.object, kind: type.kind, apiVersion: apiVersionOf(type) }
}
