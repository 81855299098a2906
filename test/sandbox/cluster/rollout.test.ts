import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstToGo } from '../../../src/sandbox/cluster/owned-pods.ts'
import { planRollout, portionOf } from '../../../src/sandbox/cluster/rollout.ts'
import { templateHash } from '../../../src/sandbox/cluster/template-hash.ts'
import { pod } from './objects.ts'

test('a new Deployment gets all its replicas at once', () => {
  const plan = planRollout({
    desired: 3,
    maxSurge: 1,
    maxUnavailable: 0,
    current: { name: 'new', replicas: 0, available: 0 },
    former: [],
  })
  expect([...plan]).toEqual([['new', 3]])
})

test('a rollout starts with the surge and takes old Pods away only as new ones become available', () => {
  const options = { desired: 3, maxSurge: 1, maxUnavailable: 0 }
  const start = planRollout({
    ...options,
    current: { name: 'new', replicas: 0, available: 0 },
    former: [{ name: 'old', replicas: 3, available: 3 }],
  })
  expect(Object.fromEntries(start)).toEqual({ new: 1, old: 3 })
  const later = planRollout({
    ...options,
    current: { name: 'new', replicas: 1, available: 1 },
    former: [{ name: 'old', replicas: 3, available: 3 }],
  })
  expect(Object.fromEntries(later)).toEqual({ new: 1, old: 2 })
})

test('a rollout never has fewer available Pods or more Pods than it may, and it ends', () => {
  const counts = fc.record({
    desired: fc.integer({ min: 0, max: 12 }),
    surge: fc.integer({ min: 0, max: 4 }),
    unavailable: fc.integer({ min: 0, max: 4 }),
    first: fc.integer({ min: 0, max: 12 }),
    second: fc.integer({ min: 0, max: 6 }),
  })
  fc.assert(
    fc.property(counts, ({ desired, surge, unavailable, first, second }) => {
      fc.pre(surge + unavailable > 0)
      let sets = [
        { name: 'new', replicas: 0, available: 0 },
        { name: 'one', replicas: first, available: first },
        { name: 'two', replicas: second, available: second },
      ]
      for (let round = 0; round < 60; round++) {
        const [current = { name: 'new', replicas: 0, available: 0 }, ...former] = sets
        const before = sets.reduce((sum, set) => sum + set.available, 0)
        const total = sets.reduce((sum, set) => sum + set.replicas, 0)
        const plan = planRollout({ desired, maxSurge: surge, maxUnavailable: unavailable, current, former })
        sets = sets.map((set) => {
          const replicas = plan.get(set.name) ?? 0
          return { name: set.name, replicas, available: Math.min(set.available, replicas) }
        })
        const kept = sets.reduce((sum, set) => sum + set.available, 0)
        expect(kept).toBeGreaterThanOrEqual(Math.min(before, desired - unavailable))
        expect(sets.reduce((sum, set) => sum + set.replicas, 0)).toBeLessThanOrEqual(
          Math.max(total, desired + surge),
        )
        sets = sets.map((set) => ({ ...set, available: set.replicas }))
      }
      expect(sets.map((set) => set.replicas)).toEqual([desired, 0, 0])
    }),
  )
})

test('maxSurge is rounded up and maxUnavailable down, as in Kubernetes', () => {
  expect(portionOf(undefined, 3, 'up')).toBe(1)
  expect(portionOf('25%', 3, 'down')).toBe(0)
  expect(portionOf('50%', 3, 'up')).toBe(2)
  expect(portionOf(2, 3, 'up')).toBe(2)
})

test('scaling down gives up what does not run first, then the younger of two Pods on one node', () => {
  const pods = [
    pod({ name: 'old', node: 'node-1', created: '2026-01-01T00:00:00Z' }),
    pod({ name: 'young', node: 'node-2', created: '2026-01-03T00:00:00Z' }),
    pod({ name: 'beside', node: 'node-1', created: '2026-01-02T00:00:00Z' }),
    pod({ name: 'waiting', ready: false }),
  ]
  expect(firstToGo(pods).map((each) => each.metadata.name)).toEqual(['waiting', 'beside', 'young', 'old'])
})

test('the same template has the same hash in whatever order its fields stand', () => {
  const hash = templateHash({ a: 1, b: { c: [1, 2], d: 'x' } })
  expect(templateHash({ b: { d: 'x', c: [1, 2] }, a: 1 })).toBe(hash)
  expect(templateHash({ b: { d: 'x', c: [2, 1] }, a: 1 })).not.toBe(hash)
})
