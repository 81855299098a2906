import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { speakerFactsOf } from '../../../src/core/election/speaker-facts.ts'
import type { SpeakerObject } from '../../../src/core/election/speaker-facts.ts'
import { poolRemarks } from '../../../src/core/pool/remarks.ts'
import type { NodeNetwork } from '../../../src/core/pool/remarks.ts'
import { pool } from './build.ts'

/** A node with one interface, as its speaker tells it. */
function node(name: string, addresses: string, gateways = ''): NodeNetwork {
  const split = (text: string): readonly string[] => text.split(',').filter((each) => each !== '')
  const eth0 = { name: 'eth0', mac: '', addresses: split(addresses), gateways: split(gateways) }
  return speakerFactsOf({ metadata: { name }, status: { interfaces: [eth0] } } as SpeakerObject)
}

function remarksOn(addresses: string, nodes: readonly NodeNetwork[], spec: object = {}): readonly string[] {
  return poolRemarks(pool('lab', addresses, spec), nodes).map(
    ({ reason, message }) => `${reason}: ${message}`,
  )
}

const two = [node('b', '10.0.0.5/24', '10.0.0.1'), node('a', '10.0.0.6/24', '10.0.0.1')]

describe('a pool that gives out', () => {
  it.each<[string, string, readonly NodeNetwork[], readonly string[]]>([
    ['what nobody has', '10.0.0.200-10.0.0.250', two, []],
    [
      'the address of a node',
      '10.0.0.5-10.0.0.5',
      two,
      ['NodeAddress: 10.0.0.5 is the own address of node b on eth0; add it to spec.exclude'],
    ],
    [
      'the addresses of two nodes',
      '10.0.0.2-10.0.0.9',
      two,
      [
        'NodeAddress: 10.0.0.5 is the own address of node b on eth0, 10.0.0.6 is the own address of node a on eth0; add them to spec.exclude',
      ],
    ],
    [
      'the whole subnet',
      '10.0.0.0/24',
      [node('a', '10.0.0.5/24', '10.0.0.1')],
      [
        'NodeAddress: 10.0.0.5 is the own address of node a on eth0; add it to spec.exclude',
        'NetworkAddress: 10.0.0.0 stands for the whole of a subnet of the nodes; add it to spec.exclude',
        'BroadcastAddress: 10.0.0.255 is the broadcast address of a subnet of the nodes; add it to spec.exclude',
        'GatewayAddress: 10.0.0.1 is a router that node a reaches through eth0; add it to spec.exclude',
      ],
    ],
    [
      'a router, which is told once for all nodes',
      '10.0.0.1-10.0.0.4',
      two,
      ['GatewayAddress: 10.0.0.1 is a router that node a reaches through eth0; add it to spec.exclude'],
    ],
    [
      'the first address of an IPv6 subnet, as a range has it',
      'fd00::-fd00::f',
      [node('a', 'fd00::a:1/64', 'fe80::1')],
      ['NetworkAddress: fd00:: is every router’s in a subnet of the nodes; add it to spec.exclude'],
    ],
    ['the first address of an IPv6 subnet only on request', 'fd00::/120', [node('a', 'fd00::a:1/64')], []],
    ['the last address of an IPv6 subnet', 'fd00::f0-fd00::ff', [node('a', 'fd00::1/120')], []],
    ['the other address of a /31', '10.0.0.5/32', [node('a', '10.0.0.4/31')], []],
    ['the first address of a /31', '10.0.0.4/32', [node('a', '10.0.0.5/31')], []],
    ['what no speaker has told of', '10.0.0.0/24', [], []],
  ])('%s', (_, addresses, nodes, expected) => {
    expect(remarksOn(addresses, nodes)).toEqual(expected)
  })

  it('many addresses of nodes names three of them', () => {
    const many = [5, 9, 6, 8, 7].map((last) => node(`n${last}`, `10.0.0.${last}/24`))
    const [message] = remarksOn('10.0.0.2-10.0.0.20', many)
    expect(message).toBe(
      'NodeAddress: 10.0.0.5 is the own address of node n5 on eth0, 10.0.0.6 is the own address of node n6 on eth0, 10.0.0.7 is the own address of node n7 on eth0, and so with 2 more; add them to spec.exclude',
    )
  })

  it('nothing of the kind once it is excluded', () => {
    const exclude = ['10.0.0.0-10.0.0.9', '10.0.0.255']
    expect(remarksOn('10.0.0.0/24', two, { exclude })).toEqual([])
  })

  it('neither .0 nor .255 where avoidBuggyIPs is set', () => {
    const own = [node('a', '10.0.0.5/24')]
    expect(remarksOn('10.0.0.0/24', own, { avoidBuggyIPs: true, exclude: ['10.0.0.5'] })).toEqual([])
  })
})

test('the words do not depend on the order in which nodes are known', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((name, index) =>
    node(name, `10.0.0.${index + 5}/24,10.0.1.${index}/24`, `10.0.0.1,10.0.1.${index + 200}`),
  )
  const expected = remarksOn('10.0.0.0/23', nodes)
  expect(expected).toHaveLength(4)
  fc.assert(
    fc.property(fc.shuffledSubarray(nodes, { minLength: nodes.length }), (shuffled) => {
      expect(remarksOn('10.0.0.0/23', shuffled)).toEqual(expected)
    }),
  )
})
