import type { Part } from './admit.ts'
import { copyOf, type KubeObject, type ObjectMeta } from './object.ts'
import type { ResourceType } from './resource-type.ts'

/** The object that an update asks for: what a client cannot change by it is as it was. */
export function mergedWith(type: ResourceType, draft: KubeObject, old: KubeObject, part: Part): KubeObject {
  const metadata = metadataOf(draft.metadata, old.metadata)
  if (part !== 'status') {
    const next: KubeObject = { ...draft, metadata }
    if (type.subresources.includes('status')) takeStatus(next, old)
    return next
  }
  const { statusKeeps } = type
  const next = copyOf(old)
  if (statusKeeps !== 'metadata') next.metadata = metadata
  else keep(next.metadata, metadata, 'managedFields')
  if (statusKeeps === 'labels') keep(next.metadata, old.metadata, 'labels')
  takeStatus(next, draft)
  return next
}

const always = ['creationTimestamp', 'generation', 'resourceVersion'] as const
const untilSet = ['uid', 'namespace', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const

/** The server's own fields, and those that a client left out where they cannot be missing. */
function metadataOf(sent: ObjectMeta, old: ObjectMeta): ObjectMeta {
  const metadata: ObjectMeta = { ...sent }
  for (const field of always) keep(metadata, old, field)
  if (old.deletionTimestamp !== undefined) keep(metadata, old, 'deletionTimestamp')
  for (const field of untilSet) if (metadata[field] === undefined) keep(metadata, old, field)
  return metadata
}

function keep<Field extends keyof ObjectMeta>(metadata: ObjectMeta, old: ObjectMeta, field: Field): void {
  const value = old[field]
  if (value === undefined) delete metadata[field]
  else metadata[field] = value
}

function takeStatus(draft: KubeObject, source: KubeObject): void {
  if (source.status === undefined) delete draft.status
  else draft.status = copyOf(source.status)
}
