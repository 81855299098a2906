import type { Api } from './api.ts'
import type { KubernetesObject } from './object.ts'

/**
 * Writes a part of an object's status: a merge patch on its status subresource that holds only for
 * `resourceVersion`. A stale version throws an `ApiError` with status 409; what the patch does not name stays.
 */
export function patchStatus<T extends KubernetesObject>(
  api: Api,
  path: string,
  resourceVersion: string,
  status: object,
): Promise<T> {
  const body = { metadata: { resourceVersion }, status }
  return api.request<T>('PATCH', `${path}/status`, { body, contentType: 'application/merge-patch+json' })
}
