import { describe, expect, it } from 'vitest'
import { Leasing } from '../../../src/core/allocation/leasing.ts'
import type { LeasingPool, LeasingService, LeasingView } from '../../../src/core/allocation/leasing.ts'
import { readService } from '../../../src/core/allocation/service.ts'
import type { ServiceObject } from '../../../src/core/allocation/service.ts'
import type { AddressPoolStatus } from '../../../src/core/api/address-pool.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import type { Labels } from '../../../src/core/pool/selector.ts'
import { pool } from '../pool/build.ts'
import { addresses, outcomeOf, start } from './build.ts'

function serviceOf(key: string, spec: object = {}, status: object = {}): LeasingService {
  const [namespace = '', name = ''] = key.split('/')
  const metadata = { namespace, name, creationTimestamp: '2024-01-01T00:00:00Z' }
  const object = { metadata, spec: { type: 'LoadBalancer', ...spec }, status } as ServiceObject
  return { key, uid: `u-${key}`, facts: readService(object) }
}

function poolRecord(content: Pool, more: Partial<LeasingPool> = {}): LeasingPool {
  const createdAt = '2024-01-01T00:00:00Z'
  return { pool: content, createdAt, wasReady: false, resourceVersion: '1', status: {}, ...more }
}

class Cluster implements LeasingView {
  readonly services = new Map<string, LeasingService>()
  readonly pools = new Map<string, LeasingPool>()
  readonly namespaces = new Map<string, { readonly labels: Labels }>()

  with(...services: readonly LeasingService[]): this {
    for (const each of services) this.services.set(each.key, each)
    return this
  }

  pooled(content: Pool, more: Partial<LeasingPool> = {}): this {
    this.pools.set(content.name, poolRecord(content, more))
    return this
  }

  leasing(classLess = true): Leasing {
    return new Leasing(this, { classLess }, start)
  }
}

function has(leasing: Leasing, key: string): string {
  return outcomeOf(leasing.decisionOf(key))
}

const lab = pool('lab', '10.0.0.1-10.0.0.2', { retain: '1m' })

describe('leasing', () => {
  it('decides the Services that are ours, and no others', () => {
    const other = serviceOf('a/other', { loadBalancerClass: 'example.com/x' })
    const view = new Cluster()
      .pooled(lab)
      .with(serviceOf('a/1'), other, serviceOf('a/ip', { type: 'ClusterIP' }))
    expect([...view.leasing().allocation.decisions.keys()]).toEqual(['a/1'])
    expect([...view.leasing(false).allocation.decisions.keys()]).toEqual([])
    expect(has(view.leasing(), 'a/other')).toBe('release')
  })

  it('decides a Service that was answered and is ours no more', () => {
    const conditions = [
      {
        type: 'lanlord.dev/Allocated',
        status: 'True',
        reason: 'Assigned',
        message: '',
        lastTransitionTime: '',
      },
    ]
    const view = new Cluster().pooled(lab).with(serviceOf('a/1', { type: 'ClusterIP' }, { conditions }))
    expect([...view.leasing().allocation.decisions.keys()]).toEqual(['a/1'])
  })

  it('follows Services that come, change and go', () => {
    const leasing = new Cluster().pooled(lab).leasing()
    expect([...leasing.service(serviceOf('a/1'), start).keys()]).toEqual(['a/1'])
    expect(has(leasing, 'a/1')).toBe('10.0.0.1')
    leasing.service(serviceOf('a/1', { type: 'ClusterIP' }), start)
    expect([has(leasing, 'a/1'), leasing.dueAt]).toEqual(['release', start + 60_000])
    expect([...leasing.serviceGone(serviceOf('a/1'), start).keys()]).toEqual([])
  })

  it('serves those that wait in the order in which they came, when they are of one second', () => {
    const leasing = new Cluster().pooled(pool('one', '10.0.0.1')).leasing()
    for (const key of ['a/1', 'a/z', 'a/b']) leasing.service(serviceOf(key), start)
    leasing.service(serviceOf('a/z'), start)
    leasing.serviceGone(serviceOf('a/1'), start)
    expect(has(leasing, 'a/z')).toBe('10.0.0.1')
  })

  it('serves those that were there at the start by name, in whatever order they were read', () => {
    const view = new Cluster().pooled(pool('one', '10.0.0.1')).with(serviceOf('a/2'), serviceOf('a/1'))
    expect(has(view.leasing(), 'a/1')).toBe('10.0.0.1')
  })

  it('ends what is retained when its time is over', () => {
    const leasing = new Cluster()
      .pooled(pool('lab', '10.0.0.1', { retain: '1m' }))
      .with(serviceOf('a/1'))
      .leasing()
    leasing.service(serviceOf('a/2'), start)
    leasing.serviceGone(serviceOf('a/1'), start)
    expect([...leasing.lapse(leasing.dueAt).keys()]).toEqual(['a/2'])
    expect([has(leasing, 'a/2'), leasing.dueAt]).toEqual(['10.0.0.1', Infinity])
  })

  it('takes up what the pools remember, what was left behind, and what is in quarantine', () => {
    const status: AddressPoolStatus = {
      remembered: [
        { address: '10.0.0.1', service: 'a/1', freedAt: '2024-05-31T23:59:30Z' },
        { address: 'nonsense', service: 'a/9', freedAt: '2024-05-31T23:59:30Z' },
        { address: '10.0.0.2', service: 'a/9', freedAt: 'nonsense' },
      ],
      quarantine: [
        { address: '10.0.0.4', mac: '02:00:00:00:00:99', seen: '2024-05-31T00:00:00Z' },
        { address: 'nonsense', mac: '02:00:00:00:00:99', seen: '2024-05-31T00:00:00Z' },
      ],
    }
    const wide = pool('lab', '10.0.0.1-10.0.0.5', { retain: '1m' })
    const view = new Cluster().pooled(wide, { status }).with(serviceOf('a/3'))
    const gone = [{ address: addresses('10.0.0.3')[0]!, service: 'a/8', freedAt: start }]
    const leasing = new Leasing(
      { services: view.services, pools: view.pools, namespaces: view.namespaces, gone },
      { classLess: true },
      start,
    )
    expect([has(leasing, 'a/3'), leasing.dueAt]).toEqual(['10.0.0.5', start + 30_000])
    const [seen] = [...leasing.allocation.ledger.quarantined.values()].map((each) => each.seen)
    expect(seen).toBe(Date.UTC(2024, 4, 31))
    leasing.service(serviceOf('a/1'), start)
    leasing.service(serviceOf('a/4'), start)
    expect([has(leasing, 'a/1'), has(leasing, 'a/4'), leasing.dueAt]).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      start + 60_000,
    ])
  })

  it('takes in pools that change, the older one first where two overlap', () => {
    const view = new Cluster().with(serviceOf('a/1'))
    const leasing = view.leasing()
    view.pooled(pool('young', '10.0.0.1'), { createdAt: '2024-01-02T00:00:00Z' })
    view.pooled(pool('old', '10.0.0.1-10.0.0.2'))
    leasing.poolsChanged(start)
    expect(leasing.allocation.pools.map(({ name, state }) => `${name} ${state.reason}`)).toEqual([
      'old Accepted',
      'young Overlaps',
    ])
  })

  it('keeps to the pool that was Ready first where two are of one second', () => {
    const view = new Cluster().pooled(pool('z', '10.0.0.1'), { resourceVersion: '9' })
    const leasing = view.leasing()
    view.pooled(pool('a', '10.0.0.1'), { resourceVersion: '1' })
    leasing.poolsChanged(start)
    const settled = leasing.allocation.pools.map(({ name, state }) => `${name} ${state.reason}`)
    expect(settled).toEqual(['z Accepted', 'a Overlaps'])
    const restarted = new Cluster()
      .pooled(pool('a', '10.0.0.1'), { resourceVersion: '2' })
      .pooled(pool('z', '10.0.0.1'), { resourceVersion: 'x', wasReady: true })
      .leasing()
    expect(restarted.allocation.pools.map(({ name }) => name)).toEqual(['z', 'a'])
  })

  it('follows the labels of namespaces', () => {
    const team = pool('team', '10.0.0.1', { namespaceSelectors: [{ matchLabels: { team: 'a' } }] })
    const other = serviceOf('a/other', { loadBalancerClass: 'example.com/x' })
    const view = new Cluster().pooled(team).with(serviceOf('a/1'), serviceOf('b/1'), other)
    const leasing = view.leasing()
    expect(has(leasing, 'a/1')).toBe('NotAdmitted')
    view.namespaces.set('a', { labels: { team: 'a' } })
    expect([...leasing.namespaceChanged('a', start).keys()]).toEqual(['a/1'])
    expect(has(leasing, 'a/1')).toBe('10.0.0.1')
  })
})
