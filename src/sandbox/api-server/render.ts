import type { KubeObject } from './object.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import type { Entry } from './shelf.ts'

/** The JSON of an object as one version of its resource serves it. */
export function render(type: ResourceType, entry: Entry): string {
  if (type.view !== undefined) return JSON.stringify(type.view.served(entry.object))
  const head = `{"kind":"${type.kind}","apiVersion":"${apiVersionOf(type)}"`
  return entry.body === '{}' ? `${head}}` : `${head},${entry.body.slice(1)}`
}

/** The object itself, as one version of its resource serves it. */
export function served(type: ResourceType, entry: Entry): KubeObject {
  if (type.view !== undefined) return type.view.served(entry.object)
  return { ...entry.object, kind: type.kind, apiVersion: apiVersionOf(type) }
}
