import type { Api } from './api.ts'
import { ApiError, hasStatus } from './api-error.ts'
import { holderOf } from './lease-record.ts'
import type { Lease } from './lease-record.ts'
import { knownOf } from './object.ts'
import { Reflector } from './reflector.ts'

/** Where one Lease is kept. Writes hold only for the version they were made from and reject with 409 otherwise. */
export interface LeaseStore {
  read(signal: AbortSignal): Promise<Lease | undefined>
  create(lease: Lease, signal: AbortSignal): Promise<Lease>
  update(lease: Lease, signal: AbortSignal): Promise<Lease>
  /** Says who holds it whenever that is heard; a word lost only costs time. */
  watch(
    onHolder: (holder: string | undefined) => void,
    onProblem: (error: Error) => void,
  ): { stop(): Promise<void> }
}

export function apiLeaseStore(api: Api, namespace: string, name: string): LeaseStore {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`
  const path = `${collection}/${name}`
  return {
    read: (signal) => api.request<Lease>('GET', path, { signal }).catch(missing),
    create: (body, signal) =>
      api.request<Lease>('POST', collection, { body, signal }).catch((error: unknown) => {
        throw hasStatus(error, 404) ? namespaceMissing(namespace, error) : error
      }),
    update: (body, signal) => api.request<Lease>('PUT', path, { body, signal }),
    watch: (onHolder, onProblem) => watchHolder(api, collection, name, { onHolder, onProblem }),
  }
}

function missing(error: unknown): undefined {
  if (!hasStatus(error, 404)) throw error
}

function namespaceMissing(namespace: string, cause: ApiError): ApiError {
  const message = `the namespace ${namespace} is missing: kubectl create namespace ${namespace}`
  return new ApiError(message, { status: cause.status, reason: cause.reason, cause })
}

function watchHolder(
  api: Api,
  path: string,
  name: string,
  on: {
    readonly onHolder: (holder: string | undefined) => void
    readonly onProblem: (error: Error) => void
  },
): { stop(): Promise<void> } {
  const reflector = new Reflector(api, {
    path,
    query: { fieldSelector: `metadata.name=${name}` },
    project: (lease: Lease) => ({ ...knownOf(lease), holder: holderOf(lease) }),
    onEvent: ({ kind, object }) => on.onHolder(kind === 'removed' ? undefined : object.holder),
    onProblem: on.onProblem,
  })
  reflector.start()
  return reflector
}
