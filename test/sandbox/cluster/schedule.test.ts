import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pod } from '../../../src/sandbox/cluster/objects.ts'
import { chooseNode } from '../../../src/sandbox/cluster/schedule.ts'
import { node, pod } from './objects.ts'

const nodes = [node('node-1'), node('node-2'), node('node-3')]

test('Pods of one owner are spread over the nodes before any node gets a second one', () => {
  const placed: Pod[] = [pod({ name: 'other', node: 'node-1', owner: 'db' })]
  for (const name of ['a', 'b', 'c', 'd']) {
    const target = chooseNode(pod({ name, owner: 'web' }), nodes, placed)
    placed.push(pod({ name, owner: 'web', node: target ?? 'nowhere' }))
  }
  expect(placed.slice(1).map((each) => each.spec?.nodeName)).toEqual(['node-2', 'node-3', 'node-1', 'node-2'])
})

test('however many Pods are placed one after another, the fullest node has at most one more than the emptiest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 40 }), (width, count) => {
      const all = Array.from({ length: width }, (_, index) => node(`node-${index}`))
      const placed: Pod[] = []
      for (let index = 0; index < count; index++) {
        const name = chooseNode(pod({ name: `p${index}`, owner: 'web' }), all, placed) ?? 'nowhere'
        placed.push(pod({ name: `p${index}`, owner: 'web', node: name }))
      }
      const loads = all.map(
        (each) => placed.filter((one) => one.spec?.nodeName === each.metadata.name).length,
      )
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
    }),
  )
})

test('a Pod on its way out does not count', () => {
  const leaving = pod({ name: 'old', owner: 'web', node: 'node-1', terminating: true })
  expect(chooseNode(pod({ name: 'new', owner: 'web' }), nodes, [leaving])).toBe('node-1')
})

test('a cordoned node and one that is not Ready get no Pods', () => {
  const cordoned = node('node-1', { spec: { unschedulable: true } })
  const lost = node('node-2', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } })
  expect(chooseNode(pod({ name: 'a' }), [cordoned, lost, node('node-3')], [])).toBe('node-3')
  expect(chooseNode(pod({ name: 'a' }), [cordoned, lost], [])).toBeUndefined()
})

test('a nodeSelector is respected', () => {
  const picky = pod({ name: 'a', nodeSelector: { 'kubernetes.io/hostname': 'node-3' } })
  expect(chooseNode(picky, nodes, [])).toBe('node-3')
  expect(chooseNode(pod({ name: 'a', nodeSelector: { disk: 'ssd' } }), nodes, [])).toBeUndefined()
})
