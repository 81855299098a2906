import { begin, put, remove } from '../src/core/allocation/allocation.ts'
import type { Allocation } from '../src/core/allocation/allocation.ts'
import type { Claim } from '../src/core/allocation/claim.ts'
import { addressPoolSpec } from '../src/core/api/address-pool.ts'
import type { Family } from '../src/core/ip/address.ts'
import { poolOf } from '../src/core/pool/pool.ts'
import { heading, row } from './figures.ts'

const networks = [
  ['10.0.0.0/8', 'IPv4'],
  ['fd00::/64', 'IPv6'],
] as const
const sizes = [100, 10_000, 100_000] as const

/** How long each figure is taken for. */
const roundMs = 200
const rounds = 5

/** How many Services a second core answers, by how many addresses are held already; the best of a few rounds. */
export function benchAllocationCore(): void {
  heading('Decisions a second in core, each a new Service that gets an address, by how many are held')
  row('', ...sizes.map((size) => size.toLocaleString('en')), 'fewest/most')
  for (const [network, family] of networks) {
    const rates = sizes.map((size) => rateOf(network, family, size))
    const slowdown = (rates[0] as number) / (rates.at(-1) as number)
    row(network, ...rates.map((rate) => Math.round(rate).toLocaleString('en')), slowdown.toFixed(2))
  }
}

function rateOf(network: string, family: Family, held: number): number {
  const pool = poolOf('wide', addressPoolSpec.parse({ addresses: [network] }))
  const claims = Array.from({ length: held }, (_, at) => claimOf(`shop/held-${at}`, family, at))
  const world = begin([pool], claims, [], 0)
  const figures = Array.from({ length: rounds + 1 }, (_, round) => roundOf(world, family, `round-${round}`))
  return Math.max(...figures.slice(1))
}

/** Services that come and go, no two of one name: only their coming is timed. */
function roundOf(world: Allocation, family: Family, namespace: string): number {
  let decisions = 0
  let spentMs = 0
  const end = performance.now() + roundMs
  while (performance.now() < end) {
    const batch = Array.from({ length: 100 }, (_, at) =>
      claimOf(`${namespace}/${decisions + at}`, family, at),
    )
    const start = performance.now()
    for (const claim of batch) put(world, claim, 0)
    spentMs += performance.now() - start
    decisions += batch.length
    for (const { key } of batch) remove(world, key, 0)
  }
  return (1000 * decisions) / spentMs
}

function claimOf(key: string, family: Family, arrival: number): Claim {
  const [namespace = ''] = key.split('/')
  return {
    key,
    namespace,
    createdAt: '2024-01-01T00:00:00Z',
    arrival,
    wantsLoadBalancer: true,
    families: [family],
    familyPolicy: 'SingleStack',
    asksFor: [],
    asksPool: undefined,
    problem: undefined,
    sharing: { namespace, sharesWith: [], key: undefined, ports: ['TCP 80'], backend: '' },
    labels: {},
    namespaceLabels: {},
    holds: [],
    remarks: [],
  }
}
