import { createServer } from 'node:http'
import type { RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { LeaseHolder } from '../../../src/platform/kubernetes/lease.ts'
import type { LeaseOptions } from '../../../src/platform/kubernetes/lease.ts'
import type { Lease } from '../../../src/platform/kubernetes/lease-record.ts'
import { lineOf, refuse } from './evil-server.ts'
import { until } from './until.ts'

const collection = '/apis/coordination.k8s.io/v1/namespaces/lanlord-system/leases'
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** One Lease as an API server keeps it, with a watch. */
function leaseServer() {
  const state = { lease: undefined as Lease | undefined, namespaceExists: true, asked: new Set<string>() }
  const watchers = new Set<ServerResponse>()
  let version = 0
  const write = (lease: Lease, type: string) => {
    const written = {
      ...lease,
      metadata: { ...lease.metadata, uid: 'u', resourceVersion: String(++version) },
    }
    state.lease = written
    for (const watcher of watchers) watcher.write(lineOf({ type, object: written }))
    return JSON.stringify(written)
  }
  const writing: Record<string, (sent: Lease) => ((response: ServerResponse) => void) | string> = {
    POST: (sent) => {
      if (!state.namespaceExists) return refuse(404, 'NotFound')
      return state.lease ? refuse(409, 'AlreadyExists') : write(sent, 'ADDED')
    },
    PUT: (sent) => {
      const isStale = sent.metadata.resourceVersion !== state.lease?.metadata.resourceVersion
      return isStale ? refuse(409, 'Conflict') : write(sent, 'MODIFIED')
    },
  }
  const listener: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '', 'http://server')
    const isWatch = url.searchParams.get('watch') === 'true'
    state.asked.add(
      `${isWatch ? 'WATCH' : request.method} ${url.pathname} ${url.searchParams.get('fieldSelector') ?? ''}`,
    )
    if (isWatch) {
      response.writeHead(200).flushHeaders()
      watchers.add(response)
    } else if (url.searchParams.has('limit')) {
      const items = state.lease ? [state.lease] : []
      response.end(JSON.stringify({ metadata: { resourceVersion: String(version || 1) }, items }))
    } else if (request.method === 'GET') {
      if (state.lease) response.end(JSON.stringify(state.lease))
      else refuse(404, 'NotFound')(response)
    } else {
      void json(request).then((sent) => {
        const answer = writing[request.method ?? '']?.(sent as Lease)
        if (typeof answer === 'string') response.end(answer)
        else answer?.(response)
      })
    }
  }
  return { state, listener, watchers }
}

async function scene() {
  const { state, listener, watchers } = leaseServer()
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const api = new Api(plainConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  ends.push(() => api.close())
  const join = (identity: string, options: Partial<LeaseOptions> = {}) => {
    const where = { namespace: 'lanlord-system', name: 'lanlord-controller' }
    const holder = new LeaseHolder(api, { ...where, identity, ...options })
    ends.push(() => holder.stop())
    holder.start()
    return holder
  }
  return { state, watchers, join }
}

describe('a Lease of the API server', () => {
  it('is created, and taken over at once by the other one when its holder stops', async () => {
    const { state, watchers, join } = await scene()
    const first = join('first')
    await until('the first holds it', () => first.isHolding())
    const second = join('second')
    await until('both watch it', () => watchers.size === 2 && second.holder === 'first')
    await first.stop()
    expect(first.isHolding()).toBe(false)
    // Polling alone would need up to two seconds.
    await until('the second holds it', () => second.isHolding(), 1_500)
    expect(state.lease?.spec).toMatchObject({ holderIdentity: 'second', leaseTransitions: 1 })
    expect([...state.asked].toSorted((a, b) => a.localeCompare(b))).toEqual([
      `GET ${collection} metadata.name=lanlord-controller`,
      `GET ${collection}/lanlord-controller `,
      `POST ${collection} `,
      `PUT ${collection}/lanlord-controller `,
      `WATCH ${collection} metadata.name=lanlord-controller`,
    ])
  })

  it('in a namespace that is missing is asked for until it is there, with words that mend it', async () => {
    const { state, join } = await scene()
    state.namespaceExists = false
    const problems: string[] = []
    const times = { leaseDurationMs: 1_000, renewDeadlineMs: 500, retryPeriodMs: 10 }
    const holder = join('first', { ...times, onProblem: (error) => problems.push(error.message) })
    await until('it complained', () => problems.length > 0)
    expect(problems).toEqual([
      'the namespace lanlord-system is missing: kubectl create namespace lanlord-system',
    ])
    state.namespaceExists = true
    await until('it is held', () => holder.isHolding())
    expect(problems).toHaveLength(1)
  })
})
