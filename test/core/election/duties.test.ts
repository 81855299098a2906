import { describe, expect, test } from 'vitest'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { dutiesOf } from '../../../src/core/election/duties.ts'
import type { DutyView } from '../../../src/core/election/duties.ts'
import { dutyPoolOf, dutyServiceOf } from '../../../src/core/election/duty-facts.ts'
import { readEndpointSlice, readNode } from '../../../src/core/election/node-facts.ts'
import type { SliceFacts } from '../../../src/core/election/node-facts.ts'
import { placementFactsOf } from '../../../src/core/election/speaker-facts.ts'

const address = '10.0.0.200'

interface Given {
  readonly placements?: Readonly<
    Record<string, { readonly revision: number; readonly services?: readonly string[] }>
  >
  readonly service?: Readonly<Record<string, unknown>>
  readonly ingress?: readonly string[]
  readonly endpoints?: readonly string[]
  readonly l2?: object
  readonly cordoned?: string
  /** Whether the pool is there; one without a spec if it cannot be read at all. */
  readonly pool?: 'there' | 'gone' | 'empty'
  /** Whether the controller has said something in the Service's status. */
  readonly answered?: boolean
}

/** Nodes one, two and three; one Service web, and what the test says of it. */
function clusterOf({
  placements = {},
  service = {},
  ingress = [address],
  endpoints = ['one', 'two'],
  l2,
  cordoned,
  pool = 'there',
  answered = false,
}: Given): DutyView {
  const names = ['one', 'two', 'three']
  const speakers = names.map((name) => {
    const { revision = 0, services = ['shop/web'] } = placements[name] ?? {}
    const addresses = placements[name] ? [{ address, revision, pool: 'lan', services }] : []
    return [name, placementFactsOf({ metadata: { name }, spec: { revision, addresses } })] as const
  })
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'lanlord.dev/lanlord', ...service }
  const conditions = answered
    ? [{ type: 'lanlord.dev/Allocated', status: 'True', reason: '', message: '', lastTransitionTime: '' }]
    : []
  const status = { conditions, loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } }
  const labels = { 'kubernetes.io/service-name': 'web' }
  return {
    speakers: new Map(speakers),
    nodes: new Map(
      names.map((name) => [
        name,
        readNode({ metadata: { name }, spec: { unschedulable: name === cordoned } }),
      ]),
    ),
    services: new Map([
      ['shop/web', dutyServiceOf({ metadata: { name: 'web', namespace: 'shop' }, spec, status })],
    ]),
    slices: new Map([
      [
        'shop/web-1',
        readEndpointSlice({
          metadata: { name: 'web-1', namespace: 'shop', labels },
          endpoints: endpoints.map((nodeName) => ({ nodeName })),
        }) as SliceFacts,
      ],
    ]),
    pools: poolsOf(pool, l2),
  }
}

function poolsOf(pool: Given['pool'], l2: Given['l2']): DutyView['pools'] {
  if (pool === 'gone') return new Map()
  const spec = { addresses: ['10.0.0.0/24'], ...(l2 && { l2: l2 as never }) }
  return new Map([['lan', dutyPoolOf(pool === 'empty' ? {} : { spec })]])
}

/** The duties in words. */
function duties(given: Given): readonly unknown[] {
  return dutiesOf(clusterOf(given), ['eth0', 'eth1', 'wlan0']).map((duty) => ({
    address: formatAddress(duty.address),
    placement: duty.placement && `${duty.placement.node}@${duty.placement.revision}`,
    candidates: duty.candidates.map(({ node, lastResort }) => (lastResort ? `(${node})` : node)).join(' '),
    interfaces: duty.interfaces,
  }))
}

describe('what a speaker is told to announce', () => {
  test('is each placed address, before it stands in a status', () => {
    expect(duties({ placements: { one: { revision: 3 } }, ingress: [] })).toEqual([
      { address, placement: 'one@3', candidates: 'one two three', interfaces: undefined },
    ])
  })

  test('is each address in the status of a Service of ours, also when its placement is gone', () => {
    expect(duties({})).toEqual([
      { address, placement: undefined, candidates: 'one two three', interfaces: undefined },
    ])
  })

  test('follows the newer of two placements while an address moves', () => {
    const [before, after] = [3, 7].map((revision) => ({ one: { revision }, two: { revision: 5 } }))
    expect(duties({ ...(before && { placements: before }) })).toMatchObject([{ placement: 'two@5' }])
    expect(duties({ ...(after && { placements: after }) })).toMatchObject([{ placement: 'one@7' }])
  })

  test('heeds no placement with a revision that a heartbeat cannot carry', () => {
    const placements = { one: { revision: 2 ** 48 }, two: { revision: 2 ** 48 - 1 } }
    expect(duties({ placements })).toMatchObject([{ placement: 'two@281474976710655' }])
    for (const revision of [-1, 0.5]) {
      expect(duties({ placements: { one: { revision } } })).toMatchObject([{ placement: undefined }])
    }
  })

  test('is nothing when the Service is gone, or wants no address any more', () => {
    const placements = { one: { revision: 3, services: ['shop/other'] } }
    expect(duties({ placements, ingress: [] })).toEqual([])
    expect(duties({ placements: { one: { revision: 3 } }, service: { type: 'ClusterIP' } })).toEqual([])
  })

  test('leaves alone what other load balancers gave', () => {
    expect(duties({ service: { loadBalancerClass: 'example.com/other' } })).toEqual([])
    expect(duties({ service: { loadBalancerClass: undefined } })).toEqual([])
    expect(duties({ service: { loadBalancerClass: 'example.com/other' }, answered: true })).toEqual([])
  })

  test('is the address of a Service without a class once the controller has answered it', () => {
    expect(duties({ service: { loadBalancerClass: undefined }, answered: true })).toMatchObject([{ address }])
  })

  test('names as candidates only nodes with an endpoint when the policy is Local, and none without endpoints', () => {
    const service = { externalTrafficPolicy: 'Local' }
    expect(duties({ service })).toMatchObject([{ candidates: 'one two' }])
    expect(duties({ service, endpoints: [] })).toMatchObject([{ candidates: '' }])
    expect(duties({ endpoints: [] })).toMatchObject([{ candidates: '' }])
  })

  test('is for the interfaces that the pool chooses', () => {
    expect(duties({ l2: { interfaces: ['eth*'] } })).toMatchObject([{ interfaces: ['eth0', 'eth1'] }])
    expect(duties({ l2: { enabled: false } })).toMatchObject([{ candidates: '' }])
  })

  test('passes over what cannot be read in a pool', () => {
    expect(duties({ l2: { interfaces: [5, null, 'eth*'], nodeSelectors: [null] } })).toMatchObject([
      { interfaces: ['eth0', 'eth1'], candidates: 'one two three' },
    ])
    expect(duties({ l2: 3 as never })).toMatchObject([{ interfaces: undefined }])
  })

  test('has a cordoned node as a last resort', () => {
    expect(duties({ cordoned: 'two' })).toMatchObject([{ candidates: 'one (two) three' }])
  })

  test('goes on when the pool is gone, or nothing of it can be read', () => {
    for (const pool of ['gone', 'empty'] as const)
      expect(duties({ pool })).toMatchObject([{ candidates: 'one two three', interfaces: undefined }])
  })

  test('has nothing to do with what is no address', () => {
    expect(duties({ ingress: ['10.0.0', address] })).toHaveLength(1)
  })

  test('waits for endpoints, and is there before any slice is', () => {
    const view = clusterOf({})
    expect(dutiesOf({ ...view, slices: new Map() }, [])).toMatchObject([{ candidates: [] }])
  })

  test('names the same candidates by the same list, for that is what is kept', () => {
    const [first, second] = dutiesOf(clusterOf({ ingress: [address, '10.0.0.201'] }), [])
    expect(first?.candidates).toBe(second?.candidates)
  })

  test('is one duty for Services that share an address', () => {
    const view = clusterOf({ placements: { one: { revision: 3 } } })
    const web = view.services.get('shop/web') as never
    const shared = new Map([...view.services, ['shop/more', web] as const])
    expect(dutiesOf({ ...view, services: shared }, [])).toHaveLength(1)
  })
})
