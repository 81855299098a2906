import { isDeepStrictEqual } from 'node:util'
import { candidatesOf, eligibleOf, everywhere, nameOf } from '../../core/election/candidates.ts'
import type {
  Candidate,
  CandidateNode,
  CandidatePool,
  CandidateService,
} from '../../core/election/candidates.ts'
import { whyNobody } from '../../core/election/exclusion-words.ts'
import type { SliceFacts } from '../../core/election/node-facts.ts'
import { wishFor } from '../../core/election/wish.ts'
import type { Wish } from '../../core/election/wish.ts'
import { keyOf } from '../../core/allocation/ledger.ts'
import type { Holding, Ledger } from '../../core/allocation/ledger.ts'
import { formatAddress } from '../../core/ip/address.ts'
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
  /** Why no node may announce it, in words; undefined when one may. */
  readonly obstacle: string | undefined
  readonly isServed: boolean
  /** What its Services ask for. */
  readonly wish: Wish | undefined
  readonly preferredNode: string | undefined
}

/** Who holds what. */
type Holders = Pick<Ledger, 'holders' | 'holdings'>

/** What is another thing than before about the addresses that are held. */
export interface LeasedChanges {
  /** Held only now, or held before and not as they are now. */
  readonly changed: readonly LeasedAddress[]
  /** Held by nobody any more. */
  readonly gone: readonly LeasedAddress[]
}

/**
 * What the nodes, pools and endpoints say about the addresses that are held. Only those are looked at that something
 * was said about: a change of one Service costs the same however many others there are.
 */
export class LanView {
  readonly #cluster: Cluster
  readonly #slices: SliceIndex
  readonly #leased = new Map<bigint, LeasedAddress>()
  readonly #held = new Map<string, readonly Address[]>()
  /** The addresses to look at. */
  readonly #due = new Set<bigint>()
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
    this.#lookAtAll()
  }

  poolsChanged(pools: readonly Pool[]): void {
    this.#pools = new Map(pools.map(({ name, announce }) => [name, announce]))
    this.#lookAtAll()
  }

  /** A Service or its endpoints changed, or it was decided anew; `addresses` are those it holds now. */
  heldChanged(service: string, addresses: readonly Address[]): void {
    for (const address of this.#held.get(service) ?? []) this.#due.add(keyOf(address))
    for (const address of addresses) this.#due.add(keyOf(address))
    if (addresses.length > 0) this.#held.set(service, addresses)
    else this.#held.delete(service)
  }

  /** A slice changed, was added or is gone. */
  sliceChanged(slice: string, before: SliceFacts | undefined, after: SliceFacts | undefined): void {
    this.#slices.replace(slice, before, after)
  }

  /** Looks at the addresses that something was said about since this was asked last. */
  changes(ledger: Holders): LeasedChanges {
    const changed: LeasedAddress[] = []
    const gone: LeasedAddress[] = []
    // With policy Local every rollout brings new lists.
    if (this.#lists.size > ledger.holders.size) this.#lists.clear()
    for (const key of this.#due) {
      const before = this.#leased.get(key)
      const after = this.#leasedAt(key, ledger)
      if (after && !(before && isSame(before, after))) {
        this.#leased.set(key, after)
        changed.push(after)
      }
      if (before && !after) {
        this.#leased.delete(key)
        gone.push(before)
      }
    }
    this.#due.clear()
    return { changed, gone }
  }

  #lookAtAll(): void {
    for (const key of this.#leased.keys()) this.#due.add(key)
  }

  #leasedAt(key: bigint, { holders, holdings }: Holders): LeasedAddress | undefined {
    const services = [...(holders.get(key) ?? [])].toSorted()
    const [first] = services
    if (first === undefined) return undefined
    const { pool, addresses } = holdings.get(first) as Holding
    const address = addresses.find((each) => keyOf(each) === key) as Address
    return this.#lookAt(address, pool ?? '', services)
  }

  #lookAt(address: Address, pool: string, services: readonly string[]): LeasedAddress {
    const view = {
      nodes: (this.#nodes ??= this.#candidateNodes()),
      pool: { ...(this.#pools.get(pool) ?? everywhere), name: pool },
      services: services.flatMap((service) => this.#candidateService(service)),
    }
    const candidates = candidatesOf(address, view)
    const isServed = view.services.some(({ servingOn }) => servingOn.size > 0)
    const obstacle = isServed && candidates.length === 0 ? whyNobody(address, view) : undefined
    const wish = wishFor(address, view)
    return {
      key: formatAddress(address),
      address,
      pool,
      services,
      candidates: this.#shared(isServed ? candidates : eligibleOf(address, view)),
      obstacle,
      isServed,
      wish,
      preferredNode: wish?.isName === true ? wish.node : undefined,
    }
  }

  /** One list for all addresses that have the same candidates. */
  #shared(candidates: readonly Candidate[]): readonly Candidate[] {
    const text = candidates.map(nameOf).join()
    const known = this.#lists.get(text) ?? candidates
    this.#lists.set(text, known)
    return known
  }

  #candidateNodes(): readonly CandidateNode[] {
    return [...this.#cluster.nodes.records.values()].map(({ key, facts }) => {
      const speaker = this.#cluster.speakers.get(key)?.facts
      return { ...facts, interfaces: speaker?.interfaces, proxyUnhealthy: speaker?.proxyUnhealthy }
    })
  }

  #candidateService(key: string): readonly CandidateService[] {
    const service = this.#cluster.services.get(key)
    if (!service) return []
    const { trafficPolicy: policy, preferredNode } = service.facts
    return [{ policy, preferredNode, servingOn: this.#slices.servingOn(key) }]
  }
}

function isSame(a: LeasedAddress, b: LeasedAddress): boolean {
  if (a.pool !== b.pool || a.candidates !== b.candidates) return false
  if (a.obstacle !== b.obstacle || a.isServed !== b.isServed) return false
  return isDeepStrictEqual([a.wish, a.services], [b.wish, b.services])
}
