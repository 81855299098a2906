import { afterEach, expect, test, vi } from 'vitest'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import { createLog } from '../../../src/platform/telemetry/log.ts'
import { statusOf } from '../../../src/programs/speaker/speaker-status.ts'
import { StatusWriter } from '../../../src/programs/speaker/status-writer.ts'

const wire = {
  interfaces: [],
  unused: [],
  twins: [],
  peers: [],
  conflicts: [],
  foreign: [],
  estranged: [],
  strangers: [],
  findings: [],
  trouble: '',
  isPermitted: true,
  announcing: [],
}
const nodeOf = (): undefined => undefined
const gatewaysOf = (): readonly string[] => []
const isWithheld = (): boolean => false

const heldBack = { told: [], isHeldBack: () => false, isUnproven: () => false }

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
    stored: () => ({ uid: 'u1', resourceVersion: '1', key: 'n1', isNotHeard: false }),
    status: () =>
      statusOf({
        node: 'n1',
        globs: [],
        wire,
        observedRevision: ++observedRevision,
        leaving: false,
        kubeProxy: 'Unknown',
        keyTrouble: '',
        nodeOf,
        gatewaysOf,
        isWithheld,
        heldBack,
      }),
    log: createLog({ name: 'speaker', level: 'silent' }),
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

afterEach(() => void vi.useRealTimers())

/** A writer whose requests fail while the API server is away, the times of its requests, and what it logs. */
function writerThroughOutage() {
  vi.useFakeTimers()
  const seen = { isAway: true, sentAt: [] as number[], lines: [] as string[] }
  const request = async () => {
    seen.sentAt.push(Date.now())
    if (seen.isAway) throw new ApiError('connect ECONNREFUSED', { status: 0, reason: 'Unreachable' })
    return { metadata: { name: 'n1', uid: 'u1', resourceVersion: '2' } }
  }
  const write = (line: string): void => {
    const { level, msg, reason, err } = JSON.parse(line) as Readonly<Record<string, unknown>>
    seen.lines.push(`${String(level)} ${String(msg)} ${String(reason)} ${typeof err}`)
  }
  const writer = new StatusWriter({
    api: { request } as unknown as Api,
    node: 'n1',
    ownerUid: () => undefined,
    stored: () => ({ uid: 'u1', resourceVersion: '1', key: 'n1', isNotHeard: false }),
    status: () =>
      statusOf({
        node: 'n1',
        globs: [],
        wire,
        observedRevision: 1,
        leaving: false,
        kubeProxy: 'Unknown',
        keyTrouble: '',
        nodeOf,
        gatewaysOf,
        isWithheld,
        heldBack,
      }),
    log: createLog({ name: 'speaker', level: 'info', destination: { write } }),
  })
  writer.enable()
  return { writer, seen }
}

test('an outage of ten minutes is told in two lines, and costs a request now and then, whatever changes meanwhile', async () => {
  const { writer, seen } = writerThroughOutage()
  using _ = writer
  for (let second = 0; second < 600; second++) {
    writer.request()
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(seen.sentAt.length).toBeGreaterThan(60)
  expect(seen.sentAt.length).toBeLessThan(200)
  const gaps = seen.sentAt.slice(1).map((at, index) => at - (seen.sentAt[index] ?? 0))
  expect(Math.max(...gaps)).toBeLessThan(10_100)
  expect(new Set(gaps).size).toBeGreaterThan(10)
  seen.isAway = false
  await vi.advanceTimersByTimeAsync(10_100)
  expect(seen.lines).toEqual([
    'warn the status of the Speaker object could not be written; trying again connect ECONNREFUSED undefined',
    'info the status of the Speaker object is up to date again undefined undefined',
  ])
})

test('once the API server was heard again, what waits to be written is written at once', async () => {
  const { writer, seen } = writerThroughOutage()
  using _ = writer
  vi.spyOn(Math, 'random').mockReturnValue(0.99)
  await vi.advanceTimersByTimeAsync(60_000)
  seen.isAway = false
  const tried = seen.sentAt.length
  writer.retryNow()
  await vi.advanceTimersByTimeAsync(600)
  expect([seen.sentAt.length - tried, writer.writes]).toEqual([1, 1])
  vi.restoreAllMocks()
})

test('a status that the controller wrote over is written again, once for each time', async () => {
  let stored = { uid: 'u1', resourceVersion: '1', key: 'n1', isNotHeard: false }
  let version = 1
  const request = async () => {
    return { metadata: { name: 'n1', uid: 'u1', resourceVersion: String(++version) } }
  }
  using writer = new StatusWriter({
    api: { request } as unknown as Api,
    node: 'n1',
    ownerUid: () => undefined,
    stored: () => stored,
    status: () =>
      statusOf({
        node: 'n1',
        globs: [],
        wire,
        observedRevision: 1,
        leaving: false,
        kubeProxy: 'Unknown',
        keyTrouble: '',
        nodeOf,
        gatewaysOf,
        isWithheld,
        heldBack,
      }),
    log: createLog({ name: 'speaker', level: 'silent' }),
  })
  writer.enable()
  for (let times = 0; times < 3; times++) await writer.flush()
  expect(writer.writes).toBe(1)
  for (const each of [2, 3]) {
    stored = { ...stored, resourceVersion: String(++version), isNotHeard: true }
    for (let times = 0; times < 3; times++) await writer.flush()
    expect(writer.writes).toBe(each)
  }
  stored = { ...stored, resourceVersion: String(version), isNotHeard: false }
  await writer.flush()
  expect(writer.writes).toBe(3)
})
