import type { KubeObject } from '../object.ts'
import type { Strategy } from '../resource-type.ts'

function prepare(draft: KubeObject, old: KubeObject | undefined): void {
  const { metadata } = draft
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name ?? '' }
  draft.spec = old?.spec ?? { finalizers: ['kubernetes'] }
  draft.status = old === undefined ? { phase: 'Active' } : (draft.status ?? {})
}

/** A namespace bears its name as a label, and the API server's own finalizer. */
export const namespaceStrategy: Strategy = { prepare }
