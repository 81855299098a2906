import { describe, expect, it } from 'vitest'
import { everywhere } from '../../../src/core/election/candidates.ts'
import type { CandidateNode, CandidatePool, CandidateService } from '../../../src/core/election/candidates.ts'
import { whyNobody } from '../../../src/core/election/exclusion-words.ts'
import { wishFor } from '../../../src/core/election/wish.ts'
import { parseAddress } from '../../../src/core/ip/address.ts'
import { prefixOf } from '../../../src/core/ip/range.ts'

const address = parseAddress('10.0.0.5')!
const served: CandidateService = { policy: 'Cluster', servingOn: new Set(['n1']) }
const labelled = { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } }

function node(name: string, more: Partial<CandidateNode> = {}): CandidateNode {
  return { name, labels: {}, cordoned: false, networkUnavailable: false, ...more }
}

function on(name: string, ...prefixes: readonly string[]): Partial<CandidateNode> {
  return { interfaces: [{ name, prefixes: prefixes.map((each) => prefixOf(each)!) }] }
}

function viewOf(
  nodes: readonly CandidateNode[],
  pool: Partial<CandidatePool> = {},
  services: readonly CandidateService[] = [served],
) {
  return { nodes, pool: { ...everywhere, name: 'lab', ...pool }, services }
}

function why(...view: Parameters<typeof viewOf>): string {
  return whyNobody(address, viewOf(...view))
}

describe('that no node may announce an address is said with the rule that removed each of them:', () => {
  const local: CandidateService = { policy: 'Local', servingOn: new Set(['n9']) }
  const rack = [{ matchLabels: { rack: 'a' } }]

  it.each<[readonly CandidateNode[], Partial<CandidatePool>, readonly CandidateService[], string]>([
    [[node('n1')], { enabled: false }, [served], 'spec.l2.enabled of AddressPool lab is false'],
    [[], {}, [served], 'the cluster has no nodes'],
    [
      [node('n1', labelled), node('n2', labelled), node('n3', on('eth0'))],
      { interfaces: ['eth9'] },
      [served],
      'n1 and n2 are excluded by the label node.kubernetes.io/exclude-from-external-load-balancers, n3 has no interface that matches eth9; correct spec.l2.interfaces of AddressPool lab',
    ],
    [
      [node('n1', { outOfService: true }), node('n2', { networkUnavailable: true })],
      {},
      [served],
      'n1 has the taint node.kubernetes.io/out-of-service, n2 has no network (condition NetworkUnavailable); look at the network plugin of that node',
    ],
    [
      [node('n1'), node('n2')],
      { nodeSelectors: rack },
      [served],
      'n1 and n2 are not chosen by the nodeSelectors of AddressPool lab; correct spec.l2.nodeSelectors of AddressPool lab, or label a node',
    ],
    [
      [node('n1', { interfaces: [] })],
      {},
      [served],
      'n1 has no interface that can announce; status.unusedInterfaces of its Speaker says why',
    ],
    [
      [node('n1', { interfaces: [] })],
      { interfaces: ['a', 'b', 'c*', 'd', 'e'] },
      [served],
      'n1 has no interface that matches a, b, c* or 2 more; correct spec.l2.interfaces of AddressPool lab',
    ],
    [
      [node('n1')],
      {},
      [local],
      'n1 has no Pod that serves (externalTrafficPolicy: Local); run a Pod on another node, or set externalTrafficPolicy: Cluster',
    ],
    [
      [node('n1', on('eth0', '10.0.0.1/24')), node('n9', on('eth0', '10.1.0.1/24'))],
      {},
      [local],
      'n9 has no interface whose subnet holds 10.0.0.5, n1 has no Pod that serves (externalTrafficPolicy: Local); run a Pod on another node, or set externalTrafficPolicy: Cluster',
    ],
    [
      [node('n9', on('eth0')), node('n1', on('eth0', '10.0.0.1/24'))],
      {},
      [local],
      'n9 has no interface whose subnet holds 10.0.0.5, n1 has no Pod that serves (externalTrafficPolicy: Local); run a Pod on another node, or set externalTrafficPolicy: Cluster',
    ],
  ])('%#', (nodes, pool, services, words) => {
    expect(why(nodes, pool, services)).toBe(words)
  })

  it('names three nodes and counts the others', () => {
    const nodes = Array.from({ length: 500 }, (_, index) => node(`n${index}`, labelled))
    expect(why(nodes)).toMatch(/^n0, n1, n2 and 497 more are excluded by the label /)
  })

  it('is never longer than 1,024 characters', () => {
    const long = (letter: string): string => letter.repeat(253)
    const nodes = ['a', 'b', 'c'].map((each) => node(long(each), { outOfService: true }))
    const more = ['d', 'e', 'f'].map((each) => node(long(each), labelled))
    const text = why([...nodes, ...more])
    expect(text).toHaveLength(1_024)
    expect(text.endsWith('…')).toBe(true)
  })
})

describe('a node that a Service asks for', () => {
  const asking: CandidateService = { ...served, preferredNode: 'n2' }

  it.each<[string, readonly CandidateNode[], string | undefined]>([
    ['that is there', [node('n1'), node('n2')], undefined],
    ['that is not', [node('other')], 'does not exist'],
    ['that is misspelt', [node('n1'), node('n3')], 'does not exist (did you mean n1?)'],
    ['that is cordoned', [node('n2', { cordoned: true })], 'is cordoned'],
    [
      'whose kube-proxy is behind',
      [node('n2', { proxyUnhealthy: true })],
      'has a kube-proxy that says it is unhealthy',
    ],
    [
      'that a rule removes',
      [node('n1'), node('n2', labelled)],
      'is excluded by the label node.kubernetes.io/exclude-from-external-load-balancers',
    ],
  ])('%s', (_, nodes, obstacle) => {
    expect(wishFor(address, viewOf(nodes, {}, [asking]))).toEqual({ node: 'n2', isName: true, obstacle })
  })

  it('is the one of the first Service that names one, and none where nobody does', () => {
    const other: CandidateService = { ...served, preferredNode: 'n1' }
    expect(wishFor(address, viewOf([node('n1')], {}, [served, other, asking]))?.node).toBe('n1')
    expect(wishFor(address, viewOf([node('n1')]))).toBeUndefined()
  })

  it('is told in short when it cannot be the name of a node', () => {
    const asked = (preferredNode: string) => wishFor(address, viewOf([], {}, [{ ...served, preferredNode }]))
    const obstacle = 'cannot be the name of a node'
    expect(asked('node 1')).toEqual({ node: 'node 1', isName: false, obstacle })
    expect(asked('x'.repeat(10_000))).toEqual({ node: `${'x'.repeat(63)}…`, isName: false, obstacle })
  })

  it('may have no Pod yet while nothing serves at all', () => {
    const local: CandidateService = { policy: 'Local', servingOn: new Set(), preferredNode: 'n1' }
    expect(wishFor(address, viewOf([node('n1')], {}, [local]))).toMatchObject({
      node: 'n1',
      obstacle: undefined,
    })
  })
})
