import type { Duty } from '../../core/election/event.ts'
import {
  candidatesOf,
  everywhere,
  type Candidate,
  type CandidateNode,
  type CandidatePool,
  type CandidateService,
} from '../../core/election/candidates.ts'
import type { NodeFacts, SliceFacts } from '../../core/election/node-facts.ts'
import { parseAddress, type Address } from '../../core/ip/address.ts'
import { contains } from '../../core/ip/range.ts'
import { matchesGlob } from '../../core/pool/glob.ts'
import type { PlacedAddress, PoolView, ServiceView, SpeakerView } from './projections.ts'

/** The cluster as its API server showed it last, each kind by its key. */
export interface ClusterView {
  readonly speakers: ReadonlyMap<string, SpeakerView>
  readonly services: ReadonlyMap<string, ServiceView>
  readonly slices: ReadonlyMap<string, SliceFacts>
  readonly nodes: ReadonlyMap<string, NodeFacts & { readonly uid?: string }>
  readonly pools: ReadonlyMap<string, PoolView>
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
export function dutiesOf(view: ClusterView, ownInterfaces: readonly string[]): readonly Duty[] {
  const nodes = candidateNodesOf(view)
  const servingOn = servingOf(view)
  const shared = sharedLists<Candidate>(({ node, lastResort }) => (lastResort ? `${node}!` : node))
  return heldAddresses(view).flatMap(({ address, placement, services }) => {
    const behind = [...services].flatMap((key) => candidateServiceOf(key, view, servingOn))
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

function candidateNodesOf({ nodes, speakers }: ClusterView): readonly CandidateNode[] {
  return [...nodes.values()].map((node) => ({ ...node, interfaces: speakers.get(node.name)?.interfaces }))
}

/** For each Service the nodes that serve it, over all its slices. */
function servingOf({ slices }: ClusterView): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const serving = new Map<string, Set<string | undefined>>()
  for (const { service, servingOn } of slices.values()) {
    const nodes = serving.get(service) ?? new Set()
    for (const node of servingOn) nodes.add(node)
    serving.set(service, nodes)
  }
  return serving
}

function heldAddresses(view: ClusterView): readonly Held[] {
  const placements = newestPlacements(view)
  const holders = holdersOf(view)
  const texts = new Set([...placements.keys(), ...holders.keys()])
  return [...texts].flatMap((text) => {
    const placement = placements.get(text)
    const address = placement?.address ?? parseAddress(text)
    const services = new Set([...(placement?.services ?? []), ...(holders.get(text) ?? [])])
    return address ? [{ address, placement, services }] : []
  })
}

/** While an address moves it may stand in two objects: the newer placement holds. */
function newestPlacements({ speakers }: ClusterView): ReadonlyMap<string, NonNullable<Held['placement']>> {
  const newest = new Map<string, NonNullable<Held['placement']>>()
  for (const { key: node, placements } of speakers.values()) {
    for (const placement of placements) {
      if (placement.revision < (newest.get(placement.text)?.revision ?? 0)) continue
      newest.set(placement.text, { ...placement, node })
    }
  }
  return newest
}

function holdersOf({ services }: ClusterView): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>()
  for (const { key, holds } of services.values()) {
    for (const text of holds) holders.set(text, [...(holders.get(text) ?? []), key])
  }
  return holders
}

function candidateServiceOf(
  key: string,
  { services }: ClusterView,
  serving: ReadonlyMap<string, ReadonlySet<string | undefined>>,
): readonly CandidateService[] {
  const service = services.get(key)
  if (!service?.wantsAddress) return []
  return [{ policy: service.policy, servingOn: serving.get(key) ?? new Set() }]
}

/** Addresses that were given stay announced when their pool is gone. */
function poolOf(address: Address, name: string | undefined, { pools }: ClusterView): CandidatePool {
  const named = name === undefined ? undefined : pools.get(name)
  const pool =
    named ?? [...pools.values()].find(({ ranges }) => ranges.some((range) => contains(range, address)))
  return pool?.candidates ?? everywhere
}

function interfacesFor(pool: CandidatePool, own: readonly string[]): readonly string[] | undefined {
  if (pool.interfaces.length === 0) return undefined
  return own.filter((name) => pool.interfaces.some((glob) => matchesGlob(glob, name)))
}
