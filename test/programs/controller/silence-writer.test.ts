import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RollCall } from '../../../src/core/election/roll-call.ts'
import { graceMs } from '../../../src/core/election/roll-call.ts'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import type { KubernetesObject } from '../../../src/platform/kubernetes/object.ts'
import { Latest } from '../../../src/programs/controller/latest.ts'
import { projectSpeaker } from '../../../src/programs/controller/projections.ts'
import type { SpeakerRecord } from '../../../src/programs/controller/projections.ts'
import { SilenceWriter } from '../../../src/programs/controller/silence-writer.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2024-01-01T00:01:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

function speaker(version: number, status: 'True' | 'Unknown'): KubernetesObject {
  const conditions = [{ type: 'Ready', status, reason: '', message: '' }]
  const metadata = { name: 'n1', uid: 'u1', resourceVersion: String(version) }
  return { metadata, status: { conditions } } as KubernetesObject
}

const heard = { state: 'present', since: 0, wasHeard: true } as const

/** A writer in a cluster of two, where n2 is heard and n1 is dead since a moment. */
function world() {
  const speakers = new Latest<SpeakerRecord>()
  const sent: { readonly metadata: object; readonly status: object }[] = []
  const plan = { rollCall: new Map() as RollCall }
  const state = { contact: true, mayWrite: true, version: 1, failure: undefined as Error | undefined }
  const request = async (_verb: string, _path: string, { body }: { body: (typeof sent)[number] }) => {
    if (state.failure) throw state.failure
    sent.push(body)
    return speaker(++state.version, 'Unknown')
  }
  const writer = new SilenceWriter({
    api: { request } as unknown as Api,
    speakers,
    plan,
    contact: () => state.contact,
    mayWrite: () => state.mayWrite,
    onWritten: () => undefined,
    onProblem: (error) => {
      throw error
    },
  })
  const call = (
    n1: RollCall extends ReadonlyMap<string, infer P> ? P : never,
    n2: typeof n1 = heard,
  ): void => {
    plan.rollCall = new Map([
      ['n1', n1],
      ['n2', n2],
    ])
    writer.review()
  }
  const dies = () => call({ state: 'gone', since: performance.now(), wasHeard: true })
  /** The speaker itself writes that it is ready. */
  const says = () => speakers.set(projectSpeaker(speaker(++state.version, 'True')))
  says()
  return { writer, sent, state, call, dies, says }
}

test('of a speaker that is gone it says once that nobody hears it, since when, and that it announces nothing', async () => {
  const { sent, dies } = world()
  for (let times = 0; times < 9; times++) {
    dies()
    await vi.advanceTimersByTimeAsync(2_000)
  }
  expect(sent).toMatchObject([
    {
      metadata: { resourceVersion: '2' },
      status: {
        announcing: [],
        count: 0,
        summary: '',
        conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NotHeard' }],
      },
    },
  ])
  const since = new Date(Date.parse('2024-01-01T00:01:00Z') - graceMs).toISOString().slice(0, 19)
  expect(JSON.stringify(sent)).toContain(`since ${since}Z: look at its Pod`)
})

test('one that writes its own status again is left alone until somebody hears it', async () => {
  const { sent, says, dies, call } = world()
  dies()
  await vi.advanceTimersByTimeAsync(5_000)
  for (let times = 0; times < 5; times++) {
    says()
    call({ state: 'present', since: performance.now(), wasHeard: false })
    await vi.advanceTimersByTimeAsync(5_000)
    dies()
    await vi.advanceTimersByTimeAsync(5_000)
  }
  expect(sent.length).toBe(1)
  call(heard)
  dies()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(sent.length).toBe(2)
})

test('one that is heard again in time is left alone', async () => {
  const { sent, dies, call } = world()
  dies()
  await vi.advanceTimersByTimeAsync(1_500)
  call(heard)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([])
})

test('while the API server is away and shortly after, nobody is written off', async () => {
  const { sent, state, dies, call } = world()
  dies()
  state.contact = false
  await vi.advanceTimersByTimeAsync(60_000)
  state.contact = true
  await vi.advanceTimersByTimeAsync(3_900)
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(4_000)
  expect(sent.length).toBe(1)
  const gone = { state: 'gone', since: 0, wasHeard: true } as const
  call(heard)
  call(gone, gone)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent.length).toBe(1)
})

test('a status that changed in that moment is not written over unseen', async () => {
  const { sent, state, dies, call } = world()
  state.failure = new ApiError('stale', { status: 409, reason: 'Conflict' })
  dies()
  await vi.advanceTimersByTimeAsync(2_010)
  call(heard)
  state.failure = undefined
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([])
})

test('without the Lease nothing is written', async () => {
  const { sent, state, dies } = world()
  state.mayWrite = false
  dies()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([])
})
