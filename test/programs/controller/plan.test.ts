import { expect, test } from 'vitest'
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
  const plan = new Plan(cluster, true)
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
