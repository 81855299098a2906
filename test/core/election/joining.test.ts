import { describe, expect, test } from 'vitest'
import { joiningObstacles } from '../../../src/core/election/joining.ts'
import { placementFactsOf } from '../../../src/core/election/speaker-facts.ts'
import { addressOf } from './lan.ts'

/** A Speaker as the API server has it. */
function speakerOf(name: string, status: 'True' | 'False', ...addresses: readonly string[]) {
  const interfaces = [{ name: 'eth0', mac: '', addresses }]
  const conditions = [{ type: 'Ready', status, reason: '', message: '', lastTransitionTime: '' }]
  return [name, placementFactsOf({ metadata: { name }, status: { interfaces, conditions } })] as const
}

const facts = {
  node: 'n1',
  isNode: true,
  quiet: false,
  speakers: new Map([
    speakerOf('n1', 'True', '10.0.0.1/24'),
    speakerOf('n2', 'True', '10.0.0.2/24'),
    speakerOf('n3', 'True', '10.0.0.3/24'),
  ]),
  own: [
    { address: addressOf('10.0.0.1'), prefixLength: 24 },
    { address: addressOf('fe80::1'), prefixLength: 64 },
  ],
  heard: new Set(['n2']),
}

describe('a speaker that starts', () => {
  test('waits for nothing once it listens no more and hears one of those that are there', () => {
    expect(joiningObstacles(facts)).toEqual([])
  })

  test('waits while it only listens, and for a Node of its name', () => {
    expect(joiningObstacles({ ...facts, quiet: true })).toEqual(['it listens to the others before it speaks'])
    expect(joiningObstacles({ ...facts, isNode: false })).toEqual([
      'there is no Node "n1"; give --node the name that kubectl get nodes shows',
    ])
  })

  test('waits until its own Speaker object says that it is ready: before, nobody gives it an address', () => {
    const words = ['its Speaker object does not say yet that it is ready']
    for (const own of [[], [speakerOf('n1', 'False', '10.0.0.1/24')]]) {
      const others = [...facts.speakers].filter(([name]) => name !== 'n1')
      const speakers = new Map([...others, ...own])
      expect(joiningObstacles({ ...facts, speakers })).toEqual(words)
    }
  })

  test('waits for the others on its subnet who say that they are ready, and names them', () => {
    const words = 'whose speakers are ready on the same subnet; look at the LAN between them'
    const heard = new Set<string>()
    expect(joiningObstacles({ ...facts, heard })).toEqual([
      `it hears none of n2, n3, ${words}, and whether all have the same key`,
    ])
    const more = ['n4', 'n5', 'n6'].map((name) => speakerOf(name, 'True', '10.0.0.9/24'))
    const speakers = new Map([...facts.speakers, ...more])
    expect(joiningObstacles({ ...facts, heard, speakers })[0]).toContain('none of n2, n3, n4, …, whose')
  })

  test.each([
    ['alone', []],
    ['beside one that says it is not ready', [speakerOf('n2', 'False', '10.0.0.2/24')]],
    ['beside one on another subnet', [speakerOf('n2', 'True', '10.0.1.2/24')]],
    ['beside one that has only link-local addresses in common', [speakerOf('n2', 'True', 'fe80::2/64')]],
    ['beside one whose interfaces are not known', [['n2', placementFactsOf({ metadata: { name: 'n2' } })]]],
  ] as const)('%s waits for nobody', (_, others) => {
    const speakers = new Map([speakerOf('n1', 'True', '10.0.0.1/24'), ...others])
    expect(joiningObstacles({ ...facts, heard: new Set(), speakers })).toEqual([])
  })
})
