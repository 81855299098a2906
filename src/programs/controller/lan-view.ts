import { candidatesOf, eligibleOf, everywhere } from '../../core/election/candidates.ts'
import type {
  Candidate,
  CandidateNode,
  CandidatePool,
  CandidateService,
} from '../../core/election/candidates.ts'
import type { SliceFacts } from '../../core/election/node-facts.ts'
import { keyOf } from '../../core/allocation/ledger.ts'
import type { Holding, Ledger } from '../../core/allocation/ledger.ts'
import { compareAddresses, formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'
import type { Pool } from '../../core/pool/pool.ts'
import type { Cluster } from './cluster.ts'
import { SliceIndex } from './slice-index.ts'

/** One address that Services hold, and which nodes may announce it. */
export interface LeasedAddress {
  readonly key: string
  readonly address: Address
  readonly pool: string
  readonly services: readonly string[]
  /** Who may announce it now or, while nothing serves behind it, who could. */
  readonly candidates: readonly Candidate[]
  readonly hasCandidate: boolean
  readonly isServed: boolean
}

/** What the nodes, pools and endpoints say about the addresses that are held, with what did not change kept from before. */
export class LanView {
  readonly #cluster: Cluster
  readonly #slices: SliceIndex
  readonly #known = new Map<bigint, LeasedAddress>()
  readonly #lists = new Map<string, readonly Candidate[]>()
  #nodes: readonly CandidateNode[] | undefined
  #pools = new Map<string, CandidatePool>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#slices = new SliceIndex(cluster.slices.records.values())
  }

  /** Nodes or their interfaces changed: every address is looked at anew. */
  nodesChanged(): void {
    this.#nodes = undefined
    this.#lists.clear()
    this.#known.clear()
  }

  poolsChanged(pools: readonly Pool[]): void {
    this.#pools = new Map(pools.map(({ name, announce }) => [name, announce]))
    this.#known.clear()
  }

  /** A Service or its endpoints changed; `addresses` are those it holds. */
  heldChanged(addresses: readonly Address[]): void {
    for (const address of addresses) this.#known.delete(keyOf(address))
  }

  /** A slice changed, was added or is gone. */
  sliceChanged(slice: string, before: SliceFacts | undefined, after: SliceFacts | undefined): void {
    this.#slices.replace(slice, before, after)
  }

  /** Every address of the ledger, in order. */
  addresses({ holders, holdings }: Ledger): readonly LeasedAddress[] {
    if (this.#known.size > holders.size)
      for (const key of this.#known.keys()) if (!holders.has(key)) this.#known.delete(key)
    // With policy Local every rollout brings new lists.
    if (this.#lists.size > holders.size) this.#lists.clear()
    const leased = [...holders].map(([key, claims]) => this.#leased(key, claims, holdings))
    return leased.toSorted((a, b) => compareAddresses(a.address, b.address))
  }

  #leased(key: bigint, claims: ReadonlySet<string>, holdings: Ledger['holdings']): LeasedAddress {
    const known = this.#known.get(key)
    if (known && known.services.length === claims.size && known.services.every((each) => claims.has(each)))
      return known
    const services = [...claims].toSorted()
    const { pool, addresses } = holdings.get(services[0] as string) as Holding
    const address = addresses.find((each) => keyOf(each) === key) as Address
    const leased = this.#lookAt(address, pool ?? '', services)
    this.#known.set(key, leased)
    return leased
  }

  #lookAt(address: Address, pool: string, services: readonly string[]): LeasedAddress {
    const view = {
      nodes: (this.#nodes ??= this.#candidateNodes()),
      pool: this.#pools.get(pool) ?? everywhere,
      services: services.flatMap((service) => this.#candidateService(service)),
    }
    const candidates = candidatesOf(address, view)
    const isServed = view.services.some(({ servingOn }) => servingOn.size > 0)
    const hasCandidate = candidates.length > 0
    return {
      key: formatAddress(address),
      address,
      pool,
      services,
      candidates: this.#shared(isServed ? candidates : eligibleOf(address, view)),
      hasCandidate,
      isServed,
    }
  }

  /** One list for all addresses that have the same candidates. */
  #shared(candidates: readonly Candidate[]): readonly Candidate[] {
    const text = candidates.map(({ node, lastResort }) => (lastResort ? `${node}!` : node)).join()
    const known = this.#lists.get(text) ?? candidates
    this.#lists.set(text, known)
    return known
  }

  #candidateNodes(): readonly CandidateNode[] {
    return [...this.#cluster.nodes.records.values()].map(({ key, facts }) => {
      return { ...facts, interfaces: this.#cluster.speakers.get(key)?.facts.interfaces }
    })
  }

  #candidateService(key: string): readonly CandidateService[] {
    const service = this.#cluster.services.get(key)
    return service ? [{ policy: service.facts.trafficPolicy, servingOn: this.#slices.servingOn(key) }] : []
  }
}
