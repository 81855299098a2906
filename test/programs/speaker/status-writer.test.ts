import { expect, test } from 'vitest'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import { statusOf } from '../../../src/programs/speaker/speaker-status.ts'
import { StatusWriter } from '../../../src/programs/speaker/status-writer.ts'

const wire = { interfaces: [], peers: [], conflicts: [], trouble: '', announcing: [] }

/** A writer whose status is another one each time, and the requests that wait for their answer. */
function slowWriter() {
  const open: ((answer: object) => void)[] = []
  const versions: string[] = []
  const request = (_verb: string, _path: string, { body }: { body: { metadata: object } }) => {
    versions.push((body.metadata as { resourceVersion: string }).resourceVersion)
    return new Promise((resolve) => open.push(resolve))
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
  const answer = async (resourceVersion: string): Promise<void> => {
    await expect.poll(() => open.length).toBeGreaterThan(0)
    open.shift()?.({ metadata: { name: 'n1', uid: 'u1', resourceVersion } })
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
