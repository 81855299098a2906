import { describe, expect, test } from 'vitest'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { dutiesOf, type ClusterView } from '../../../src/programs/speaker/duties.ts'
import {
  projectNode,
  projectPool,
  projectService,
  projectSlice,
  projectSpeaker,
} from '../../../src/programs/speaker/projections.ts'

const address = '10.0.0.200'

interface Given {
  readonly placements?: Readonly<
    Record<string, { readonly revision: number; readonly services?: readonly string[] }>
  >
  readonly service?: Readonly<Record<string, unknown>>
  readonly ingress?: readonly string[]
  readonly endpoints?: readonly string[]
  readonly l2?: object
}

/** Nodes one, two and three; one Service web, and what the test says of it. */
function clusterOf({
  placements = {},
  service = {},
  ingress = [address],
  endpoints = ['one', 'two'],
  l2,
}: Given): ClusterView {
  const names = ['one', 'two', 'three']
  const speakers = names.map((name) => {
    const { revision = 0, services = ['shop/web'] } = placements[name] ?? {}
    const addresses = placements[name] ? [{ address, revision, pool: 'lan', services }] : []
    return projectSpeaker({ metadata: { name }, spec: { revision, addresses } })
  })
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'lanlord.dev/lanlord', ...service }
  const status = { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } }
  const labels = { 'kubernetes.io/service-name': 'web' }
  return {
    speakers: keyed(speakers),
    nodes: keyed(names.map((name) => projectNode({ metadata: { name } }))),
    services: keyed([projectService({ metadata: { name: 'web', namespace: 'shop' }, spec, status })]),
    slices: keyed([
      projectSlice({
        metadata: { name: 'web-1', namespace: 'shop', labels },
        endpoints: endpoints.map((nodeName) => ({ nodeName })),
      }),
    ]),
    pools: keyed([
      projectPool({
        metadata: { name: 'lan' },
        spec: { addresses: ['10.0.0.0/24'], ...(l2 && { l2: l2 as never }) },
      }),
    ]),
  }
}

function keyed<T extends { readonly key: string }>(objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((object) => [object.key, object]))
}

/** The duties in words. */
function duties(given: Given): readonly unknown[] {
  return dutiesOf(clusterOf(given), ['eth0', 'eth1', 'wlan0']).map((duty) => ({
    address: formatAddress(duty.address),
    placement: duty.placement && `${duty.placement.node}@${duty.placement.revision}`,
    candidates: duty.candidates.map(({ node }) => node).join(' '),
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
})
