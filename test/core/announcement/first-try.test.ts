import { describe, expect, test } from 'vitest'
import { addressesInUse, firstTriesOf, servedAmong } from '../../../src/core/announcement/first-try.ts'
import { dutiesOf } from '../../../src/core/election/duties.ts'
import type { DutyView } from '../../../src/core/election/duties.ts'
import { dutyPoolOf, dutyServiceOf } from '../../../src/core/election/duty-facts.ts'
import { readEndpointSlice, readNode } from '../../../src/core/election/node-facts.ts'
import type { SliceFacts } from '../../../src/core/election/node-facts.ts'
import { keyOf } from '../../../src/core/election/key.ts'
import { parseAddress, type Address } from '../../../src/core/ip/address.ts'
import { placementFactsOf } from '../../../src/core/election/speaker-facts.ts'

const address = '10.0.0.200'

interface Given {
  readonly ports?: readonly { readonly protocol?: string; readonly port: number }[]
  readonly ingress?: readonly string[]
  readonly readiness?: 'Wait' | 'None'
  readonly pool?: string
  readonly policy?: 'Cluster' | 'Local'
  /** The nodes with a serving endpoint. */
  readonly servingOn?: readonly string[]
}

/** The address is placed on node one. */
function viewOf({
  ports = [{ port: 80 }],
  ingress = [],
  readiness = 'Wait',
  pool = 'lan',
  policy = 'Cluster',
  servingOn = ['one'],
}: Given): DutyView {
  const addresses = [{ address, revision: 1, pool, services: ['shop/web', 'shop/gone'] }]
  const spec = {
    type: 'LoadBalancer',
    loadBalancerClass: 'lanlord.dev/lanlord',
    externalTrafficPolicy: policy,
    ports,
  }
  const status = { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } }
  const service = dutyServiceOf({ metadata: { name: 'web', namespace: 'shop' }, spec, status })
  return {
    speakers: new Map([
      ['one', placementFactsOf({ metadata: { name: 'one' }, spec: { revision: 1, addresses } })],
      ['two', placementFactsOf({ metadata: { name: 'two' } })],
    ]),
    services: new Map([['shop/web', service]]),
    slices: new Map([['shop/web-1', sliceOn(servingOn)]]),
    nodes: new Map(['one', 'two'].map((name) => [name, readNode({ metadata: { name } })])),
    pools: new Map([
      ['lan', dutyPoolOf({ spec: { addresses: ['10.0.0.0/24'], l2: { readiness } as never } })],
    ]),
  }
}

function sliceOn(nodes: readonly string[]): SliceFacts {
  const labels = { 'kubernetes.io/service-name': 'web' }
  const endpoints = nodes.map((nodeName) => ({ nodeName, conditions: { ready: true } }))
  const metadata = { name: 'web-1', namespace: 'shop', labels }
  return readEndpointSlice({ metadata, endpoints }) as SliceFacts
}

function triesOf(given: Given, node: string): ReturnType<typeof firstTriesOf> {
  const view = viewOf(given)
  return firstTriesOf(view, node, dutiesOf(view, ['eth0']))
}

describe('what is tried before a new address is announced', () => {
  test('the first TCP port of its Service, on the node where it is placed', () => {
    const ports = [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 443 },
    ]
    expect(triesOf({ ports }, 'one')).toMatchObject([{ text: address, port: 443, isWanted: true }])
    expect(triesOf({}, 'two')).toEqual([])
    expect(triesOf({}, 'unheard of')).toEqual([])
  })

  test('nothing, where there is no TCP port or the pool does not want it', () => {
    expect(triesOf({ ports: [{ protocol: 'UDP', port: 53 }] }, 'one')).toMatchObject([{ port: undefined }])
    expect(triesOf({ readiness: 'None' }, 'one')).toMatchObject([{ isWanted: false }])
    expect(triesOf({ pool: 'gone' }, 'one')).toMatchObject([{ isWanted: true }])
  })

  test('what is served, on the node that is to announce it', () => {
    const place = { isPlaced: true, isServed: true }
    expect(triesOf({}, 'one')).toMatchObject([{ ...place, services: ['shop/web', 'shop/gone'] }])
    expect(triesOf({ servingOn: [] }, 'one')).toMatchObject([{ ...place, isServed: false }])
    expect(triesOf({ servingOn: ['two'] }, 'two')).toEqual([])
  })

  test('on another node than it is placed on when that one has no endpoint of a Local Service, and this one has', () => {
    const local = { policy: 'Local', servingOn: ['two'] } as const
    expect(triesOf(local, 'one')).toMatchObject([{ isPlaced: true, isServed: false }])
    expect(triesOf(local, 'two')).toMatchObject([{ isPlaced: false, isServed: true }])
    expect(triesOf({ ...local, servingOn: ['one', 'two'] }, 'two')).toEqual([])
  })

  test('served is what some node may announce', () => {
    const served = (given: Given) => [...servedAmong(dutiesOf(viewOf(given), ['eth0']))]
    expect(served({})).toEqual([keyOf(parseAddress(address) as Address)])
    expect(served({ servingOn: [] })).toEqual([])
  })

  test('in use is what is placed anywhere, and what stands in a status', () => {
    expect(new Set(addressesInUse(viewOf({ ingress: ['10.0.0.201'] })))).toEqual(
      new Set([address, '10.0.0.201']),
    )
  })

  test('what is placed for a Service that has not been seen yet is not in use, so that it is still new when it is', () => {
    const view = viewOf({})
    expect([...addressesInUse({ ...view, services: new Map() })]).toEqual([])
    expect([...addressesInUse(view)]).toEqual([address])
  })
})
