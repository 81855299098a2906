import { expect, test } from 'vitest'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import { statusOf } from '../../../src/programs/speaker/speaker-status.ts'
import { StatusWriter } from '../../../src/programs/speaker/status-writer.ts'

const wire = { interfaces: [], peers: [], conflicts: [], trouble: '', announcing: [] }

/** A writer whose status is another one each time, and the requests that wait for their answer. */
function slowWriter() {
  const open: ((answer: object) => void)[] = []
  const versions: string[] = []
  type Options = { readonly body: { readonly metadata: { readonly resourceVersion: string } } }
  const request = (verb: string, _path: string, options?: Options) => {
    versions.push(options?.body.metadata.resourceVersion ?? verb)
    return new Promise((resolve, reject) => {
      open.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
    })
  }
  let observedRevision = 0
  const writer = new StatusWriter({
    api: { request } as unknown as Api,
    node: 'n1',
    ownerUid: () => undefined,
    stored: () => ({ uid: 'u1', resourceVersion: '1', key: 'n1' }),
    status: () => statusOf({ node: 'n1', wire, observedRevision: ++observedRevision, leaving: false }),
    onProblem: (error) => {
      throw error
    },
  })
  writer.enable()
  const answer = async (next: string | Error): Promise<void> => {
    await expect.poll(() => open.length).toBeGreaterThan(0)
    const metadata = { name: 'n1', uid: 'u1', resourceVersion: next }
    open.shift()?.(next instanceof Error ? next : { metadata })
  }
  return { writer, versions, answer }
}

test('writes wait for one another, so that each is made for what the one before it left', async () => {
  const { writer, versions, answer } = slowWriter()
  using _ = writer
  const all = [writer.flush(), writer.flush(), writer.flush()]
  for (const version of ['2', '3', '4']) await answer(version)
  await Promise.all(all)
  expect(versions.slice(0, 3)).toEqual(['1', '2', '3'])
})

const conflict = new ApiError('stale', { status: 409, reason: 'Conflict' })

test('a status that comes to a version that is no more is written to the newest one at once', async () => {
  const { writer, versions, answer } = slowWriter()
  using _ = writer
  const written = writer.flush()
  for (const next of [conflict, '7', '8']) await answer(next)
  await written
  expect([versions.slice(0, 3), writer.writes]).toEqual([['1', 'GET', '7'], 1])
})

test('a conflict with nothing newer to see is not met again and again without a pause', async () => {
  const { writer, versions, answer } = slowWriter()
  using _ = writer
  const written = writer.flush()
  for (const next of [conflict, '1']) await answer(next)
  await written
  expect([versions, writer.writes]).toEqual([['1', 'GET'], 0])
})
