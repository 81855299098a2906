import { afterEach, expect, test } from 'vitest'
import { IpBatch } from '../../../src/sandbox/node-agent/ip-batch.ts'

/** The lines only ask: nothing of this machine's network is changed. */
const fine = 'route get 127.0.0.1'

let batch = new IpBatch()
afterEach(() => {
  batch.close()
  batch = new IpBatch()
})

test('a refused line is told with the words of ip, and the lines after it are run all the same', async () => {
  const refused = await batch.run([fine, 'address show dev no-link', fine, 'nonsense'])
  expect(refused).toEqual([
    { line: 'address show dev no-link', message: expect.stringContaining('no-link') },
    { line: 'nonsense', message: expect.stringContaining('nonsense') },
  ])
})

test('batches that are run at the same time each hear of their own lines', async () => {
  const batches = Array.from({ length: 20 }, (_, index) =>
    index % 3 === 0 ? [fine] : [fine, `address show dev no-link-${index}`],
  )
  const results = await Promise.all(batches.map((lines) => batch.run(lines)))
  expect(results.map((refused) => refused.map(({ line }) => line))).toEqual(
    batches.map((lines) => lines.slice(1)),
  )
})

test('when ip gives up over a line it cannot read, those who wait hear of it and the next ones find a new ip', async () => {
  await expect(batch.run(['route get nowhere'])).rejects.toThrow('ip ended before its work was done')
  expect(await batch.run([fine])).toEqual([])
})

test('no lines are no work', async () => {
  expect(await batch.run([])).toEqual([])
})
