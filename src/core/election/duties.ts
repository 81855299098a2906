import { parseAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { contains } from '../ip/range.ts'
import { matchesGlob } from '../pool/glob.ts'
import { candidatesOf, everywhere, nameOf } from './candidates.ts'
import type { Candidate, CandidateNode, CandidatePool, CandidateService } from './candidates.ts'
import type { DutyPool, DutyService } from './duty-facts.ts'
import type { Duty } from './event.ts'
import type { SliceFacts } from './node-facts.ts'
import { newestPlaced } from './placement.ts'
import type { PlacedAddress, PlacementFacts } from './speaker-facts.ts'

/** The cluster as its API server showed it last, each kind by its key. */
export interface DutyView {
  readonly speakers: ReadonlyMap<string, PlacementFacts>
  readonly services: ReadonlyMap<string, DutyService>
  readonly slices: ReadonlyMap<string, SliceFacts>
  readonly nodes: ReadonlyMap<string, CandidateNode>
  readonly pools: ReadonlyMap<string, DutyPool>
}

/** One address that somebody holds: by the placement, by Services' status, or by both. */
interface Held {
  readonly address: Address
  readonly placement: (PlacedAddress & { readonly node: string }) | undefined
  readonly services: ReadonlySet<string>
}

/**
 * All addresses that the cluster wants announced, with who should and who may. An address that no Service stands behind
 * any more is none. `ownInterfaces` are the names of this node's usable interfaces.
 */
export function dutiesOf(view: DutyView, ownInterfaces: readonly string[]): readonly Duty[] {
  const nodes = candidateNodesOf(view)
  const servingOn = servingOf(view)
  const shared = sharedLists<Candidate>(nameOf)
  return heldAddresses(view).flatMap(({ address, placement, services }) => {
    const behind = [...services].toSorted().flatMap((key) => candidateServiceOf(key, view, servingOn))
    if (behind.length === 0) return []
    const pool = poolOf(address, placement?.pool, view)
    return {
      address,
      placement: placement && { node: placement.node, revision: placement.revision },
      candidates: shared(candidatesOf(address, { nodes, pool, services: behind })),
      interfaces: interfacesFor(pool, ownInterfaces),
    }
  })
}

/** One list for all that are alike: most addresses have the same candidates, here and, once sent, in the worker. */
function sharedLists<T>(nameOf: (item: T) => string): (list: readonly T[]) => readonly T[] {
  const known = new Map<string, readonly T[]>()
  return (list) => {
    const name = list.map(nameOf).join()
    const same = known.get(name)
    if (!same) known.set(name, list)
    return same ?? list
  }
}

/** The nodes with their interfaces, and the health of their kube-proxy, as their speakers report them. */
export function candidateNodesOf({
  nodes,
  speakers,
}: Pick<DutyView, 'nodes' | 'speakers'>): readonly CandidateNode[] {
  return [...nodes.values()].map((node) => {
    const speaker = speakers.get(node.name)
    return { ...node, interfaces: speaker?.interfaces, proxyUnhealthy: speaker?.proxyUnhealthy }
  })
}

/** For each Service the nodes that serve it, over all its slices. */
function servingOf({ slices }: DutyView): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const serving = new Map<string, Set<string | undefined>>()
  for (const { service, servingOn } of slices.values()) {
    const nodes = serving.get(service) ?? new Set()
    for (const node of servingOn) nodes.add(node)
    serving.set(service, nodes)
  }
  return serving
}

function heldAddresses(view: DutyView): readonly Held[] {
  const placements = newestPlaced(standingPlacements(view))
  const holders = holdersOf(view)
  const texts = new Set([...placements.keys(), ...holders.keys()])
  return [...texts].map((text) => {
    const placement = placements.get(text)
    // What is held is text that was written from an address.
    const address = placement?.address ?? (parseAddress(text) as Address)
    const services = new Set([...(placement?.services ?? []), ...(holders.get(text) ?? [])])
    return { address, placement, services }
  })
}

function* standingPlacements({ speakers }: DutyView): Iterable<[string, NonNullable<Held['placement']>]> {
  for (const [node, { placements }] of speakers) {
    for (const placement of placements) yield [placement.text, { ...placement, node }]
  }
}

function holdersOf({ services }: DutyView): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>()
  for (const [key, { holds }] of services) {
    for (const text of holds) holders.set(text, [...(holders.get(text) ?? []), key])
  }
  return holders
}

function candidateServiceOf(
  key: string,
  { services }: DutyView,
  serving: ReadonlyMap<string, ReadonlySet<string | undefined>>,
): readonly CandidateService[] {
  const service = services.get(key)
  if (!service?.wantsAddress) return []
  const { policy, preferredNode } = service
  return [{ policy, preferredNode, servingOn: serving.get(key) ?? new Set() }]
}

/** Addresses that were given stay announced when their pool is gone. */
function poolOf(address: Address, name: string | undefined, { pools }: DutyView): CandidatePool {
  const named = name === undefined ? undefined : pools.get(name)
  const pool =
    named ?? [...pools.values()].find(({ ranges }) => ranges.some((range) => contains(range, address)))
  return pool?.announce ?? everywhere
}

/** Which of these interfaces the pool is announced on; undefined for all. */
export function interfacesFor(pool: CandidatePool, own: readonly string[]): readonly string[] | undefined {
  if (pool.interfaces.length === 0) return undefined
  return own.filter((name) => pool.interfaces.some((glob) => matchesGlob(glob, name)))
}
