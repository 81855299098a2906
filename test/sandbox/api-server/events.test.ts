import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { startApi } from './ground.ts'

let api: ApiClient & AsyncDisposable
const core = '/api/v1/namespaces/default/events'
const events = '/apis/events.k8s.io/v1/namespaces/default/events'
const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

const event = {
  metadata: { name: 'web.1' },
  eventTime: '2025-01-01T00:00:00.000000Z',
  type: 'Normal',
  reason: 'Assigned',
  action: 'Allocate',
  note: 'assigned 192.0.2.1',
  reportingController: 'lanlord.dev/controller',
  reportingInstance: 'a',
  regarding: { kind: 'Service', name: 'web', namespace: 'default', uid: 'u1' },
}

test('an Event has a shape in each of its two groups and is one object', async () => {
  const made = await api.ok('POST', events, event)
  expect(made).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: event.note, regarding: event.regarding })
  const seen = await api.ok('GET', `${core}/web.1`)
  expect(seen).toMatchObject({ apiVersion: 'v1', message: event.note, involvedObject: event.regarding })
  expect(seen.metadata.uid).toBe(made.metadata.uid)
  const contentType = 'application/merge-patch+json'
  await api.ok(
    'PATCH',
    `${events}/web.1`,
    { series: { count: 2, lastObservedTime: event.eventTime } },
    { contentType },
  )
  expect((await api.ok('GET', `${core}/web.1`))['series']).toMatchObject({ count: 2 })
  // kubectl get events --sort-by=.lastTimestamp shows nothing at all when the field is absent.
  expect(await api.ok('GET', `${core}/web.1`)).toMatchObject({ firstTimestamp: null, lastTimestamp: null })
})

test('Events are found by what they are about, in both groups', async () => {
  const inCore = await api.ok('GET', `${core}?fieldSelector=involvedObject.uid%3Du1`)
  const inEvents = await api.ok('GET', `${events}?fieldSelector=regarding.uid%3Du1`)
  const none = await api.ok('GET', `${core}?fieldSelector=involvedObject.uid%3Du2`)
  expect([inCore.items.length, inEvents.items.length, none.items.length]).toEqual([1, 1, 0])
})

test('an Event that says too little is refused', async () => {
  const { status, object } = await api.request('POST', events, {
    metadata: { name: 'bare' },
    regarding: event.regarding,
  })
  expect([status, object.message]).toEqual([
    422,
    'Event "bare" is invalid: [eventTime: Required value, type: Invalid value: "": has invalid value: ]',
  ])
  const { eventTime } = event
  const dated = { metadata: { name: 'bare' }, type: 'Normal', eventTime, regarding: event.regarding }
  const again = await api.request('POST', events, dated)
  for (const field of ['reportingController', 'reportingInstance', 'action', 'reason']) {
    expect(again.object.message).toContain(`${field}: Required value`)
  }
})

test('the times of a Lease have six digits behind the point', async () => {
  const lease = (renewTime: string): object => ({
    metadata: { name: 'leader' },
    spec: { holderIdentity: 'a', renewTime },
  })
  expect((await api.request('POST', leases, lease(new Date().toISOString()))).status).toBe(400)
  const made = await api.ok('POST', leases, lease('2025-01-01T00:00:00.123456Z'))
  const stale = { ...made, metadata: { ...made.metadata, resourceVersion: '1' } }
  expect((await api.request('PUT', `${leases}/leader`, stale)).status).toBe(409)
})
