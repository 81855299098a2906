import type { IncomingMessage } from 'node:http'
import { parse } from 'yaml'
import { badRequest, unsupportedMediaType } from './failure.ts'
import { unrecognized } from './draft.ts'
import type { Json } from './object.ts'
import type { ResourceType } from './resource-type.ts'
import { decodeProtobuf } from './protobuf.ts'

/** One request, read whole. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly accept: string
  readonly contentType: string
  readonly userAgent: string
  readonly raw: Buffer
  /** What the client shall be told besides the answer, whatever that is. */
  readonly warnings: string[]
}

export async function callOf(request: IncomingMessage, warnings: string[]): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://api')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? 'GET',
    path: decoded(url.pathname).replace(/(?<=.)\/$/, ''),
    query: url.searchParams,
    accept: request.headers.accept ?? '',
    contentType: (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    raw: Buffer.concat(chunks),
    warnings,
  }
}

/** A path that cannot be decoded is that of nothing. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const protobuf = 'application/vnd.kubernetes.protobuf'

/** The body as JSON, whichever of the API's encodings it came in; `type` is what it should be. */
export function bodyOf({ raw, contentType }: Call, type?: ResourceType): Json {
  if (contentType === protobuf) return decodeProtobuf(raw)
  const text = raw.toString()
  if (contentType.endsWith('yaml'))
    return parsed(() => (parse(text) ?? null) as Json, type, raw.toString('hex'))
  if (contentType.endsWith('json')) return parsed(() => JSON.parse(text) as Json, type, text || '<empty>')
  throw unsupportedMediaType(`application/json, application/yaml, ${protobuf}`)
}

function parsed(read: () => Json, type: ResourceType | undefined, summary: string): Json {
  try {
    return read()
  } catch (error) {
    const why = `couldn't get version/kind; json parse error: ${wordsOf(error)}`
    throw type === undefined ? badRequest(why) : unrecognized(type, why, summary)
  }
}

/** The end of a text that goes on too short is all that is worded as Kubernetes does. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  return /end of JSON input|Unterminated string/.test(words) ? 'unexpected end of JSON input' : words
}
