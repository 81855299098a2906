import { afterEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import { namespaceOf } from '../../../src/platform/kubernetes/object.ts'
import { WorkQueue } from '../../../src/platform/kubernetes/work-queue.ts'
import type { WorkQueueOptions } from '../../../src/platform/kubernetes/work-queue.ts'
import { until } from './until.ts'

const queues: WorkQueue[] = []

function queueOf(work: WorkQueueOptions['work'], options: Partial<WorkQueueOptions> = {}): WorkQueue {
  const queue = new WorkQueue({ work, backoff: { baseMs: 4, capMs: 20 }, ...options })
  queues.push(queue)
  return queue
}

afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close()
})

/** Work that goes on until it is let go. */
function held() {
  const waiting: { readonly key: string; readonly done: () => void }[] = []
  const work = (key: string) => new Promise<void>((done) => waiting.push({ key, done }))
  return { waiting, work, letGo: () => waiting.shift()?.done() }
}

describe('a work queue', () => {
  it('works once on a key that was added many times before its turn', async () => {
    const seen: string[] = []
    const queue = queueOf((key) => Promise.resolve(void seen.push(key)))
    for (const key of ['a', 'b', 'a', 'a', 'b']) queue.add(key)
    expect(seen).toEqual([])
    await queue.idle()
    expect(seen).toEqual(['a', 'b'])
  })

  it('works once more, afterwards, on a key that was added while it was worked on', async () => {
    const { waiting, work, letGo } = held()
    const queue = queueOf(work)
    queue.add('a')
    await until('a is worked on', () => waiting.length === 1)
    queue.add('a')
    queue.add('a')
    queue.add('b')
    await until('b is worked on too', () => waiting.length === 2)
    expect(waiting.map(({ key }) => key)).toEqual(['a', 'b'])
    letGo()
    await until('a is worked on again', () => waiting.length === 2)
    expect(waiting.map(({ key }) => key)).toEqual(['b', 'a'])
    letGo()
    letGo()
    await queue.idle()
  })

  it('lets namespaces take turns: thousands that wait in one delay the only one of another by one turn', async () => {
    const seen: string[] = []
    const work = (key: string) => Promise.resolve(void seen.push(key))
    const queue = queueOf(work, { concurrency: 1, groupOf: namespaceOf })
    for (let at = 0; at < 3000; at++) queue.add(`many/${at}`)
    queue.add('few/one')
    for (const key of ['some/a', 'some/b']) queue.add(key)
    await queue.idle()
    expect(seen.slice(0, 6)).toEqual(['many/0', 'few/one', 'some/a', 'many/1', 'some/b', 'many/2'])
    expect(seen.length).toBe(3003)
  })

  it('passes over a namespace whose only key is at work, and works on that key afterwards', async () => {
    const { waiting, work, letGo } = held()
    const queue = queueOf(work, { concurrency: 2, groupOf: namespaceOf })
    queue.add('a/1')
    await until('a/1 is worked on', () => waiting.length === 1)
    queue.add('a/1')
    queue.add('b/1')
    await until('b/1 is worked on too', () => waiting.length === 2)
    letGo()
    await until('a/1 is worked on again', () => waiting.length === 2)
    expect(waiting.map(({ key }) => key)).toEqual(['b/1', 'a/1'])
    letGo()
    letGo()
    await queue.idle()
  })

  it('works on no more keys at a time than it may', async () => {
    let now = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
    }
    const queue = queueOf(work, { concurrency: 3 })
    for (let i = 0; i < 30; i++) queue.add(`key-${i}`)
    await queue.idle()
    expect(most).toBe(3)
  })

  it('tries a key again until it succeeds, and reports each failure with its count', async () => {
    const problems: string[] = []
    let left = 3
    const work = () => (left-- > 0 ? Promise.reject(new Error('not yet')) : Promise.resolve())
    const queue = queueOf(work, {
      onProblem: (error, key, attempt) => problems.push(`${key} ${error.message} ${attempt}`),
    })
    queue.add('a')
    await queue.idle()
    expect(problems).toEqual(['a not yet 1', 'a not yet 2', 'a not yet 3'])
  })

  it('tries again also when the work throws before it waits for anything', async () => {
    let left = 1
    const queue = queueOf(() => {
      if (left-- > 0) throw new Error('at once')
      return Promise.resolve()
    })
    queue.add('a')
    await queue.idle()
    expect(left).toBe(-1)
  })

  it('waits as long as the server asked before it tries again, unless the key is added anew', async () => {
    let tries = 0
    const busy = new ApiError('busy', { status: 429, reason: 'TooManyRequests', retryAfterMs: 100_000 })
    const queue = queueOf(() => (++tries === 1 ? Promise.reject(busy) : Promise.resolve()))
    queue.add('a')
    await until('it was tried', () => tries === 1)
    let idle = false
    void queue.idle().then(() => (idle = true))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect([tries, idle]).toEqual([1, false])
    queue.add('a')
    await until('it was tried again', () => idle)
    expect(tries).toBe(2)
  })

  it('takes the sooner of two delays', async () => {
    let tries = 0
    const queue = queueOf(() => Promise.resolve(void tries++))
    queue.addAfter('a', 100_000)
    queue.addAfter('a', 5)
    queue.addAfter('a', 200_000)
    await queue.idle()
    expect(tries).toBe(1)
  })

  it('that is closed ends what it is at, forgets the rest and takes nothing more', async () => {
    const { waiting, work, letGo } = held()
    const queue = queueOf(work, { concurrency: 1 })
    queue.add('a')
    queue.add('b')
    queue.addAfter('c', 1)
    await until('a is worked on', () => waiting.length === 1)
    const closed = queue.close()
    queue.add('d')
    letGo()
    await closed
    await queue.idle()
    expect(waiting).toEqual([])
  })
})

it('a key that succeeds after it had failed has all others that failed tried again at once', async () => {
  let isAway = true
  const tried: string[] = []
  const work = async (key: string) => {
    tried.push(key)
    if (isAway) throw new Error('away')
  }
  const queue = queueOf(work, { backoff: { baseMs: 1e9, capMs: 1e9 } })
  for (const key of ['a', 'b', 'c']) queue.add(key)
  await until('all have failed', () => tried.length === 3)
  isAway = false
  queue.add('d')
  await until('it was tried', () => tried.length === 4)
  queue.add('b')
  await queue.idle()
  expect(tried).toEqual(['a', 'b', 'c', 'd', 'b', 'a', 'c'])
})
