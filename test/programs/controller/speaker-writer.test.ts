import { expect, test } from 'vitest'
import type { SpeakerSpec } from '../../../src/core/api/speaker.ts'
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

/** A writer that knows version 10 of a Speaker, before an API server that has something else. */
function writerBefore(answers: readonly (KubernetesObject | ApiError)[]) {
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
    plan: { specFor: () => placed },
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
  return { write, asked, heard, problems }
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
