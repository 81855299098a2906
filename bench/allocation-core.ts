import { begin, put, remove } from '../src/core/allocation/allocation.ts'
import type { Allocation } from '../src/core/allocation/allocation.ts'
import type { Claim } from '../src/core/allocation/claim.ts'
import { decide } from '../src/core/allocation/decide.ts'
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

/**
 * How many Services a second core answers, by how many addresses are held already; the best of a few rounds. Once the
 * decision alone, and once with all that is noted of it, so that the next one knows: mostly what it costs to add to
 * large Maps.
 */
export function benchAllocationCore(): void {
  heading('Decisions a second in core, each a new Service that gets an address, by how many are held')
  row('', ...sizes.map((size) => size.toLocaleString('en')), 'fewest/most')
  for (const [network, family] of networks) {
    const worlds = sizes.map((size) => worldOf(network, family, size))
    printRates(`${network}, decided`, worlds, (world) => decideRound(world, family))
    printRates(`${network}, decided and noted`, worlds, (world, round) => noteRound(world, family, round))
  }
}

function printRates(
  name: string,
  worlds: readonly Allocation[],
  rateOf: (world: Allocation, round: number) => number,
): void {
  const rates = worlds.map((world) => {
    const figures = Array.from({ length: rounds + 1 }, (_, round) => rateOf(world, round))
    return Math.max(...figures.slice(1))
  })
  const slowdown = (rates[0] as number) / (rates.at(-1) as number)
  row(name, ...rates.map((rate) => Math.round(rate).toLocaleString('en')), slowdown.toFixed(2))
}

function worldOf(network: string, family: Family, held: number): Allocation {
  const pool = poolOf('wide', addressPoolSpec.parse({ addresses: [network] }))
  const claims = Array.from({ length: held }, (_, at) => claimOf(`shop/held-${at}`, family, at))
  return begin([pool], claims, [], 0)
}

function decideRound({ pools, ledger }: Allocation, family: Family): number {
  const batch = Array.from({ length: 100 }, (_, at) => claimOf(`web/${at}`, family, at))
  let decisions = 0
  const start = performance.now()
  while (performance.now() < start + roundMs) {
    for (const claim of batch) decide(claim, pools, ledger)
    decisions += batch.length
  }
  return (1000 * decisions) / (performance.now() - start)
}

/** Services that come and go, no two of one name: only their coming is timed. */
function noteRound(world: Allocation, family: Family, round: number): number {
  let decisions = 0
  let spentMs = 0
  const end = performance.now() + roundMs
  while (performance.now() < end) {
    const batch = Array.from({ length: 100 }, (_, at) =>
      claimOf(`web-${round}/${decisions + at}`, family, at),
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
