import type { IncomingMessage } from 'node:http'
import { parse } from 'yaml'
import { badRequest, unsupportedMediaType } from './failure.ts'
import { isObject, type Json } from './object.ts'
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
}

export async function callOf(request: IncomingMessage): Promise<Call> {
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
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw badRequest(`the path ${path} is not encoded as URLs are`)
  }
}

const protobuf = 'application/vnd.kubernetes.protobuf'

/** The body as JSON, whichever of the API's encodings it came in. */
export function bodyOf({ raw, contentType }: Call): Json {
  if (contentType === protobuf) return decodeProtobuf(raw)
  if (contentType.endsWith('yaml')) return parsed(() => parse(raw.toString()) as Json)
  if (contentType.endsWith('json')) return parsed(() => JSON.parse(raw.toString()) as Json)
  throw unsupportedMediaType(`application/json, application/yaml, ${protobuf}`)
}

function parsed(read: () => Json): Json {
  try {
    return read()
  } catch (error) {
    throw badRequest(`couldn't read the body: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A DELETE may come without a body, and says the same things in its query. */
export function deleteBodyOf(call: Call): Record<string, Json | undefined> {
  const body = call.raw.length === 0 ? {} : bodyOf(call)
  const options = isObject(body) ? { ...body } : {}
  const { query } = call
  if (query.has('propagationPolicy')) options['propagationPolicy'] = query.get('propagationPolicy')
  if (query.has('gracePeriodSeconds')) options['gracePeriodSeconds'] = Number(query.get('gracePeriodSeconds'))
  return options
}
