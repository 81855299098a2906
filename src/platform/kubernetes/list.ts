import type { Api, Query } from './api.ts'
import { ApiError } from './api-error.ts'
import type { KubernetesObject } from './object.ts'

interface Page {
  readonly items?: readonly KubernetesObject[] | null
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
}

export interface ListTarget {
  readonly path: string
  readonly query: Query
  readonly pageSize: number
  /** A page came. */
  readonly onPage: () => void
}

/**
 * Reads a whole collection in pages and returns the resourceVersion to watch from. `take` gets each raw object once
 * and should keep only what is needed of it, so that no more than one page is ever in memory whole.
 */
export async function listAll(
  api: Api,
  target: ListTarget,
  signal: AbortSignal,
  take: (raw: KubernetesObject) => void,
): Promise<string> {
  let next: string | undefined
  for (;;) {
    const query = { ...target.query, limit: target.pageSize, continue: next }
    const page = await api.request<Page>('GET', target.path, { query, signal })
    target.onPage()
    for (const raw of page.items ?? []) take(raw)
    next = page.metadata?.continue || undefined
    if (next === undefined) return versionOf(page, target.path)
  }
}

function versionOf(page: Page, path: string): string {
  const version = page.metadata?.resourceVersion
  if (version) return version
  throw new ApiError(`${path}: the list has no resourceVersion`, { status: 200, reason: 'Unreadable' })
}
