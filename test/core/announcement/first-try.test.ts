import { describe, expect, test } from 'vitest'
import { addressesInUse, firstTriesOf } from '../../../src/core/announcement/first-try.ts'
import type { DutyView } from '../../../src/core/election/duties.ts'
import { dutyPoolOf, dutyServiceOf } from '../../../src/core/election/duty-facts.ts'
import { placementFactsOf } from '../../../src/core/election/speaker-facts.ts'

const address = '10.0.0.200'

interface Given {
  readonly ports?: readonly { readonly protocol?: string; readonly port: number }[]
  readonly ingress?: readonly string[]
  readonly readiness?: 'Wait' | 'None'
  readonly pool?: string
}

function viewOf({ ports = [{ port: 80 }], ingress = [], readiness = 'Wait', pool = 'lan' }: Given): DutyView {
  const addresses = [{ address, revision: 1, pool, services: ['shop/web', 'shop/gone'] }]
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'lanlord.dev/lanlord', ports }
  const status = { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } }
  const service = dutyServiceOf({ metadata: { name: 'web', namespace: 'shop' }, spec, status })
  return {
    speakers: new Map([
      ['one', placementFactsOf({ metadata: { name: 'one' }, spec: { revision: 1, addresses } })],
      ['two', placementFactsOf({ metadata: { name: 'two' } })],
    ]),
    services: new Map([['shop/web', service]]),
    slices: new Map(),
    nodes: new Map(),
    pools: new Map([
      ['lan', dutyPoolOf({ spec: { addresses: ['10.0.0.0/24'], l2: { readiness } as never } })],
    ]),
  }
}

describe('what is tried before a new address is announced', () => {
  test('the first TCP port of its Service, on the node where it is placed', () => {
    const ports = [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 443 },
    ]
    expect(firstTriesOf(viewOf({ ports }), 'one')).toMatchObject([
      { text: address, port: 443, isWanted: true },
    ])
    expect(firstTriesOf(viewOf({}), 'two')).toEqual([])
    expect(firstTriesOf(viewOf({}), 'unheard of')).toEqual([])
  })

  test('nothing, where there is no TCP port or the pool does not want it', () => {
    expect(firstTriesOf(viewOf({ ports: [{ protocol: 'UDP', port: 53 }] }), 'one')).toMatchObject([
      { port: undefined },
    ])
    expect(firstTriesOf(viewOf({ readiness: 'None' }), 'one')).toMatchObject([{ isWanted: false }])
    expect(firstTriesOf(viewOf({ pool: 'gone' }), 'one')).toMatchObject([{ isWanted: true }])
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
