import type { LabelSelector } from '../api/label-selector.ts'
import { excludeLabel } from '../api/names.ts'
import type { Address } from '../ip/address.ts'
import { contains } from '../ip/range.ts'
import type { Range } from '../ip/range.ts'
import { matchesGlob } from '../pool/glob.ts'
import { matchesAny } from '../pool/selector.ts'
import type { Labels } from '../pool/selector.ts'

/** A node that may announce an address; one of last resort only while no other lives. */
export interface Candidate {
  readonly node: string
  readonly lastResort: boolean
}

/** What matters of a node. */
export interface CandidateNode {
  readonly name: string
  readonly labels: Labels
  readonly cordoned: boolean
  readonly networkUnavailable: boolean
  /** Its usable interfaces as its speaker reports them; undefined while nothing is known. */
  readonly interfaces?: readonly CandidateInterface[] | undefined
}

/** One usable interface and the subnets on it. */
export interface CandidateInterface {
  readonly name: string
  readonly prefixes: readonly Range[]
}

/** What the address's pool says about announcing. Empty lists choose everything. */
export interface CandidatePool {
  readonly enabled: boolean
  readonly interfaces: readonly string[]
  readonly nodeSelectors?: readonly LabelSelector[] | undefined
}

/** What one Service that holds the address says: its policy, and where its serving endpoints are. */
export interface CandidateService {
  readonly policy: 'Cluster' | 'Local'
  /** A serving endpoint without a node counts for every node: it is listed as undefined. */
  readonly servingOn: ReadonlySet<string | undefined>
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
export function eligibleOf(address: Address, view: CandidateView): readonly Candidate[] {
  if (!view.pool.enabled) return []
  const nodes = [...view.nodes].filter((node) => isChosen(node, view.pool))
  const near = nodes.filter((node) => isOnSegment(node, address, view.pool))
  return (near.length > 0 ? near : nodes).map((node) => ({ node: node.name, lastResort: node.cordoned }))
}

function isChosen(node: CandidateNode, pool: CandidatePool): boolean {
  if (node.networkUnavailable || Object.hasOwn(node.labels, excludeLabel)) return false
  if (!chooses(pool.nodeSelectors ?? [], node.labels)) return false
  return node.interfaces === undefined || node.interfaces.some(({ name }) => isUsable(name, pool))
}

function chooses(selectors: readonly LabelSelector[], labels: Labels): boolean {
  return selectors.length === 0 || matchesAny(selectors, labels)
}

function isUsable(name: string, pool: CandidatePool): boolean {
  return pool.interfaces.length === 0 || pool.interfaces.some((pattern) => matchesGlob(pattern, name))
}

function isOnSegment(node: CandidateNode, address: Address, pool: CandidatePool): boolean {
  return (node.interfaces ?? []).some(
    ({ name, prefixes }) => isUsable(name, pool) && prefixes.some((prefix) => contains(prefix, address)),
  )
}

function serves({ policy, servingOn }: CandidateService, node: string): boolean {
  if (policy === 'Cluster') return servingOn.size > 0
  return servingOn.has(node) || servingOn.has(undefined)
}
