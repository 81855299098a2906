import { describe, expect, it } from 'vitest'
import { everywhere } from '../../../src/core/election/candidates.ts'
import type { CandidatePool } from '../../../src/core/election/candidates.ts'
import type { Pool } from '../../../src/core/pool/pool.ts'
import { reachRemarks, type ReachableNode } from '../../../src/core/pool/reach.ts'

const rack = (value: string) => ({ matchLabels: { rack: value } })

function node(name: string, of: string, ...interfaces: readonly string[]): ReachableNode {
  return { name, labels: { rack: of }, interfaces: interfaces.map((each) => ({ name: each })) }
}

function remarks(announce: Partial<CandidatePool>, nodes: readonly ReachableNode[]) {
  const pool = { announce: { ...everywhere, ...announce } } as Pool
  return reachRemarks(pool, nodes).map(({ reason, message }) => `${reason}: ${message}`)
}

describe('a pool that its operator restricts to certain nodes', () => {
  const nodes = [node('n2', 'b', 'eth0', 'bond0'), node('n1', 'a', 'eth0')]

  it.each<[string, Partial<CandidatePool>, readonly string[]]>([
    ['says nothing when it chooses all', {}, []],
    ['says nothing when it chooses some', { nodeSelectors: [rack('a')], interfaces: ['bond9', 'eth*'] }, []],
    ['says nothing when a pattern matches everything', { interfaces: ['*'] }, []],
    [
      'says that no node is chosen',
      { nodeSelectors: [rack('c')], interfaces: ['eth9'] },
      [
        'ChoosesNoNode: spec.l2.nodeSelectors match none of the nodes (n1, n2), so nobody announces its addresses; correct them, or label a node',
      ],
    ],
    [
      'says that no interface is chosen, of the nodes that are',
      { nodeSelectors: [rack('a')], interfaces: ['bond0', 'eth9'] },
      [
        'ChoosesNoInterface: spec.l2.interfaces (bond0, eth9) match none of the interfaces of the nodes (eth0), so nobody announces its addresses; correct them, or take them away',
      ],
    ],
    [
      'says that no node is preferred',
      { preferredNodes: [{ weight: 1, selector: rack('c') }] },
      [
        'PrefersNoNode: spec.l2.preferredNodes match none of the nodes (n1, n2), so none is preferred; correct them, or label a node',
      ],
    ],
    ['says nothing when one is', { preferredNodes: [{ weight: 1, selector: rack('b') }] }, []],
    ['says nothing when nothing is announced', { enabled: false, interfaces: ['eth9'] }, []],
  ])('%s', (_, announce, expected) => {
    expect(remarks(announce, nodes)).toEqual(expected)
  })

  it('says nothing of interfaces that nobody has told of yet, nor of nodes that are not there', () => {
    const silent = [{ name: 'n1', labels: {} }]
    expect(remarks({ interfaces: ['eth9'] }, silent)).toEqual([])
    expect(remarks({ nodeSelectors: [rack('a')] }, [])).toEqual([])
  })

  it('names three nodes in order and counts the others', () => {
    const many = ['n5', 'n3', 'n1', 'n4', 'n2'].map((name) => node(name, 'a', 'eth0'))
    expect(remarks({ nodeSelectors: [rack('c')] }, many)[0]).toContain('(n1, n2, n3 and 2 more)')
  })
})
