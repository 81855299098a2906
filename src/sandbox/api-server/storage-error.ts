import { conflict, type Failure } from './failure.ts'
import type { ResourceType } from './resource-type.ts'

/** Where Kubernetes keeps the objects of a few kinds; the others stand under the name of their resource. */
const places: Readonly<Record<string, string>> = {
  services: 'services/specs',
  nodes: 'minions',
  endpoints: 'services/endpoints',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
}

function storageKeyOf({ shelf, custom, group, plural }: ResourceType, key: string): string {
  return `/registry/${custom ? `${group}/${plural}` : (places[shelf] ?? plural)}/${key}`
}

/** The conflict of a write that means another object of the same name, as the storage words it. */
export function uidConflict(type: ResourceType, key: string, wanted: string, found: string): Failure {
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`
  const place = `Key: ${storageKeyOf(type, key)}, ResourceVersion: 0`
  const name = key.slice(key.indexOf('/') + 1)
  return conflict(type, name, `StorageError: invalid object, Code: 4, ${place}, AdditionalErrorMsg: ${why}`)
}
