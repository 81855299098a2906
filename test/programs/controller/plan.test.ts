import { describe, expect, test } from 'vitest'
import { heldAfter } from '../../../src/core/allocation/decision.ts'
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
  projectSlice,
  projectSpeaker,
} from '../../../src/programs/controller/projections.ts'
import type { SliceRecord } from '../../../src/programs/controller/projections.ts'

function objectOf(name: string, content: object = {}, labels = {}): KubernetesObject {
  return { metadata: { name, namespace: 'shop', uid: `u-${name}`, resourceVersion: '1', labels }, ...content }
}

function serviceOf(name: string, policy = 'Cluster') {
  return projectService(objectOf(name, { spec: { type: 'LoadBalancer', externalTrafficPolicy: policy } }))
}

function sliceOf(name: string, service: string, nodes: readonly string[]): SliceRecord {
  const endpoints = nodes.map((nodeName) => ({ nodeName }))
  return projectSlice(objectOf(name, { endpoints }, { 'kubernetes.io/service-name': service }))
}

/** A plan for nodes one and two, a pool and the Service web; and what it says of a Service. */
function planOf(slices: readonly SliceRecord[] = []) {
  const cluster = new Cluster({} as Api, {} as ContactLog)
  for (const name of ['one', 'two']) cluster.nodes.set(projectNode(objectOf(name)))
  cluster.pools.set(projectPool(objectOf('lan', { spec: { addresses: ['10.0.0.1-10.0.0.9'] } })))
  cluster.services.set(serviceOf('web', 'Local'))
  for (const each of slices) cluster.slices.set(each)
  const plan = new Plan(cluster, { classLess: true, wallMs: () => 0 })
  plan.turn(0)
  const heldBy = (key: string): string | undefined => {
    const decision = plan.decisionOf(key)
    return decision && heldAfter(decision).map(formatAddress).join()
  }
  /** Why nobody announces web. */
  const silence = (): string | undefined => {
    plan.turn(0)
    const decision = plan.decisionOf('shop/web')
    return decision && plan.announcedOf(decision)?.reason
  }
  return { cluster, plan, heldBy, silence }
}

test('a decision is not given out before its addresses are placed', () => {
  const { cluster, plan, heldBy } = planOf()
  expect(heldBy('shop/web')).toBe('10.0.0.1')
  const object = serviceOf('more')
  cluster.services.set(object)
  plan.service({ kind: 'added', object })
  expect([heldBy('shop/web'), heldBy('shop/more')]).toEqual(['10.0.0.1', undefined])
  expect(plan.turn(1)).toContain('shop/more')
  expect(heldBy('shop/more')).toBe('10.0.0.2')
})

test('what serves a Service is what its slices say together, those that were there at the start included', () => {
  const first = sliceOf('a', 'web', ['one'])
  const { plan, silence } = planOf([first, sliceOf('other', 'else', ['two'])])
  expect(silence()).toBe('Pending')
  const second = sliceOf('b', 'web', ['two'])
  plan.slice({ kind: 'added', object: second })
  plan.slice({ kind: 'removed', object: first })
  expect(silence()).toBe('Pending')
  plan.slice({ kind: 'changed', object: sliceOf('b', 'web', []), before: second })
  expect(silence()).toBe('NoEndpoints')
})

test('a slice that goes to another Service serves the former no more', () => {
  const before = sliceOf('a', 'web', ['one'])
  const { plan, silence } = planOf([before])
  plan.slice({ kind: 'changed', object: sliceOf('a', 'else', ['one']), before })
  expect(silence()).toBe('NoEndpoints')
})

describe('an address that is kept for a Service that is gone', () => {
  const hour = 3_600_000
  const began = Date.UTC(2024, 5, 1)

  /**
   * A plan for one address that shop/web had until an hour ago, and for which shop/other waits; and its clocks. Between two
   * questions there is time for all that is done once a second at the most.
   */
  function planWhereGone(spec: object = { retain: '2h' }) {
    const clock = { wallMs: began, monotonicMs: 0 }
    const cluster = new Cluster({} as Api, {} as ContactLog)
    cluster.pools.set(projectPool(objectOf('lan', { spec: { addresses: ['10.0.0.1'], ...spec } })))
    cluster.services.set(serviceOf('web'))
    const plan = new Plan(cluster, { classLess: true, wallMs: () => clock.wallMs })
    plan.turn(0)
    const come = (name: string): void => {
      cluster.services.set(serviceOf(name))
      plan.service({ kind: 'added', object: serviceOf(name) })
    }
    cluster.services.remove(serviceOf('web'))
    plan.service({ kind: 'removed', object: serviceOf('web') })
    clock.wallMs += hour
    come('other')
    const waitMs = (): number => plan.waitMs(clock.monotonicMs)
    const has = (name: string): string => {
      clock.monotonicMs += 1_000
      plan.turn(clock.monotonicMs)
      const decision = plan.decisionOf(`shop/${name}`)
      return decision ? heldAfter(decision).map(formatAddress).join() : 'nothing yet'
    }
    return { clock, come, has, waitMs }
  }

  test('goes to the one that waits when its time is over, which the plan says beforehand', () => {
    const { clock, has, waitMs } = planWhereGone()
    expect(has('other')).toBe('')
    expect(waitMs()).toBe(hour)
    clock.wallMs += hour - 1
    expect([has('other'), waitMs()]).toEqual(['', 1])
    clock.wallMs += 1
    expect([has('other'), waitMs()]).toEqual(['10.0.0.1', Infinity])
  })

  test('is kept no longer than its time when the wall clock is set back', () => {
    const { clock, come, has, waitMs } = planWhereGone()
    clock.wallMs = began - 1_000 * hour
    expect(has('other')).toBe('')
    come('third')
    expect(waitMs()).toBeLessThanOrEqual(2 * hour)
    come('web')
    expect([has('web'), has('other')]).toEqual(['10.0.0.1', ''])
  })

  test('is free when the wall clock is set far ahead, and comes to no harm when it is set back again', () => {
    const { clock, come, has } = planWhereGone()
    clock.wallMs = Date.UTC(9999, 0)
    expect(has('other')).toBe('10.0.0.1')
    clock.wallMs = 0
    come('web')
    expect([has('web'), has('other')]).toEqual(['', '10.0.0.1'])
  })

  test('is kept for as long as can be said', () => {
    const { has, waitMs } = planWhereGone({ retain: '999999h999999m999999s' })
    expect(has('other')).toBe('')
    expect(waitMs()).toBeGreaterThan(2 ** 31)
  })
})

test('of a Service that was deleted while nobody led, the plan knows the address by the Speaker', () => {
  const cluster = new Cluster({} as Api, {} as ContactLog)
  cluster.nodes.set(projectNode(objectOf('one')))
  cluster.pools.set(projectPool(objectOf('lan', { spec: { addresses: ['10.0.0.1-10.0.0.2'] } })))
  const addresses = [{ address: '10.0.0.1', revision: 3, pool: 'lan', services: ['shop/gone'] }]
  cluster.speakers.set(projectSpeaker(objectOf('one', { spec: { revision: 3, addresses } })))
  cluster.services.set(serviceOf('a'))
  const plan = new Plan(cluster, { classLess: true, wallMs: () => 0 })
  plan.turn(0)
  const addressOf = (name: string): string =>
    heldAfter(plan.decisionOf(name) ?? { kind: 'release' })
      .map(formatAddress)
      .join()
  expect(addressOf('shop/a')).toBe('10.0.0.2')
  plan.service({ kind: 'added', object: serviceOf('gone') })
  plan.turn(0)
  expect(addressOf('shop/gone')).toBe('10.0.0.1')
})
