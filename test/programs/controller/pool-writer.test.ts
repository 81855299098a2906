import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { begin, put, remove } from '../../../src/core/allocation/allocation.ts'
import type { Allocation } from '../../../src/core/allocation/allocation.ts'
import type { Remark } from '../../../src/core/allocation/remark.ts'
import { poolFinalizer } from '../../../src/core/api/names.ts'
import { ApiError } from '../../../src/platform/kubernetes/api-error.ts'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import type { ContactLog } from '../../../src/platform/kubernetes/contact-log.ts'
import type { EventRecord } from '../../../src/platform/kubernetes/events.ts'
import type { KubernetesObject } from '../../../src/platform/kubernetes/object.ts'
import { Cluster } from '../../../src/programs/controller/cluster.ts'
import { PoolWriter } from '../../../src/programs/controller/pool-writer.ts'
import { projectPool } from '../../../src/programs/controller/projections.ts'
import { claim } from '../../core/allocation/build.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** As the API server has it. */
interface Stored extends KubernetesObject {
  readonly spec: { readonly addresses: readonly string[]; readonly retain?: string }
  readonly status?: Readonly<Record<string, unknown>>
}

interface Patch {
  readonly metadata: { readonly resourceVersion: string; readonly finalizers?: readonly string[] }
  readonly status?: Readonly<Record<string, unknown>>
}

/** A writer for the pool lab of two addresses and the Services in it, before an API server that keeps it. */
class Desk {
  readonly asked: string[] = []
  readonly problems: string[] = []
  readonly events: EventRecord[] = []
  readonly cluster: Cluster
  readonly writer: PoolWriter
  readonly allocation: Allocation
  stored: Stored
  remarks: readonly Remark[] = []
  mayWrite = true
  mayMark = true

  constructor(metadata: Partial<KubernetesObject['metadata']> = {}, ...services: readonly string[]) {
    this.stored = {
      metadata: { name: 'lab', uid: 'u1', resourceVersion: '1', generation: 1, ...metadata },
      spec: { addresses: ['10.0.0.1-10.0.0.2'], retain: '1h' },
    }
    const api = { request: (_: string, path: string, { body }: { body: Patch }) => this.#answer(path, body) }
    this.cluster = new Cluster(api as unknown as Api, {} as ContactLog)
    const record = projectPool(this.stored)
    this.cluster.pools.set(record)
    const claims = services.map((name, index) => claim(name, { holds: `10.0.0.${index + 1}` }))
    this.allocation = begin([record.pool], claims, [], 0)
    this.writer = new PoolWriter({
      api: api as unknown as Api,
      pools: this.cluster.pools,
      plan: { allocation: this.allocation, unevennessOf: () => undefined, remarksOn: () => this.remarks },
      mayWrite: () => this.mayWrite,
      record: (event) => this.events.push(event),
      onWritten: () => undefined,
      onProblem: (error) => this.problems.push(error.message),
    })
  }

  /** Lets everything happen that is to happen within so long. */
  async after(ms: number): Promise<void> {
    this.writer.request()
    await vi.advanceTimersByTimeAsync(ms)
  }

  /** Somebody else writes the pool. */
  edited(metadata: Partial<KubernetesObject['metadata']> = {}): void {
    const resourceVersion = String(Number(this.stored.metadata.resourceVersion) + 1)
    this.stored = { ...this.stored, metadata: { ...this.stored.metadata, ...metadata, resourceVersion } }
  }

  async #answer(path: string, { metadata, status }: Patch): Promise<Stored> {
    const what = path.endsWith('/status') ? Object.keys(status ?? {}).join('+') : 'finalizers'
    this.asked.push(what)
    if (what === 'finalizers' && !this.mayMark)
      throw new ApiError('may not patch addresspools', { status: 403, reason: 'Forbidden' })
    if (metadata.resourceVersion !== this.stored.metadata.resourceVersion)
      throw new ApiError('the pool was changed meanwhile', { status: 409, reason: 'Conflict' })
    this.edited(what === 'finalizers' ? { finalizers: metadata.finalizers ?? [] } : {})
    this.stored = { ...this.stored, status: { ...this.stored.status, ...status } }
    return this.stored
  }
}

test('a pool in use is marked first, then its status is written, and then nothing more', async () => {
  const desk = new Desk({}, 'a/web')
  await desk.after(1_000)
  await desk.after(5_000)
  expect(desk.asked).toEqual(['finalizers', 'ipv4+ipv6+waiting+probe+conditions'])
  expect(desk.stored.metadata.finalizers).toEqual([poolFinalizer])
  expect(desk.stored.status).toMatchObject({ ipv4: { total: 2, allocated: 1 } })
})

test('when somebody else wrote the pool meanwhile, it is written for the newer version, and nothing of theirs is lost', async () => {
  const desk = new Desk({}, 'a/web')
  desk.edited({ finalizers: ['example.com/theirs'] })
  await desk.after(20)
  expect([new Set(desk.asked), desk.problems]).toEqual([new Set(['finalizers']), []])
  desk.cluster.pools.set(projectPool(desk.stored))
  await desk.after(1_000)
  expect(desk.stored.metadata.finalizers).toEqual(['example.com/theirs', poolFinalizer])
  expect(desk.stored.status).toMatchObject({ ipv4: { allocated: 1 } })
})

test('the mark goes a while after the last Service, unless another one comes', async () => {
  const desk = new Desk({ finalizers: [poolFinalizer] }, 'a/web')
  await desk.after(1_000)
  remove(desk.allocation, 'a/web', 1_000)
  await desk.after(600)
  put(desk.allocation, claim('a/web'), 1_600)
  await desk.after(5_000)
  remove(desk.allocation, 'a/web', 6_600)
  await desk.after(600)
  expect(desk.stored.metadata.finalizers).toEqual([poolFinalizer])
  await desk.after(1_000)
  expect(desk.stored.metadata.finalizers).toEqual([])
})

test('a pool that is being deleted is let go at once when nobody uses it, and its status is not written any more', async () => {
  const desk = new Desk({ finalizers: [poolFinalizer], deletionTimestamp: '2024-01-01T00:00:00Z' })
  await desk.after(20)
  await desk.after(5_000)
  expect(desk.asked).toEqual(['finalizers'])
  expect(desk.stored.metadata.finalizers).toEqual([])
})

test('a pool that is being deleted keeps its mark and says who uses it', async () => {
  const desk = new Desk({ finalizers: [poolFinalizer], deletionTimestamp: '2024-01-01T00:00:00Z' }, 'a/web')
  await desk.after(5_000)
  expect(desk.asked).toEqual(['ipv4+ipv6+waiting+conditions'])
  const words = expect.stringContaining('held, by a/web')
  expect(desk.stored.status).toMatchObject({ conditions: [{ reason: 'Leaving', message: words }] })
})

test('what changes soon after a write waits its turn; it is written at the end if the end comes first', async () => {
  const desk = new Desk({ finalizers: [poolFinalizer] }, 'a/web', 'a/mail')
  await desk.after(20)
  remove(desk.allocation, 'a/mail', 1_000)
  await desk.after(20)
  expect(desk.stored.status).not.toHaveProperty('remembered')
  await desk.writer[Symbol.asyncDispose]()
  const remembered = [{ address: '10.0.0.2', service: 'a/mail', freedAt: '1970-01-01T00:00:01Z' }]
  expect(desk.stored.status).toMatchObject({ ipv4: { allocated: 1, retained: 1, available: 0 }, remembered })
})

test('one that does not hold the Lease any more writes nothing, not even at the end', async () => {
  const desk = new Desk({}, 'a/web')
  desk.mayWrite = false
  await desk.after(1_000)
  await desk.writer[Symbol.asyncDispose]()
  expect(desk.asked).toEqual([])
})

test('a remark on a pool is told once as an Event, and another one again', async () => {
  const desk = new Desk({ finalizers: [poolFinalizer] }, 'a/web')
  const remark: Remark = { reason: 'NodeAddress', message: '10.0.0.1 is the own address of node one' }
  desk.remarks = [remark]
  await desk.after(1_000)
  await desk.after(1_000)
  desk.remarks = [remark, { reason: 'GatewayAddress', message: '10.0.0.2 is a router' }]
  await desk.after(1_000)
  expect(desk.events.map(({ type, reason, note }) => [type, reason, note])).toEqual([
    ['Warning', 'NodeAddress', remark.message],
    ['Warning', 'GatewayAddress', '10.0.0.2 is a router'],
  ])
  const regarding = { apiVersion: 'lanlord.dev/v1beta1', kind: 'AddressPool', name: 'lab', uid: 'u1' }
  expect(desk.events[0]?.regarding).toEqual(regarding)
})

test('a role that does not let pools be marked does not keep their status from being written, and is reported', async () => {
  const desk = new Desk({}, 'a/web')
  desk.mayMark = false
  await desk.after(20)
  expect(desk.stored.status).toMatchObject({ ipv4: { allocated: 1 } })
  expect(new Set(desk.problems)).toEqual(new Set(['may not patch addresspools']))
})
