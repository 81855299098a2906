import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { failureAnswer, type Handled, send } from './answer.ts'
import { type Call, callOf } from './call.ts'
import type { Cluster } from './cluster.ts'
import { isWatch, onCollection } from './collection.ts'
import { discover } from './discovery.ts'
import { Failure, PageNotFound } from './failure.ts'
import { openApi } from './openapi.ts'
import type { RequestLog } from './request-log.ts'
import type { Registry } from './registry.ts'
import { review } from './reviews.ts'
import { checkCustomVerb, groupPathOf, type Target, targetOf } from './route.ts'
import { onObject } from './single.ts'
import { onSubresource } from './subresource.ts'

interface Parts {
  readonly cluster: Cluster
  readonly requests: RequestLog
  readonly log: Logger
}

const version = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.0',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2025-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: `${process.platform}/${process.arch}`,
}

export function apiServer(parts: Parts): Server {
  const server = createServer((request, response) => void answer(parts, request, response))
  server.keepAliveTimeout = 90_000
  server.requestTimeout = 0
  return server
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const warnings: string[] = []
  try {
    const call = await callOf(request, warnings)
    const handled = handle(parts, call, response)
    if (handled !== undefined) send(response, handled, warnings)
  } catch (error) {
    fail(parts.log, error, response, warnings)
  }
}

function fail(log: Logger, error: unknown, response: ServerResponse, warnings: readonly string[]): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  if (error instanceof PageNotFound) return send(response, pageNotFound, [])
  if (!(error instanceof Failure)) log.error({ err: error }, 'request failed')
  const message = error instanceof Error ? error.message : String(error)
  const failure = error instanceof Failure ? error : new Failure(500, 'InternalError', message)
  send(response, failureAnswer(failure), warnings)
}

const pageNotFound = {
  code: 404,
  json: '404 page not found\n',
  headers: { 'content-type': 'text/plain; charset=utf-8' },
}

function knowsGroup(registry: Registry, group: string): boolean {
  return registry.all().some((type) => type.group === group)
}

function handle({ cluster, requests }: Parts, call: Call, response: ServerResponse): Handled {
  const fixed = fixedAnswer(call, requests)
  if (fixed !== undefined) return fixed
  const { registry } = cluster
  const known = discover(registry, call.path, call.accept) ?? openApi(registry, call.path) ?? review(call)
  if (known !== undefined) return known
  const path = groupPathOf(call.path)
  if (path === undefined || !knowsGroup(cluster.registry, path.group)) throw new PageNotFound()
  const target = targetOf(cluster.registry, path)
  const before = cluster.store.revision
  try {
    checkCustomVerb(target, call.method)
    return onTarget(cluster, target, call, response)
  } finally {
    requests.count(verbOf(target, call), resourceOf(target), call.userAgent, cluster.store.revision - before)
  }
}

function fixedAnswer({ path }: Call, requests: RequestLog): Handled {
  if (path === '/version') return { json: version }
  if (path === '/debug/requests') return { json: requests.toJson() }
  if (!['/healthz', '/livez', '/readyz'].includes(path)) return undefined
  return { json: 'ok', headers: { 'content-type': 'text/plain' } }
}

function onTarget(cluster: Cluster, target: Target, call: Call, response: ServerResponse): Handled {
  if (target.name === undefined) return onCollection(cluster, target, call, response)
  return onSubresource(cluster, target, call) ?? onObject(cluster, target, call)
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

function verbOf({ name }: Target, call: Call): string {
  if (call.method === 'GET') return isWatch(call) ? 'watch' : name === undefined ? 'list' : 'get'
  if (call.method === 'DELETE' && name === undefined) return 'deletecollection'
  return verbs[call.method] ?? call.method
}

function resourceOf({ type, subresource }: Target): string {
  const name = type.group === '' ? type.plural : `${type.plural}.${type.group}`
  return subresource === undefined ? name : `${name}/${subresource}`
}
