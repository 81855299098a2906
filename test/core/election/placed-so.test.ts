import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAddress } from '../../../src/core/ip/address.ts'
import { dutiesOf } from '../../../src/core/election/duties.ts'
import type { DutyView } from '../../../src/core/election/duties.ts'
import type { DutyService } from '../../../src/core/election/duty-facts.ts'
import { isPlacedSo } from '../../../src/core/election/placed-so.ts'
import { placementFactsOf } from '../../../src/core/election/speaker-facts.ts'

const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3']
const keys = ['shop/a', 'shop/b']

const service: fc.Arbitrary<DutyService> = fc.record({
  policy: fc.constantFrom('Cluster' as const, 'Local' as const),
  wantsAddress: fc.boolean(),
  holds: fc.subarray(addresses),
  preferredNode: fc.constantFrom('n1', undefined),
  tcpPort: fc.constantFrom(80, undefined),
})

const plain = { policy: 'Cluster', wantsAddress: true, holds: [], preferredNode: undefined } as const

const placement = fc.record({
  address: fc.constantFrom(...addresses),
  revision: fc.integer({ min: 1, max: 3 }),
  pool: fc.constant('lan'),
  services: fc.subarray(keys),
})

function viewOf(specs: readonly object[], services: readonly (DutyService | undefined)[]): DutyView {
  const named = specs.map(
    (spec, at) => [`n${at}`, placementFactsOf({ metadata: { name: `n${at}` }, spec })] as const,
  )
  const served = keys.map((key) => [`slice of ${key}`, { service: key, servingOn: ['n0'] }] as const)
  const node = { labels: {}, cordoned: false, networkUnavailable: false }
  return {
    speakers: new Map(named),
    services: new Map(services.flatMap((each, at) => (each ? [[keys[at] ?? '', each]] : []))),
    slices: new Map(served),
    nodes: new Map(['n0', 'n1'].map((name) => [name, { ...node, name }])),
    pools: new Map(),
  }
}

function duties(view: DutyView): readonly unknown[] {
  const sorted = dutiesOf(view, ['eth0']).map((duty) => ({ ...duty, address: formatAddress(duty.address) }))
  return sorted.toSorted((a, b) => (a.address < b.address ? -1 : 1))
}

const specs = fc.array(
  fc.array(placement, { maxLength: 3 }).map((placed) => ({ revision: 3, addresses: placed })),
  { minLength: 2, maxLength: 2 },
)

const maybe = fc.option(service, { nil: undefined, freq: 3 })

test('a Service about which nothing new is said that way leaves every duty as it is', () => {
  fc.assert(
    fc.property(specs, service, maybe, maybe, (given, other, before, after) => {
      const [then, now] = [viewOf(given, [before, other]), viewOf(given, [after, other])]
      if (isPlacedSo(now.speakers, 'shop/a', after, before)) expect(duties(now)).toEqual(duties(then))
    }),
    { numRuns: 4_000 },
  )
})

test('a Service that comes, changes and goes without an address is nothing new, unless one is placed for it', () => {
  const placed = { address: '10.0.0.1', revision: 1, pool: 'lan', services: ['shop/a'] }
  const { speakers } = viewOf([{ revision: 1, addresses: [placed] }], [])
  const waiting: DutyService = { ...plain, tcpPort: 80 }
  expect(isPlacedSo(speakers, 'shop/b', waiting, undefined)).toBe(true)
  expect(isPlacedSo(speakers, 'shop/b', undefined, waiting)).toBe(true)
  expect(isPlacedSo(speakers, 'shop/b', { ...waiting, policy: 'Local' }, waiting)).toBe(true)
  expect(isPlacedSo(speakers, 'shop/a', waiting, undefined)).toBe(false)
  expect(isPlacedSo(speakers, 'shop/a', undefined, waiting)).toBe(false)
  expect(isPlacedSo(speakers, 'shop/b', undefined, { ...waiting, holds: ['10.0.0.1'] })).toBe(false)
})

test('an address that becomes public as it was placed is nothing new, and any other is', () => {
  const placed = { address: '10.0.0.1', revision: 1, pool: 'lan', services: ['shop/a'] }
  const { speakers } = viewOf([{ revision: 1, addresses: [placed] }], [])
  const waiting: DutyService = { ...plain, tcpPort: 80 }
  const given = { ...waiting, holds: ['10.0.0.1'] }
  expect(isPlacedSo(speakers, 'shop/a', given, waiting)).toBe(true)
  expect(isPlacedSo(speakers, 'shop/a', waiting, given)).toBe(true)
  expect(isPlacedSo(speakers, 'shop/b', given, waiting)).toBe(false)
  expect(isPlacedSo(speakers, 'shop/a', { ...waiting, holds: ['10.0.0.2'] }, waiting)).toBe(false)
  expect(isPlacedSo(speakers, 'shop/a', { ...given, policy: 'Local' }, waiting)).toBe(false)
  expect(isPlacedSo(speakers, 'shop/a', { ...given, preferredNode: 'n1' }, waiting)).toBe(false)
  const twice = viewOf([{ revision: 2, addresses: [{ ...placed, revision: 2, services: [] }, placed] }], [])
  expect(isPlacedSo(twice.speakers, 'shop/a', given, waiting)).toBe(false)
})
