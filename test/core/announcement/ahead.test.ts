import { expect, test } from 'vitest'
import { aheadOf, firstQuestionOf } from '../../../src/core/announcement/ahead.ts'
import type { DutyView } from '../../../src/core/election/duties.ts'
import { dutyPoolOf } from '../../../src/core/election/duty-facts.ts'
import { readNode } from '../../../src/core/election/node-facts.ts'
import { formatAddress, parseAddress } from '../../../src/core/ip/address.ts'
import type { Address } from '../../../src/core/ip/address.ts'

type PoolObject = Parameters<typeof dutyPoolOf>[0]

function viewOf(pools: Readonly<Record<string, PoolObject>>): DutyView {
  const nodes = ['one', 'two'].map((name) => {
    const labels: Record<string, string> = name === 'one' ? { lan: 'yes' } : {}
    return [name, readNode({ metadata: { name, labels } })] as const
  })
  return {
    speakers: new Map(),
    services: new Map(),
    slices: new Map(),
    nodes: new Map(nodes),
    pools: new Map(Object.entries(pools).map(([name, pool]) => [name, dutyPoolOf(pool)])),
  }
}

function texts(view: DutyView): readonly string[] {
  return aheadOf(view, ['eth0', 'eth1']).map(({ address }) => formatAddress(address))
}

const quarantined = (...addresses: readonly string[]) =>
  addresses.map((address) => ({ address, mac: '02:00:00:00:00:0a', seen: '2024-01-01T00:00:00Z' }))

test('asked for ahead is what is quarantined and what pools give next, each once, the pools by name', () => {
  const view = viewOf({
    b: { status: { probe: ['10.0.1.1'] } },
    a: {
      status: { probe: ['10.0.0.1', 'FD00::0:1', 'none'], quarantine: quarantined('10.0.0.9', '10.0.0.1') },
    },
    c: {},
    d: { status: null },
  })
  expect(texts(view)).toEqual(['10.0.0.9', '10.0.0.1', 'fd00::1', '10.0.1.1'])
})

test('of too many addresses as many are asked for as there may be', () => {
  const probe = Array.from({ length: 600 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  expect(texts(viewOf({ a: { status: { probe } } }))).toEqual(probe.slice(0, 512))
})

test('of too many, those that are quarantined come first: unasked, they would be given out again', () => {
  const probe = Array.from({ length: 600 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  const view = viewOf({ a: { status: { probe } }, b: { status: { quarantine: quarantined('10.9.0.1') } } })
  expect(texts(view)).toEqual(['10.9.0.1', ...probe.slice(0, 511)])
})

test('the candidates are the nodes that the pool chooses, and the interfaces are its own', () => {
  const l2 = { nodeSelectors: [{ matchLabels: { lan: 'yes' } }], interfaces: ['eth1*'] }
  const [duty] = aheadOf(viewOf({ a: { spec: { l2: l2 as never }, status: { probe: ['10.0.0.1'] } } }), [
    'eth0',
    'eth1',
  ])
  expect(duty).toMatchObject({ candidates: [{ node: 'one' }], interfaces: ['eth1'], placement: undefined })
})

test('a first question is put on the interfaces of the pool; on all where the pool is not known', () => {
  const view = viewOf({ a: { spec: { l2: { interfaces: ['eth1'] } as never } } })
  const address = parseAddress('10.0.0.1') as Address
  expect(firstQuestionOf(view, { address, pool: 'a' }, ['eth0', 'eth1']).interfaces).toEqual(['eth1'])
  expect(firstQuestionOf(view, { address, pool: 'gone' }, ['eth0', 'eth1']).interfaces).toBeUndefined()
})
