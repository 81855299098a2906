import type { KubeObject } from '../object.ts'
import type { Strategy } from '../resource-type.ts'

/** A namespace bears its name as a label. */
function fillIn({ metadata }: KubeObject): void {
  if (!metadata.name) return
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
}

function prepare(draft: KubeObject, old: KubeObject | undefined): void {
  draft.spec = old?.spec ?? { finalizers: ['kubernetes'] }
  draft.status = old === undefined ? { phase: 'Active' } : (draft.status ?? {})
}

/** It has the API server's own finalizer, too, which takes away what is in it. */
export const namespaceStrategy: Strategy = { fillIn, prepare }
