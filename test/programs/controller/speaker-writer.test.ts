import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { SpeakerSpec } from '../../../src/core/api/speaker-spec.ts'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import type { ContactLog } from '../../../src/platform/kubernetes/contact-log.ts'
import type { KubernetesObject } from '../../../src/platform/kubernetes/object.ts'
import { Cluster } from '../../../src/programs/controller/cluster.ts'
import { projectSpeaker } from '../../../src/programs/controller/projections.ts'
import { SpeakerWriter } from '../../../src/programs/controller/speaker-writer.ts'

const placed: SpeakerSpec = {
  revision: 1,
  addresses: [{ address: '10.0.0.200', revision: 1, pool: 'lab', services: ['default/web'] }],
}

function speaker(resourceVersion: string, content: object = {}): KubernetesObject {
  return { metadata: { name: 'n1', uid: 'u1', resourceVersion }, ...content }
}

/** A share of so many addresses. */
function share(count: number): SpeakerSpec {
  const entry = { revision: 1, pool: 'lab', services: ['default/web'] }
  const addresses = Array.from({ length: count }, (_, at) => ({
    ...entry,
    address: `10.0.${at >> 8}.${at & 255}`,
  }))
  return { revision: 1, addresses }
}

/** A writer that knows version 10 of a Speaker, before an API server that has something else. */
function writerBefore(
  answers: readonly (KubernetesObject | ApiError)[],
  specFor: () => SpeakerSpec = () => placed,
) {
  const asked: string[] = []
  const heard: string[] = []
  const problems: string[] = []
  const left = [...answers]
  const request = async (verb: string): Promise<unknown> => {
    asked.push(verb)
    const answer = left.shift()
    if (!answer || answer instanceof ApiError) throw answer ?? new Error('nothing more was to be asked')
    return answer
  }
  const api = { request } as unknown as Api
  const ignored = (): void => undefined
  const cluster = new Cluster(api, {} as ContactLog)
  cluster.tell({
    service: ignored,
    pool: ignored,
    node: ignored,
    slice: ignored,
    namespace: ignored,
    speaker: (change) => {
      const from = change.kind === 'changed' ? change.before.resourceVersion : ''
      heard.push(`${from}>${change.object.resourceVersion}`)
    },
  })
  cluster.speakers.set(projectSpeaker(speaker('10')))
  let written = 0
  const writer = new SpeakerWriter({
    api,
    speakers: cluster.speakers,
    plan: { specFor },
    mayWrite: () => true,
    onRead: (record) => cluster.noteSpeaker(record),
    onWritten: () => written++,
    onProblem: (error) => problems.push(error.message),
  })
  const write = async (): Promise<number> => {
    writer.request('n1')
    await expect.poll(() => written + problems.length).toBeGreaterThan(0)
    await writer[Symbol.asyncDispose]()
    return written
  }
  return { writer, write, asked, heard, problems, written: () => written }
}

const conflict = new ApiError('stale', { status: 409, reason: 'Conflict' })

test('what a speaker wrote in the moment of our write is told as news, and then written over nothing', async () => {
  const { write, asked, heard } = writerBefore([
    conflict,
    speaker('11', { status: { interfaces: [] } }),
    speaker('12', { spec: placed }),
  ])
  expect(await write()).toBe(1)
  expect(asked).toEqual(['PATCH', 'GET', 'PATCH'])
  expect(heard).toEqual(['10>11'])
})

test('a conflict with nothing newer to see is a failure, and not met again and again without a pause', async () => {
  const { write, problems } = writerBefore([conflict, speaker('10')])
  expect(await write()).toBe(0)
  expect(problems[0]).toBe('stale')
})

test('addresses that come one after the other to a node that has many are written together', async () => {
  let wanted = share(1000)
  const answers = Array.from({ length: 9 }, (_, at) => speaker(`${at + 11}`))
  const { writer, written } = writerBefore(
    answers.map((answer, at) => ({ ...answer, spec: share(at === 0 ? 1000 : 1006) })),
    () => wanted,
  )
  writer.request('n1')
  await expect.poll(written).toBe(1)
  for (let count = 1001; count <= 1006; count++) {
    wanted = share(count)
    writer.request('n1')
    await setTimeout(1)
  }
  await expect.poll(written).toBe(2)
  writer.request('n1')
  await setTimeout(150)
  expect(written()).toBe(2)
  await writer[Symbol.asyncDispose]()
})
