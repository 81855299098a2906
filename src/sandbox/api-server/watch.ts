import type { ServerResponse } from 'node:http'
import type { Cluster } from './cluster.ts'
import { Failure } from './failure.ts'
import { formOf } from './negotiate.ts'
import { render, renderPartial } from './render.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import type { Selection } from './selection.ts'
import { type Change, type Entry, entryOf } from './shelf.ts'
import { includedIn, renderTable } from './table/render.ts'

const defaultTimeoutSeconds = 1800
const bookmarkEveryMs = 30_000
/** A client that reads slower than the world changes is cut off and has to list again. */
const mostUnreadBytes = 64 * 1024 * 1024

interface WatchRequest {
  readonly type: ResourceType
  readonly selection: Selection
  readonly query: URLSearchParams
  readonly accept: string
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** Streams what happens to a selection of objects until the time is up or the client goes. */
export class Watch {
  readonly #cluster: Cluster
  readonly #request: WatchRequest
  readonly #response: ServerResponse
  #headersDue = true

  constructor(cluster: Cluster, request: WatchRequest, response: ServerResponse) {
    this.#cluster = cluster
    this.#request = request
    this.#response = response
  }

  /** Once a watch is understood, it begins; that what the client missed is no longer known is its first event and its last. */
  start(): void {
    const { type, query } = this.#request
    const shelf = this.#cluster.store.shelf(type.shelf)
    const from = Number(query.get('resourceVersion') ?? 0)
    const initial = query.get('sendInitialEvents')
    this.#response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache, private',
    })
    this.#response.flushHeaders()
    let missed: readonly Change[] | undefined
    try {
      missed = initial === null && from !== 0 ? shelf.changesAfter(from) : undefined
    } catch (error) {
      return this.#refuse(error)
    }
    if (missed !== undefined) for (const change of missed) this.#sendChange(change)
    else if (initial !== 'false') this.#sendCurrent([...shelf.items.values()])
    if (initial === 'true') this.#bookmark({ 'k8s.io/initial-events-end': 'true' })
    const unlisten = shelf.listen((change) => {
      if (change.entry.revision > from) this.#sendChange(change)
    })
    this.#endLater(unlisten)
  }

  #refuse(error: unknown): void {
    if (!(error instanceof Failure)) throw error
    this.#write('ERROR', JSON.stringify(error.toStatus()))
    this.#response.end()
  }

  #endLater(unlisten: () => void): void {
    const { query } = this.#request
    const seconds = Number(query.get('timeoutSeconds') ?? 0) || defaultTimeoutSeconds
    const end = setTimeout(() => this.#response.end(), seconds * 1000)
    const bookmarks = setInterval(() => this.#bookmark(), bookmarkEveryMs)
    // One just before the end, so that the client can go on from there.
    const last = setTimeout(() => this.#bookmark(), Math.max(0, seconds - 2) * 1000)
    if (query.get('allowWatchBookmarks') !== 'true') {
      clearInterval(bookmarks)
      clearTimeout(last)
    }
    this.#response.on('close', () => {
      unlisten()
      clearTimeout(end)
      clearInterval(bookmarks)
      clearTimeout(last)
    })
  }

  #sendCurrent(entries: readonly Entry[]): void {
    for (const entry of entries) if (this.#request.selection(entry)) this.#send('ADDED', entry)
  }

  /** An object that a change brings into the selection is new to this client, one that it takes out is gone. */
  #sendChange({ type, entry, previous }: Change): void {
    const { selection } = this.#request
    const was = previous !== undefined && selection(previous)
    const is = type !== 'DELETED' && selection(entry)
    if (is) this.#send(was ? 'MODIFIED' : 'ADDED', entry)
    else if (was) this.#send('DELETED', lastSeen(entry, previous))
  }

  #send(event: EventType, entry: Entry): void {
    const { type, accept, query } = this.#request
    const { as } = formOf(accept)
    if (as === 'Object') return this.#write(event, render(type, entry))
    if (as === 'Partial') return this.#write(event, renderPartial(entry))
    const metadata = { resourceVersion: String(entry.revision) }
    const wanted = { included: includedIn(query), definitions: this.#headersDue }
    this.#write(event, renderTable(type, [entry], metadata, wanted))
    this.#headersDue = false
  }

  #bookmark(annotations?: Record<string, string>): void {
    const { type } = this.#request
    const notes = annotations === undefined ? {} : { annotations }
    const metadata = { resourceVersion: String(this.#cluster.store.revision), ...notes }
    this.#write('BOOKMARK', JSON.stringify({ kind: type.kind, apiVersion: apiVersionOf(type), metadata }))
  }

  #write(event: EventType, object: string): void {
    this.#response.write(`{"type":"${event}","object":${object}}\n`)
    if (this.#response.writableLength > mostUnreadBytes) this.#response.destroy()
  }
}

/** What is gone is shown as it was last, of the version at which it went. */
function lastSeen({ key, revision }: Entry, { object }: Entry): Entry {
  const metadata = { ...object.metadata, resourceVersion: String(revision) }
  return entryOf(key, { ...object, metadata }, revision)
}
