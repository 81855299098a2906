import { setTimeout } from 'node:timers/promises'
import type { ApiClient, Loose, WatchEvent } from '../api-client.ts'

/** The objects answered so far in a sequence, so that a later step can send one back. */
export type Answers = readonly Loose[]

/** One request; `{ns}` in its path stands for the namespace that the sequence has to itself. */
export interface Step {
  readonly method: string
  readonly path: string | ((answers: Answers) => string)
  readonly body?: unknown
  readonly contentType?: string
  readonly accept?: string
  readonly userAgent?: string
  /** What is answered is not compared. */
  readonly isUntold?: boolean
  /** A read is repeated until it shows this, as when controllers have something to do. */
  readonly until?: (status: number, object: Loose) => boolean
}

/** A sequence of requests to which both servers answer the same. */
export interface Row {
  readonly title: string
  readonly steps: readonly Step[]
}

const pathsOf: Readonly<Record<string, string>> = {
  configmaps: '/api/v1/namespaces/{ns}/configmaps',
  secrets: '/api/v1/namespaces/{ns}/secrets',
  services: '/api/v1/namespaces/{ns}/services',
  pods: '/api/v1/namespaces/{ns}/pods',
  coreevents: '/api/v1/namespaces/{ns}/events',
  serviceaccounts: '/api/v1/namespaces/{ns}/serviceaccounts',
  nodes: '/api/v1/nodes',
  namespaces: '/api/v1/namespaces',
  events: '/apis/events.k8s.io/v1/namespaces/{ns}/events',
  leases: '/apis/coordination.k8s.io/v1/namespaces/{ns}/leases',
  endpointslices: '/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices',
  deployments: '/apis/apps/v1/namespaces/{ns}/deployments',
  replicasets: '/apis/apps/v1/namespaces/{ns}/replicasets',
  daemonsets: '/apis/apps/v1/namespaces/{ns}/daemonsets',
  roles: '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings',
  clusterroles: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  definitions: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  policies: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  addresspools: '/apis/lanlord.dev/v1beta1/addresspools',
  speakers: '/apis/lanlord.dev/v1beta1/speakers',
  widgets: '/apis/example.io/v1/widgets',
}

type Where = string | ((answers: Answers) => string)

/** `services/web/status?dryRun=All` is short for the whole path; what begins with a slash is whole already. */
function whole(where: Where): Step['path'] {
  if (typeof where !== 'string') return where
  if (where.startsWith('/')) return where
  const [, plural = '', rest = ''] = /^([a-z]+)(.*)$/s.exec(where) ?? []
  const base = pathsOf[plural]
  if (base === undefined) throw new Error(`no path is known for ${plural}`)
  return base + rest
}

const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'

export const get = (where: Where): Step => ({ method: 'GET', path: whole(where) })
export const table = (where: Where): Step => ({ method: 'GET', path: whole(where), accept: tableAccept })
export const post = (where: Where, body: unknown): Step => ({ method: 'POST', path: whole(where), body })
export const put = (where: Where, body: unknown): Step => ({ method: 'PUT', path: whole(where), body })
export const del = (where: Where, body?: unknown): Step => ({ method: 'DELETE', path: whole(where), body })

function patcher(contentType: string): (where: Where, body: unknown) => Step {
  return (where, body) => ({ method: 'PATCH', path: whole(where), body, contentType })
}

export const merge = patcher('application/merge-patch+json')
export const json = patcher('application/json-patch+json')
export const strategic = patcher('application/strategic-merge-patch+json')
export const apply = patcher('application/apply-patch+yaml')

/** What happens to a step's answers while nothing else is asked. */
export const watched = (where: Where): Step => ({ method: 'WATCH', path: whole(where) })

/** What something is when it has become so. */
export const becomes = (where: Where, isSo: (object: Loose) => boolean): Step => ({
  ...get(where),
  until: (status, object) => status === 200 && isSo(object),
})
export const gone = (where: Where): Step => ({ ...get(where), until: (status) => status === 404 })

/** What an earlier step answered, perhaps changed. */
export function answer(place: number, change: (object: Loose) => unknown = (object) => object) {
  return (answers: Answers): unknown => change(structuredClone(answers[place] ?? ({} as Loose)))
}

/** An answer as it is compared: the status, the headers that say something, the body. */
export interface Seen {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const spoken = ['content-type', 'warning', 'retry-after', 'allow'] as const

function bodyOf({ body }: Step, answers: Answers): unknown {
  return typeof body === 'function' ? (body as (answers: Answers) => unknown)(answers) : body
}

function inNamespace(body: unknown, namespace: string): unknown {
  if (body === undefined || Buffer.isBuffer(body)) return body
  return JSON.parse(JSON.stringify(body).replaceAll('{ns}', namespace)) as unknown
}

/** A bookmark is at a version of the whole cluster, and may come at any time but where it marks a place. */
function eventOf(line: string): unknown {
  const event = JSON.parse(line) as WatchEvent
  if (event.type !== 'BOOKMARK') return event
  if (event.object.metadata['annotations'] === undefined) return undefined
  const metadata = { ...event.object.metadata, resourceVersion: '<bookmark>' }
  return { ...event, object: { ...event.object, metadata } }
}

const untold: Seen = { status: 0, headers: {}, body: undefined }

/** Runs a sequence in a namespace and answers what was seen of each step. */
export async function play(api: ApiClient, steps: readonly Step[], namespace: string): Promise<Seen[]> {
  const answers: Loose[] = []
  const seen: Seen[] = []
  for (const step of steps) {
    const reply = await take(api, step, answers, namespace)
    answers.push(reply.object)
    seen.push(step.isUntold === true ? untold : seenOf(step, reply))
  }
  return seen
}

async function take(
  api: ApiClient,
  step: Step,
  answers: Answers,
  namespace: string,
): Promise<Awaited<ReturnType<ApiClient['request']>>> {
  const { method, contentType, accept, userAgent, until } = step
  const place = typeof step.path === 'string' ? step.path : step.path(answers)
  const path = place.replaceAll('{ns}', namespace)
  const body = inNamespace(bodyOf(step, answers), namespace)
  const extras = {
    ...(contentType && { contentType }),
    ...(accept && { accept }),
    ...(userAgent && { userAgent }),
  }
  for (let tries = 1; ; tries++) {
    const reply = await api.request(method === 'WATCH' ? 'GET' : method, path, body, extras)
    if (until === undefined || until(reply.status, reply.object)) return reply
    if (tries === 300) throw new Error(`${path} never became what was waited for: ${reply.text}`)
    await setTimeout(100)
  }
}

function seenOf({ method }: Step, reply: Awaited<ReturnType<ApiClient['request']>>): Seen {
  const told = spoken
    .map((name) => [name, reply.headers.get(name)] as const)
    .filter(([, value]) => value !== null)
  const { status, object, text } = reply
  const lines = text.trim().split('\n').filter(Boolean)
  const isStream = method === 'WATCH' && status === 200
  return {
    status,
    headers: Object.fromEntries(told) as Record<string, string>,
    body: isStream ? lines.map(eventOf).filter((event) => event !== undefined) : object,
  }
}
