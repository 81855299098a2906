import type { AddressPoolSpec } from '../api/address-pool.ts'
import type { LabelSelector } from '../api/label-selector.ts'
import type { Address } from '../ip/address.ts'
import type { Range } from '../ip/range.ts'
import type { Labels } from '../pool/selector.ts'
import { exclusionOf, isOnSegment, serves } from './exclusion.ts'
import { preferenceOf, wishOf } from './preference.ts'

/** A node that may announce an address; one of last resort only while no other lives. */
export interface Candidate {
  readonly node: string
  readonly lastResort: boolean
  /** How much it is preferred to others; absent where nobody prefers it. */
  readonly preference?: number
}

/** What matters of a node. */
export interface CandidateNode {
  readonly name: string
  readonly labels: Labels
  readonly cordoned: boolean
  readonly networkUnavailable: boolean
  /** Somebody said that it is off and stays off: it has the taint node.kubernetes.io/out-of-service. */
  readonly outOfService?: boolean | undefined
  /** Its kube-proxy answers, and says that it is behind. */
  readonly proxyUnhealthy?: boolean | undefined
  /** Its usable interfaces as its speaker reports them; undefined while nothing is known. */
  readonly interfaces?: readonly CandidateInterface[] | undefined
}

/** One usable interface and the subnets on it. */
export interface CandidateInterface {
  readonly name: string
  readonly prefixes: readonly Range[]
}

/** What the address's pool says about announcing. Empty lists choose everything, and prefer nobody. */
export interface CandidatePool {
  readonly enabled: boolean
  readonly interfaces: readonly string[]
  readonly nodeSelectors?: readonly LabelSelector[] | undefined
  readonly preferredNodes?: AddressPoolSpec['l2']['preferredNodes'] | undefined
  /** Whether what is announced may move so that the nodes are even again; absent, it stays. */
  readonly rebalance?: AddressPoolSpec['l2']['rebalance'] | undefined
}

/** What one Service that holds the address says: its policy, where its serving endpoints are, and which node it asks for. */
export interface CandidateService {
  readonly policy: 'Cluster' | 'Local'
  /** A serving endpoint without a node counts for every node: it is listed as undefined. */
  readonly servingOn: ReadonlySet<string | undefined>
  readonly preferredNode?: string | undefined
}

/** All that decides who may announce one address; liveness comes on top of it. */
export interface CandidateView {
  readonly nodes: Iterable<CandidateNode>
  readonly pool: CandidatePool
  readonly services: readonly CandidateService[]
}

/** A pool that says nothing about announcing: every node, every usable interface. */
export const everywhere: CandidatePool = { enabled: true, interfaces: [] }

/** The nodes that may announce the address now, in the order of `view.nodes`; none where nothing serves behind it. */
export function candidatesOf(address: Address, view: CandidateView): readonly Candidate[] {
  return eligibleOf(address, view).filter(({ node }) =>
    view.services.some((service) => serves(service, node)),
  )
}

/** The nodes that could announce the address if something served behind it on each of them. */
export function eligibleOf(address: Address, { nodes, pool, services }: CandidateView): readonly Candidate[] {
  if (!pool.enabled) return []
  const allowed = [...nodes].filter((node) => exclusionOf(node, pool) === undefined)
  const near = allowed.filter((node) => isOnSegment(node, address, pool))
  const wish = wishOf(services)
  return (near.length > 0 ? near : allowed).map((node) => candidateOf(node, preferenceOf(node, pool, wish)))
}

/** Of two lists of candidates the same text says that they are alike. */
export function nameOf({ node, lastResort, preference = 0 }: Candidate): string {
  return `${node}${lastResort ? '!' : ''}${preference === 0 ? '' : `+${preference}`}`
}

function candidateOf(node: CandidateNode, preference: number): Candidate {
  const { name, cordoned, proxyUnhealthy = false } = node
  const candidate = { node: name, lastResort: cordoned || proxyUnhealthy }
  return preference === 0 ? candidate : { ...candidate, preference }
}
