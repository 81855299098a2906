import { expect, test } from 'vitest'
import { heldAfter } from '../../../src/core/allocation/decision.ts'
import { poolStatusPatch } from '../../../src/core/allocation/pool-status.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { formatAddress } from '../../../src/core/ip/address.ts'
import type { Api } from '../../../src/platform/kubernetes/api.ts'
import type { ContactLog } from '../../../src/platform/kubernetes/contact-log.ts'
import type { KubernetesObject } from '../../../src/platform/kubernetes/object.ts'
import { Cluster } from '../../../src/programs/controller/cluster.ts'
import { Plan } from '../../../src/programs/controller/plan.ts'
import {
  projectNode,
  projectPool,
  projectService,
  projectSpeaker,
} from '../../../src/programs/controller/projections.ts'

const mac = '02:00:00:00:00:0a'
const seen = '2024-01-01T00:00:00Z'
const second = 1_000
let version = 0

function objectOf(name: string, content: object, where = {}): KubernetesObject {
  const resourceVersion = `${++version}`
  return { metadata: { name, ...where, uid: `u-${name}`, resourceVersion }, ...content }
}

interface Foreign {
  readonly address: string
  readonly withheld?: boolean
}

/** A plan for nodes one and two, a pool, and Services; and what their speakers say of what others answer for. */
class Desk {
  now = performance.now()
  readonly cluster = new Cluster({} as Api, {} as ContactLog)
  readonly plan: Plan

  constructor(status: object = {}, addresses = ['10.0.0.1-10.0.0.3']) {
    for (const name of ['one', 'two']) {
      this.cluster.nodes.set(projectNode(objectOf(name, {})))
      this.cluster.speakers.set(projectSpeaker(this.#speaker(name, [], [])))
    }
    const spec = { addresses }
    this.cluster.pools.set(projectPool(objectOf('lan', { spec, status })))
    this.plan = new Plan(this.cluster, { classLess: true, wallMs: () => 0 })
    this.turn()
  }

  says(node: string, foreign: readonly Foreign[], announcing: readonly string[] = []): void {
    const before = this.cluster.speakers.get(node)
    const object = projectSpeaker(this.#speaker(node, foreign, announcing))
    this.cluster.speakers.set(object)
    if (before) this.plan.speaker({ kind: 'changed', object, before })
    this.turn()
  }

  create(name: string): void {
    const object = projectService(objectOf(name, { spec: { type: 'LoadBalancer' } }, { namespace: 'shop' }))
    this.cluster.services.set(object)
    this.plan.service({ kind: 'added', object })
    this.turn()
  }

  turn(afterMs = 0): void {
    this.now += afterMs
    this.plan.turn(this.now)
  }

  /** What the Service has, or why it has nothing. */
  outcome(name: string): string {
    const decision = this.plan.decisionOf(`shop/${name}`)
    if (!decision) return 'due'
    return heldAfter(decision).map(formatAddress).join() || ('reason' in decision ? decision.reason : '')
  }

  get status() {
    const [pool] = this.plan.allocation.pools as [Pool]
    const standing = { status: {}, generation: 1 }
    return poolStatusPatch(this.plan.allocation, pool, standing, { remarks: [], now: seen })
  }

  #speaker(node: string, foreign: readonly Foreign[], announcing: readonly string[]): KubernetesObject {
    const conditions = [{ type: 'Ready', status: 'True', reason: '', message: '', lastTransitionTime: seen }]
    const peers = [{ node: node === 'one' ? 'two' : 'one', interface: 'eth0', since: seen }]
    const status = {
      conditions,
      peers,
      foreign: foreign.map((each) => ({ ...each, mac, interface: 'eth0', seen })),
      announcing: announcing.map((address) => ({ address, interface: 'eth0' })),
    }
    return objectOf(node, { status })
  }
}

test('what a speaker says that another device has is never given, and stands in the status of the pool', () => {
  const desk = new Desk()
  expect(desk.status?.probe).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3'])
  desk.says('one', [{ address: '10.0.0.1' }])
  desk.create('web')
  expect(desk.outcome('web')).toBe('10.0.0.2')
  expect(desk.status).toMatchObject({
    quarantine: [{ address: '10.0.0.1', mac, seen }],
    ipv4: { quarantined: 1, available: 1 },
    probe: ['10.0.0.3'],
  })
})

test('it is given again ten seconds after no speaker says so any more, to who waits for it', () => {
  const desk = new Desk()
  desk.says('one', [{ address: '10.0.0.1' }])
  for (const name of ['a', 'b', 'c']) desk.create(name)
  expect(desk.outcome('c')).toBe('PoolExhausted')
  desk.says('one', [])
  expect(desk.plan.waitMs(desk.now)).toBeLessThanOrEqual(10 * second)
  desk.turn(9 * second)
  expect(desk.outcome('c')).toBe('PoolExhausted')
  desk.turn(second)
  expect(desk.outcome('c')).toBe('10.0.0.1')
})

test('it stays quarantined while the next speaker says the same', () => {
  const desk = new Desk()
  desk.says('one', [{ address: '10.0.0.1' }])
  desk.says('two', [{ address: '10.0.0.1' }])
  desk.says('one', [])
  desk.turn(60 * second)
  expect(desk.status?.quarantine).toHaveLength(1)
})

test('what stands in the status of the pool at the start is quarantined until the speakers have had time to say otherwise', () => {
  const desk = new Desk({ quarantine: [{ address: '10.0.0.1', mac, seen }] })
  desk.create('web')
  expect(desk.outcome('web')).toBe('10.0.0.2')
  desk.turn(11 * second)
  expect(desk.status?.quarantine).toBeUndefined()
})

test('an address that a node withholds is taken from its Service, which gets another one', () => {
  const desk = new Desk()
  desk.create('web')
  desk.says('one', [{ address: '10.0.0.1', withheld: true }])
  expect(desk.outcome('web')).toBe('10.0.0.2')
})

test('one that another node announces is not taken away, nor one that nobody withholds', () => {
  const desk = new Desk()
  desk.create('web')
  desk.says('two', [], ['10.0.0.1'])
  desk.says('one', [{ address: '10.0.0.1', withheld: true }])
  expect(desk.outcome('web')).toBe('10.0.0.1')
  desk.create('more')
  desk.says('one', [{ address: '10.0.0.2' }])
  expect(desk.outcome('more')).toBe('10.0.0.2')
})

test('a device that answers for whatever is asked is named, as what it is, in the condition of the pool', () => {
  const desk = new Desk({}, ['10.0.0.0/16'])
  const foreign = Array.from({ length: 8 }, (_, at) => ({ address: `10.0.0.${at}` }))
  const [pool] = desk.plan.allocation.pools as [Pool]
  desk.says('one', foreign.slice(1))
  expect(desk.plan.remarksOn(pool)).toEqual([])
  desk.says('one', foreign)
  expect(desk.plan.remarksOn(pool)).toMatchObject([{ reason: 'ProxyArp' }])
  desk.says('one', [])
  desk.turn(11 * second)
  expect(desk.plan.remarksOn(pool)).toEqual([])
})
