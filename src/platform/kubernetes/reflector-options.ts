import type { Query } from './api.ts'
import type { BackoffLimits } from './backoff.ts'
import type { Known, KubernetesObject } from './object.ts'
import type { Change } from './reflected-store.ts'

export interface ReflectorOptions<T extends Known, R extends KubernetesObject = KubernetesObject> {
  /** The collection: `/api/v1/services`. */
  readonly path: string
  /** Selectors: `{ labelSelector: 'a=b' }`. */
  readonly query?: Query
  /** Keeps of an object what is needed. When it throws, that is reported and the former version stays. */
  readonly project: (raw: R) => T
  /** Called for each change once the store has it. What it throws is reported and stops nothing. */
  readonly onEvent?: (change: Change<T>) => void
  /** Called when the API server is lost (reset, refused, silent, an error as answer) and when it is back. */
  readonly onContact?: (contact: boolean) => void
  readonly onProblem?: (error: Error) => void
  readonly pageSize?: number
  /** A watch that says nothing for this long is taken for dead; API servers send a bookmark each minute. */
  readonly idleMs?: number
  /** How long to ask the server to keep a watch: a random time between the two. */
  readonly watchSeconds?: { readonly least: number; readonly most: number }
  readonly backoff?: BackoffLimits
}

/** What it has been through, for metrics and tests. */
export interface ReflectorStats {
  readonly lists: number
  readonly watches: number
  readonly events: number
  readonly bookmarks: number
  readonly problems: number
}
