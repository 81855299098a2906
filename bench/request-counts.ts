import type { BenchCluster } from './cluster.ts'

/** What a controller writes, and a speaker does not. */
const kinds = {
  'Service statuses': 'patch services/status',
  Events: 'create events',
  'Events again': 'patch events',
  'Speaker specs': 'patch speakers',
  'pool statuses': 'patch addresspools/status',
  'pool finalizers': 'patch addresspools',
} as const

export type WriteKind = keyof typeof kinds

/** Writes by kind, as the API server counts them. */
export type Writes = Readonly<Record<WriteKind, number>>

interface Line {
  /** The verb and the resource: `patch services/status`. */
  readonly what: string
  readonly count: number
}

/** What was written since the API server started, whether it was accepted or not. */
export async function writesIn(cluster: BenchCluster): Promise<Writes> {
  const lines = cluster.playground.ground === 'cluster' ? await metricsOf(cluster) : await logOf(cluster)
  const counted = Object.entries(kinds).map(([kind, what]) => {
    const mine = lines.filter((line) => line.what === what)
    return [kind, mine.reduce((sum, { count }) => sum + count, 0)]
  })
  return Object.fromEntries(counted) as Writes
}

export function between(before: Writes, after: Writes): Writes {
  const kindsOf = Object.keys(kinds) as WriteKind[]
  return Object.fromEntries(kindsOf.map((kind) => [kind, after[kind] - before[kind]])) as Writes
}

export interface LoggedRequest {
  readonly verb: string
  readonly resource: string
  readonly userAgent: string
  readonly count: number
}

/** Every kind of request by every client since the embedded API server started. */
export async function requestsIn({ api }: BenchCluster): Promise<readonly LoggedRequest[]> {
  const { requests } = await api.request<{ requests: readonly LoggedRequest[] }>('GET', '/debug/requests')
  return requests
}

/** Those that came since `before`, of clients whose names begin so. */
export function requestsSince(
  before: readonly LoggedRequest[],
  after: readonly LoggedRequest[],
  client: string,
): readonly LoggedRequest[] {
  const idOf = ({ verb, resource, userAgent }: LoggedRequest): string => `${verb} ${resource} ${userAgent}`
  const former = new Map(before.map((line) => [idOf(line), line.count]))
  return after
    .filter(({ userAgent }) => userAgent.startsWith(client))
    .map((line) => ({ ...line, count: line.count - (former.get(idOf(line)) ?? 0) }))
    .filter(({ count }) => count > 0)
}

/** The embedded API server counts for each client. */
async function logOf(cluster: BenchCluster): Promise<readonly Line[]> {
  const requests = await requestsIn(cluster)
  return requests
    .filter(({ userAgent }) => userAgent === 'lanlord-controller')
    .map(({ verb, resource, count }) => ({ what: `${verb} ${resource.replace(/\.[^/]+/, '')}`, count }))
}

const verbOf: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'patch' }

/** A real one counts all clients together; of these kinds, nobody else writes any while nothing else happens. */
async function metricsOf({ api }: BenchCluster): Promise<readonly Line[]> {
  let text = ''
  for await (const chunk of await api.watch('/metrics', {}, new AbortController().signal))
    text += chunk.toString()
  const lines = text.split('\n').filter((line) => line.startsWith('apiserver_request_total{'))
  return lines.map((line) => {
    const label = (name: string): string => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1] ?? ''
    const resource = [label('resource'), label('subresource')].filter((part) => part !== '').join('/')
    return { what: `${verbOf[label('verb')]} ${resource}`, count: Number(line.slice(line.lastIndexOf(' '))) }
  })
}
