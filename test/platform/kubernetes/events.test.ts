import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { Api } from '../../../src/platform/kubernetes/api.ts'
import { plainConfig } from '../../../src/platform/kubernetes/config.ts'
import { EventRecorder } from '../../../src/platform/kubernetes/events.ts'
import type { EventRecord, EventRecorderOptions } from '../../../src/platform/kubernetes/events.ts'
import { refuse, reset } from './evil-server.ts'
import { until } from './until.ts'

interface Written {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown> & { readonly metadata?: { readonly name: string } }
}

const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function scene(options: Partial<EventRecorderOptions> = {}) {
  const written: Written[] = []
  const next: ((response: ServerResponse) => void)[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await json(request)) as Written['body']
    written.push({ method: request.method ?? '', path: request.url ?? '', body })
    const evil = next.shift()
    if (evil) evil(response)
    else response.writeHead(201).end(JSON.stringify(body))
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const api = new Api(plainConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  const problems: string[] = []
  const recorder = new EventRecorder(api, {
    reportingController: 'lanlord.dev/controller',
    reportingInstance: 'controller-0',
    onProblem: (error) => problems.push(error.message),
    backoff: { baseMs: 2, capMs: 10 },
    ...options,
  })
  ends.push(async () => {
    await recorder.close()
    await api.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { recorder, written, next, problems }
}

function assigned(name: string, note = `${name} has 192.168.10.200 from pool lan`): EventRecord {
  const regarding = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name, uid: `uid-of-${name}` }
  return { regarding, type: 'Normal', reason: 'Assigned', action: 'Allocate', note }
}

describe('an event', () => {
  it('have names that sort by time and fit, for kubectl describe lists them by name', async () => {
    const { recorder, written } = await scene()
    const name = 'w'.repeat(253)
    for (const note of ['c', 'a', 'b', 'd', 'e']) recorder.record(assigned(name, note))
    await recorder.flush()
    const names = written.map(({ body }) => body.metadata?.name ?? '')
    expect(names).toHaveLength(5)
    expect(names.toSorted()).toEqual(names)
    for (const each of names) expect(each.length).toBeLessThanOrEqual(253)
  })

  it('is written beside its object with all that the API wants', async () => {
    const { recorder, written } = await scene()
    recorder.record(assigned('web'))
    await recorder.flush()
    expect(written).toHaveLength(1)
    expect(written[0]).toMatchObject({
      method: 'POST',
      path: '/apis/events.k8s.io/v1/namespaces/shop/events',
    })
    expect(written[0]?.body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      type: 'Normal',
      reason: 'Assigned',
      action: 'Allocate',
      note: 'web has 192.168.10.200 from pool lan',
      regarding: { kind: 'Service', name: 'web', uid: 'uid-of-web' },
      reportingController: 'lanlord.dev/controller',
      reportingInstance: 'controller-0',
    })
    expect(written[0]?.body['eventTime']).toMatch(/\.\d{6}Z$/)
    expect(written[0]?.body.metadata?.name).toMatch(/^web\.[0-9a-f]{22}$/)
  })

  it('about an object without namespace is kept in default', async () => {
    const { recorder, written } = await scene()
    recorder.record({
      ...assigned('lan'),
      regarding: { apiVersion: 'lanlord.dev/v1beta1', kind: 'AddressPool', name: 'lan' },
    })
    await recorder.flush()
    expect(written[0]?.path).toBe('/apis/events.k8s.io/v1/namespaces/default/events')
  })

  it('that repeats becomes a series on the first one', async () => {
    const { recorder, written } = await scene()
    for (let i = 0; i < 3; i++) {
      recorder.record(assigned('web'))
      await recorder.flush()
    }
    expect(written.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH'])
    expect(written[2]?.path).toBe(`${written[0]?.path}/${written[0]?.body.metadata?.name}`)
    expect(written[2]?.body['series']).toMatchObject({ count: 3 })
  })

  it('that repeats faster than it is sent is written once with its count', async () => {
    const { recorder, written } = await scene()
    for (let i = 0; i < 100; i++) recorder.record(assigned('web'))
    await recorder.flush()
    expect(written.map(({ body }) => body['series'])).toEqual([
      undefined,
      expect.objectContaining({ count: 100 }),
    ])
  })

  it('with another note, object or reason is another event', async () => {
    const { recorder, written } = await scene()
    recorder.record(assigned('web'))
    recorder.record(assigned('web', 'web has 192.168.10.201 from pool lan'))
    recorder.record(assigned('api'))
    recorder.record({ ...assigned('web'), reason: 'Kept' })
    await recorder.flush()
    expect(new Set(written.map(({ method, body }) => `${method} ${body.metadata?.name}`)).size).toBe(4)
  })

  it('that repeats after a long silence is a new one', async () => {
    const { recorder, written } = await scene({ seriesMs: 0 })
    recorder.record(assigned('web'))
    await recorder.flush()
    recorder.record(assigned('web'))
    await recorder.flush()
    expect(written.map(({ method }) => method)).toEqual(['POST', 'POST'])
  })

  it('whose series the server has forgotten is written anew', async () => {
    const { recorder, written, next } = await scene()
    recorder.record(assigned('web'))
    await recorder.flush()
    next.push(refuse(404, 'NotFound'))
    recorder.record(assigned('web'))
    await recorder.flush()
    expect(written.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'POST'])
    expect(written[2]?.body['series']).toBeUndefined()
    expect(written[2]?.body.metadata?.name).not.toBe(written[0]?.body.metadata?.name)
  })

  it('whose answer was lost is not told twice', async () => {
    const { recorder, written, next, problems } = await scene()
    next.push(reset, refuse(409, 'AlreadyExists'))
    recorder.record(assigned('web'))
    await recorder.flush()
    recorder.record(assigned('web'))
    await recorder.flush()
    expect(written.map(({ method }) => method)).toEqual(['POST', 'POST', 'PATCH'])
    expect(written[1]?.body).toEqual(written[0]?.body)
    expect(problems).toEqual([])
  })

  it('is given up after some attempts, at once when refused, and does not keep the next one back', async () => {
    const { recorder, written, next, problems } = await scene({ attempts: 3 })
    next.push(
      refuse(500, 'InternalError'),
      reset,
      refuse(503, 'ServiceUnavailable'),
      refuse(403, 'Forbidden'),
    )
    for (const name of ['tried', 'forbidden', 'fine']) recorder.record(assigned(name))
    await recorder.flush()
    expect(written).toHaveLength(5)
    expect(recorder.dropped).toBe(2)
    expect(problems[0]).toContain('the event Assigned of Service tried was not sent')
    expect(problems[1]).toContain('forbidden')
  })

  it('is cut to the bytes that the API allows, between characters', async () => {
    const { recorder, written } = await scene()
    recorder.record(assigned('web', '🐙'.repeat(400)))
    await recorder.flush()
    const note = String(written[0]?.body['note'])
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024)
    expect(note).toMatch(/^🐙+…$/u)
  })
})

describe('a recorder', () => {
  it('drops what is too much and goes on', async () => {
    const { recorder, written } = await scene({ limit: 10 })
    for (let i = 0; i < 50; i++) recorder.record(assigned(`service-${i}`))
    await recorder.flush()
    expect(written.length + recorder.dropped).toBe(50)
    expect(recorder.dropped).toBeGreaterThanOrEqual(39)
    recorder.record(assigned('afterwards'))
    await recorder.flush()
    expect(written.at(-1)?.body.metadata?.name).toContain('afterwards')
  })

  it('sends as many at the same time as it may now, and goes on when that becomes fewer', async () => {
    let most = 3
    const stuck: ServerResponse[] = []
    const { recorder, written, next } = await scene({ pace: () => ({ lanes: most, pauseMs: 0 }) })
    for (let i = 0; i < 3; i++) next.push((response) => stuck.push(response))
    for (let i = 0; i < 9; i++) recorder.record(assigned(`service-${i}`))
    await until('three are on their way', () => stuck.length === 3)
    expect(written).toHaveLength(3)
    most = 1
    for (const response of stuck) response.writeHead(201).end('{}')
    await recorder.flush()
    expect(written).toHaveLength(9)
    expect(recorder.dropped).toBe(0)
  })

  it('never has two writes of one series on their way', async () => {
    const stuck: ServerResponse[] = []
    const { recorder, written, next } = await scene({ pace: () => ({ lanes: 4, pauseMs: 0 }) })
    next.push((response) => stuck.push(response))
    recorder.record(assigned('web'))
    await until('it is on its way', () => stuck.length === 1)
    recorder.record(assigned('web'))
    recorder.record(assigned('other'))
    await until('the other was sent', () => written.length === 2)
    stuck[0]?.writeHead(201).end('{}')
    await recorder.flush()
    expect(written.map(({ method, body }) => [method, body['series'] !== undefined])).toEqual([
      ['POST', false],
      ['POST', false],
      ['PATCH', true],
    ])
  })

  it('lets namespaces take turns', async () => {
    const { recorder, written } = await scene()
    for (let i = 0; i < 20; i++) recorder.record(assigned(`service-${i}`))
    const elsewhere = assigned('elsewhere')
    recorder.record({ ...elsewhere, regarding: { ...elsewhere.regarding, namespace: 'other' } })
    await recorder.flush()
    expect(written.slice(0, 3).some(({ path }) => path.includes('/other/'))).toBe(true)
  })

  it('that is closed sends what waits, but does not wait for ever', async () => {
    const { recorder, written, next } = await scene()
    recorder.record(assigned('web'))
    await recorder.close()
    expect(written).toHaveLength(1)
    const stuck = await scene()
    stuck.next.push(() => undefined)
    stuck.recorder.record(assigned('stuck'))
    stuck.recorder.record(assigned('behind'))
    await until('it was sent', () => stuck.written.length === 1)
    await stuck.recorder.close(10)
    expect(stuck.recorder.dropped).toBe(2)
    expect(next).toEqual([])
  })
})
