import type { Api, Query } from './api.ts'
import { ApiError, asError } from './api-error.ts'
import { linesOf } from './lines.ts'
import type { KubernetesObject } from './object.ts'

/** One thing a watch says. A bookmark says only how far it is. */
export type WatchEvent =
  | {
      readonly kind: 'set' | 'removed'
      readonly object: KubernetesObject
      readonly resourceVersion: string
    }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }

/** A line that no API server would write. Going on behind it could lose a change. */
export class UnreadableLineError extends Error {
  override readonly name = 'UnreadableLineError'
}

/** The stream said nothing, not even a bookmark, for too long. */
export class SilentStreamError extends Error {
  override readonly name = 'SilentStreamError'
}

export interface WatchTarget {
  readonly path: string
  readonly query: Query
  readonly idleMs: number
  /** The server answered 200: the watch stands. */
  readonly onOpen: () => void
  /** Bytes came. */
  readonly onBytes: () => void
}

/**
 * The events of one watch until the server ends it. Throws an `ApiError` for a refusal or an ERROR event (410 among
 * them), and the errors above; a signal that aborts ends it.
 */
export async function* watchEvents(
  api: Api,
  target: WatchTarget,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const watchdog = new Watchdog(target.idleMs, signal)
  try {
    const body = await api.watch(target.path, target.query, watchdog.signal)
    target.onOpen()
    for await (const line of linesOf(noticed(body, watchdog, target.onBytes))) yield eventOf(line)
  } catch (error) {
    if (watchdog.barked) throw new SilentStreamError(`${target.path}: nothing heard for ${target.idleMs} ms`)
    throw cutOff(error, target.path)
  } finally {
    watchdog.release()
  }
}

async function* noticed(body: AsyncIterable<Buffer>, watchdog: Watchdog, onBytes: () => void) {
  for await (const chunk of body) {
    watchdog.feed()
    onBytes()
    yield chunk
  }
}

function cutOff(error: unknown, path: string): Error {
  if (error instanceof ApiError || error instanceof UnreadableLineError) return error
  const message = `watch ${path} was cut off: ${asError(error).message}`
  return new ApiError(message, { status: 0, reason: 'Unreachable', cause: error })
}

/** Aborts its signal when it was not fed for so long, or when the outer signal aborts. */
class Watchdog {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal
  readonly #timer: NodeJS.Timeout
  readonly #follow = () => this.#controller.abort(this.#outer.reason)
  barked = false

  constructor(idleMs: number, outer: AbortSignal) {
    this.#outer = outer
    this.#timer = setTimeout(() => this.#bark(), idleMs)
    if (outer.aborted) this.#follow()
    else outer.addEventListener('abort', this.#follow, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  feed(): void {
    this.#timer.refresh()
  }

  release(): void {
    clearTimeout(this.#timer)
    this.#outer.removeEventListener('abort', this.#follow)
    this.#controller.abort()
  }

  #bark(): void {
    this.barked = true
    this.#controller.abort()
  }
}

const kinds = new Map<unknown, 'set' | 'removed'>([
  ['ADDED', 'set'],
  ['MODIFIED', 'set'],
  ['DELETED', 'removed'],
])

function eventOf(line: string): WatchEvent {
  const { type, object } = parseLine(line)
  if (type === 'ERROR') throw refusalOf(object)
  const metadata = object['metadata'] as Partial<KubernetesObject['metadata']> | undefined
  const { resourceVersion, name } = metadata ?? {}
  if (!resourceVersion) throw unreadable(line)
  if (type === 'BOOKMARK') return { kind: 'bookmark', resourceVersion }
  const kind = kinds.get(type)
  if (!name || !kind) throw unreadable(line)
  return { kind, object: object as unknown as KubernetesObject, resourceVersion }
}

function parseLine(line: string): { readonly type: unknown; readonly object: Record<string, unknown> } {
  try {
    const { type, object } = JSON.parse(line) as Record<string, unknown>
    if (typeof object === 'object' && object !== null)
      return { type, object: object as Record<string, unknown> }
  } catch (cause) {
    throw unreadable(line, cause)
  }
  throw unreadable(line)
}

function unreadable(line: string, cause?: unknown): UnreadableLineError {
  return new UnreadableLineError(`the watch said something unreadable: ${line.slice(0, 200)}`, { cause })
}

function refusalOf(status: Record<string, unknown>): ApiError {
  const { code, reason, message } = status
  return new ApiError(`the watch was ended: ${String(message ?? reason ?? code)}`, {
    status: typeof code === 'number' ? code : 500,
    reason: typeof reason === 'string' ? reason : 'Unknown',
  })
}
