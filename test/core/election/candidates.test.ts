import { describe, expect, it } from 'vitest'
import { candidatesOf, eligibleOf, everywhere } from '../../../src/core/election/candidates.ts'
import type { CandidateNode, CandidatePool, CandidateService } from '../../../src/core/election/candidates.ts'
import { readEndpointSlice, readNode } from '../../../src/core/election/node-facts.ts'
import { speakerFactsOf } from '../../../src/core/election/speaker-facts.ts'
import { formatRange, prefixOf } from '../../../src/core/ip/range.ts'
import { parseAddress } from '../../../src/core/ip/address.ts'

const address = parseAddress('192.168.10.200')!
const served: CandidateService = { policy: 'Cluster', servingOn: new Set(['n1']) }

function node(name: string, more: Partial<CandidateNode> = {}): CandidateNode {
  return { name, labels: {}, cordoned: false, networkUnavailable: false, ...more }
}

function on(...interfaces: readonly (readonly [string, string])[]): Partial<CandidateNode> {
  return { interfaces: interfaces.map(([name, prefix]) => ({ name, prefixes: [prefixOf(prefix)!] })) }
}

function names(
  nodes: readonly CandidateNode[],
  pool: Partial<CandidatePool> = {},
  services: readonly CandidateService[] = [served],
): string {
  const view = { nodes, pool: { ...everywhere, ...pool }, services }
  return candidatesOf(address, view)
    .map((each) => `${each.node}${each.lastResort ? '!' : ''}`)
    .join(' ')
}

describe('who may announce an address', () => {
  const three = [node('n1'), node('n2'), node('n3')]

  it('with policy Cluster: every node, once anything serves behind it', () => {
    expect(names(three)).toBe('n1 n2 n3')
    expect(names(three, {}, [{ policy: 'Cluster', servingOn: new Set() }])).toBe('')
    expect(names(three, {}, [])).toBe('')
    expect(names(three, {}, [{ policy: 'Cluster', servingOn: new Set([undefined]) }])).toBe('n1 n2 n3')
  })

  it('with policy Local: nodes with a serving endpoint, or all where one names no node', () => {
    expect(names(three, {}, [{ policy: 'Local', servingOn: new Set(['n2', 'n9']) }])).toBe('n2')
    expect(names(three, {}, [{ policy: 'Local', servingOn: new Set([undefined]) }])).toBe('n1 n2 n3')
    expect(names(three, {}, [{ policy: 'Local', servingOn: new Set() }])).toBe('')
  })

  it('not a node that is excluded from load balancers, whatever the label says, nor one without network', () => {
    const excluded = { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': 'false' } }
    expect(names([node('n1', excluded), node('n2', { networkUnavailable: true }), node('n3')])).toBe('n3')
  })

  it('for an IPv6 address those on its segment, as for one of IPv4', () => {
    const nodes = [node('n1', on(['eth0', 'fd00::/64'])), node('n2')]
    const view = { nodes, pool: everywhere, services: [served] }
    expect(candidatesOf(parseAddress('fd00::200')!, view).map((each) => each.node)).toEqual(['n1'])
    expect(candidatesOf(parseAddress('fd01::200')!, view)).toHaveLength(2)
    expect(candidatesOf(address, view)).toHaveLength(2)
  })

  it('a cordoned node as last resort, and one whose kube-proxy is behind', () => {
    expect(names([node('n1', { cordoned: true }), node('n2')])).toBe('n1! n2')
    expect(names([node('n1'), node('n2', { proxyUnhealthy: true })])).toBe('n1 n2!')
  })

  it('not a node of which somebody says that it is off and stays off', () => {
    expect(names([node('n1', { outOfService: true }), node('n2')])).toBe('n2')
  })

  it('nodes that the pool chooses by label; an empty list chooses all', () => {
    const labelled = [node('n1', { labels: { rack: 'a' } }), node('n2')]
    expect(names(labelled, { nodeSelectors: [{ matchLabels: { rack: 'a' } }] })).toBe('n1')
    expect(names(labelled, { nodeSelectors: [] })).toBe('n1 n2')
    expect(names(labelled, { enabled: false })).toBe('')
  })

  it('nodes on the segment whose subnet holds the address, where any node has one', () => {
    const near = on(['eth0', '192.168.10.5/24'])
    const far = on(['eth0', '10.0.0.5/24'])
    expect(names([node('n1', near), node('n2', far), node('n3')])).toBe('n1')
    expect(names([node('n1', far), node('n2')])).toBe('n1 n2')
  })

  it('nodes with an interface that the pool chooses; one of which nothing is known yet counts', () => {
    const nodes = [
      node('n1', on(['eth0', '192.168.10.5/24'], ['lan0', '10.0.0.5/24'])),
      node('n2', on(['eth0', '192.168.10.6/24'])),
      node('n3'),
    ]
    expect(names(nodes, { interfaces: ['lan*'] })).toBe('n1 n3')
    expect(names(nodes, { interfaces: ['eth0'] })).toBe('n1 n2')
    expect(names([node('n1', { interfaces: [] })])).toBe('')
  })

  it('are the same without endpoints, for a placement ahead of them', () => {
    const view = { nodes: three, pool: everywhere, services: [] }
    expect(eligibleOf(address, view).map((each) => each.node)).toEqual(['n1', 'n2', 'n3'])
  })
})

describe('a Node', () => {
  it('is read', () => {
    expect(
      readNode({
        metadata: { name: 'n1', labels: { a: 'b' } },
        spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/out-of-service' }] },
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'NetworkUnavailable', status: 'True' },
          ],
        },
      }),
    ).toEqual({
      name: 'n1',
      labels: { a: 'b' },
      cordoned: true,
      networkUnavailable: true,
      outOfService: true,
      ready: true,
    })
  })

  it('that says nothing is not ready and not cordoned', () => {
    const bare = { name: 'n1', labels: {}, cordoned: false, networkUnavailable: false, outOfService: false }
    expect(readNode({ metadata: { name: 'n1' } })).toEqual({ ...bare, ready: false })
    const tainted = { taints: [{ key: 'node.kubernetes.io/unreachable' }] }
    expect(readNode({ metadata: { name: 'n1' }, spec: tainted })).toEqual({ ...bare, ready: false })
  })
})

describe('an EndpointSlice', () => {
  const labels = { 'kubernetes.io/service-name': 'web' }

  it('names the nodes with serving endpoints', () => {
    const endpoints = [
      { nodeName: 'ready', conditions: { ready: true } },
      { nodeName: 'ready', conditions: { ready: true } },
      { nodeName: 'unknown', conditions: {} },
      { nodeName: 'silent' },
      { nodeName: 'terminating', conditions: { ready: false, serving: true } },
      { nodeName: 'down', conditions: { ready: false, serving: false } },
      { nodeName: 'old', conditions: { ready: false } },
      { conditions: { ready: true } },
    ]
    const facts = readEndpointSlice({ metadata: { name: 'x', namespace: 'shop', labels }, endpoints })
    const servingOn = ['ready', 'unknown', 'silent', 'terminating', undefined]
    expect(facts).toEqual({ service: 'shop/web', servingOn })
  })

  it('can be empty, or belong to nobody', () => {
    const nobody = { service: 'default/web', servingOn: [] }
    expect(readEndpointSlice({ metadata: { name: 'x', labels } })).toEqual(nobody)
    expect(readEndpointSlice({ metadata: { name: 'x', labels }, endpoints: null })).toEqual(nobody)
    expect(readEndpointSlice({ metadata: { name: 'x' } })).toBeUndefined()
  })
})

describe('a Speaker', () => {
  const since = '2024-01-01T00:00:00Z'

  it('is read, with what is not as it should be left out', () => {
    const announcing = ['FD00:0::1', 'nonsense'].map((each) => ({
      address: each,
      interface: 'eth0',
      mac: 'm',
      since,
      cause: 'c',
    }))
    const peers = ['n2', 'n2', 'n3'].map((peer) => ({ node: peer, interface: 'eth0', since }))
    const spec = {
      revision: 4,
      addresses: [{ address: '10.0.0.1', revision: 4, pool: 'lab', services: ['a/b'] }],
    }
    const facts = speakerFactsOf({
      metadata: { name: 'n1' },
      spec,
      status: {
        announcing,
        peers,
        interfaces: [{ name: 'eth0', mac: 'm', addresses: ['10.0.0.5/24', 'x', 'fe80::1%eth0/64'] }],
        kubeProxy: 'Unhealthy',
        conditions: [{ type: 'Ready', status: 'True', reason: 'R', message: '', lastTransitionTime: since }],
      },
    })
    expect(facts).toMatchObject({ node: 'n1', spec, ready: true, proxyUnhealthy: true, peers: ['n2', 'n3'] })
    expect(facts.announcing).toEqual([{ address: 'fd00::1', interface: 'eth0', isUnproven: false }])
    expect(facts.interfaces?.map(({ prefixes }) => prefixes.map(formatRange))).toEqual([['10.0.0.0/24']])
  })

  it('that has said nothing yet has no interfaces that are known', () => {
    const silent = {
      spec: { revision: 0, addresses: [] },
      ready: false,
      announcing: [],
      conflicts: [],
      foreign: [],
      peers: [],
      interfaces: undefined,
      proxyUnhealthy: false,
      network: [],
      estranged: [],
      heldBack: [],
      findings: [],
    }
    expect(speakerFactsOf({ metadata: { name: 'n1' } })).toEqual({ node: 'n1', ...silent })
    expect(speakerFactsOf({ metadata: { name: 'n1' }, spec: {}, status: {} })).toEqual({
      node: 'n1',
      ...silent,
    })
  })
})
