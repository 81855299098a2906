import type { Cluster } from './cluster.ts'
import { badRequest, expired, Failure } from './failure.ts'
import { formOf } from './negotiate.ts'
import { renderItem, renderPartial } from './render.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import type { Selection } from './selection.ts'
import type { Entry } from './shelf.ts'
import { includedIn, renderTable } from './table/render.ts'

interface ListMeta {
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

interface Page {
  readonly entries: readonly Entry[]
  readonly metadata: ListMeta
}

/** Where a paged list goes on: in the state of its first page, after a key. */
interface Token {
  readonly revision: number
  readonly after: string
}

/** Stands for whatever version is the last one when the page is asked for. */
const latest = -1

const pageTooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** One page of a list, all pages in the state of the first. */
export function pageOf(
  cluster: Cluster,
  type: ResourceType,
  selection: Selection,
  query: URLSearchParams,
): Page {
  const token = tokenOf(query)
  const wanted = token?.revision ?? revisionOf(cluster, query)
  const revision = wanted === latest ? cluster.store.revision : wanted
  const entries = sorted(itemsAt(cluster, type, revision, token)).filter(
    (entry) => selection(entry) && (token === undefined || entry.key > token.after),
  )
  const limit = wholeNumberIn(query, 'limit')
  // A list that may be of any version is one that is at hand, and given whole.
  const isAny = token === undefined && query.get('resourceVersion') === '0'
  if (limit <= 0 || isAny || entries.length <= limit)
    return { entries, metadata: { resourceVersion: String(revision) } }
  return startOf(entries, limit, revision, query)
}

function startOf(entries: readonly Entry[], limit: number, revision: number, query: URLSearchParams): Page {
  const page = entries.slice(0, limit)
  const next: Token = { revision, after: page.at(-1)?.key ?? '' }
  // How many are left is known only where nothing is left out.
  const isSelected = Boolean(query.get('labelSelector') || query.get('fieldSelector'))
  const remaining = isSelected ? {} : { remainingItemCount: entries.length - limit }
  const resourceVersion = String(revision)
  return { entries: page, metadata: { resourceVersion, continue: encoded(next), ...remaining } }
}

/** A number in a query; nothing is nought. */
export function wholeNumberIn(query: URLSearchParams, name: string): number {
  const text = query.get(name) || '0'
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

function revisionOf(cluster: Cluster, query: URLSearchParams): number {
  const now = cluster.store.revision
  const asked = askedRevision(query)
  if (asked > now) {
    const message = `Timeout: Too large resource version: ${asked}, current: ${now}`
    const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
    throw new Failure(504, 'Timeout', message, { causes, retryAfterSeconds: 1 })
  }
  return query.get('resourceVersionMatch') === 'Exact' ? asked : now
}

function askedRevision(query: URLSearchParams): number {
  const text = query.get('resourceVersion') || '0'
  const problem = revisionProblem(text)
  if (problem === undefined) return Number(text)
  throw badRequest(`invalid resource version: ${problem}`)
}

/** Refuses what is no version where one object is read or changes are followed. */
export function checkRevision(query: URLSearchParams): void {
  const problem = revisionProblem(query.get('resourceVersion') || '0')
  if (problem !== undefined) throw new Failure(500, '', problem)
}

function revisionProblem(text: string): string | undefined {
  if (/^\d+$/.test(text)) return undefined
  const value = JSON.stringify(text)
  return `resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`
}

function itemsAt(
  cluster: Cluster,
  type: ResourceType,
  revision: number,
  token: Token | undefined,
): ReadonlyMap<string, Entry> {
  try {
    return cluster.store.shelf(type.shelf).itemsAt(revision)
  } catch (error) {
    if (token === undefined) throw error
    throw expired(pageTooOld, encoded({ ...token, revision: latest }))
  }
}

function sorted(items: ReadonlyMap<string, Entry>): readonly Entry[] {
  return [...items.values()].sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
}

function encoded(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

function tokenOf(query: URLSearchParams): Token | undefined {
  const text = query.get('continue')
  if (!text) return undefined
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Token
  } catch {
    throw badRequest('invalid continue token: continue key is not valid: illegal base64 data at input byte 0')
  }
}

/** A page in the form the client asked for. */
export function renderList(type: ResourceType, page: Page, accept: string, query: URLSearchParams): string {
  const { as } = formOf(accept)
  const { entries, metadata } = page
  if (as === 'Table') {
    return renderTable(type, entries, metadata, { included: includedIn(query), definitions: true })
  }
  if (as === 'Object') {
    // A list of custom resources says even that nothing continues it.
    const whole = type.custom ? { ...page, metadata: { continue: '', ...metadata } } : page
    return listOf(type.listKind, apiVersionOf(type), whole, (entry) => renderItem(type, entry))
  }
  return listOf('PartialObjectMetadataList', 'meta.k8s.io/v1', page, renderPartial)
}

function listOf(
  kind: string,
  apiVersion: string,
  { entries, metadata }: Page,
  itemOf: (entry: Entry) => string,
): string {
  const head = `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)}`
  return `${head},"items":[${entries.map(itemOf).join(',')}]}`
}
