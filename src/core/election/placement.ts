import type { Address } from '../ip/address.ts'
import { balance } from './balance.ts'
import { comesBefore } from './bid.ts'
import type { Candidate } from './candidates.ts'
import { hashKey } from './hash.ts'
import { keyOf } from './key.ts'

/*
 * Placement names the node that should announce an address. What is placed stays where it is while it can; what is
 * not goes to the node with the fewest addresses, so that among nodes that may announce the same addresses the
 * most and the least differ by one at most. A leaving node's share moves and nothing else does; a joining node
 * gets what comes next, and its share of the rest only in a rebalance.
 *
 * Where that leaves a choice, an address goes to the node of the same Service's other address.
 *
 * A node of last resort (a cordoned one) keeps an address only while no other candidate lives. A node whose
 * speaker is away for a moment (a restart, a failover under way) keeps what it has and gets nothing: the speakers
 * settle who stands in, and the controller follows them.
 */

/** An address that is to be placed, and who may announce it. */
export interface Placeable {
  readonly key: string
  readonly address: Address
  readonly candidates: readonly Candidate[]
  /** The Services that hold it, which may hold one of the other family, too. */
  readonly services?: readonly string[]
}

/** Where an address is placed, and by which revision: one counter for the whole cluster. */
export interface Placed {
  readonly node: string
  readonly revision: number
}

/** All that placement depends on. */
export interface PlacementView {
  /** The addresses to place: all, or those about which something changed while nobody came or went. */
  readonly addresses: readonly Placeable[]
  /** How many addresses each node has besides these, and keeps. */
  readonly others?: ReadonlyMap<string, number>
  /** Nodes with a live speaker. */
  readonly live: ReadonlySet<string>
  /** Nodes whose speaker is away, but not for long yet. */
  readonly away: ReadonlySet<string>
  readonly current: ReadonlyMap<string, Placed>
  /** The greatest revision that was ever given. */
  readonly revision: number
  /** Whether what is placed may move for balance alone. */
  readonly rebalance: boolean
}

/** A placement of all addresses that have a live candidate, or had one. */
export interface Placement {
  readonly placed: ReadonlyMap<string, Placed>
  readonly revision: number
}

/** Of placements that stand in the API, the newest of each address: while one moves it may stand in two Speakers. */
export function newestPlaced<P extends Placed>(
  standing: Iterable<readonly [key: string, placed: P]>,
): ReadonlyMap<string, P> {
  const newest = new Map<string, P>()
  for (const [key, placed] of standing) {
    if (placed.revision >= (newest.get(key)?.revision ?? 0)) newest.set(key, placed)
  }
  return newest
}

/** Places each of the addresses; those whose node changes get the next revisions. */
export function place(view: PlacementView): Placement {
  const choices = choicesOf(view)
  const nodes = new Map<string, string>()
  const free = choices.filter((choice) => !staysOn(choice, view, nodes))
  const loads = loadsOf(view, nodes)
  placeFree(free, loads, nodes, homesOf(choices, nodes))
  balance(view.rebalance ? choices : free, nodes, loads)
  return numbered(view, nodes)
}

/** An address with the nodes that may get it now. */
interface Choice extends Placeable {
  readonly options: readonly string[]
}

/** Addresses mostly share a few lists of candidates; each list is looked at once. */
function choicesOf({ addresses, live }: PlacementView): readonly Choice[] {
  const known = new Map<readonly Candidate[], readonly string[]>()
  return addresses.map((placeable) => {
    const { candidates } = placeable
    const options = known.get(candidates) ?? optionsOf(candidates, live)
    known.set(candidates, options)
    return { ...placeable, options }
  })
}

/** The live candidates that are not of last resort, or else those that are. */
function optionsOf(candidates: readonly Candidate[], live: ReadonlySet<string>): readonly string[] {
  const able = candidates.filter(({ node }) => live.has(node))
  const good = able.filter(({ lastResort }) => !lastResort)
  return (good.length > 0 ? good : able).map(({ node }) => node)
}

/** Notes where the address stays; false when it needs another node. */
function staysOn(choice: Choice, { current, away }: PlacementView, nodes: Map<string, string>): boolean {
  const { key, candidates, options } = choice
  const node = current.get(key)?.node
  if (node === undefined) return options.length === 0
  const isAway = away.has(node) && candidates.some((each) => each.node === node && !each.lastResort)
  if (options.length > 0 && !options.includes(node) && !isAway) return false
  nodes.set(key, node)
  return true
}

function loadsOf(
  { live, others = new Map() }: PlacementView,
  nodes: ReadonlyMap<string, string>,
): Map<string, number> {
  const loads = new Map([...[...live].map((node) => [node, 0] as const), ...others])
  for (const node of nodes.values()) loads.set(node, (loads.get(node) ?? 0) + 1)
  return loads
}

/** The nodes on which each Service has an address already. */
type Homes = Map<string, Set<string>>

function homesOf(choices: readonly Choice[], nodes: ReadonlyMap<string, string>): Homes {
  const homes: Homes = new Map()
  for (const choice of choices) noteHome(homes, choice, nodes.get(choice.key))
  return homes
}

function noteHome(homes: Homes, { services = [] }: Choice, node: string | undefined): void {
  if (node === undefined) return
  for (const service of services) homes.set(service, (homes.get(service) ?? new Set()).add(node))
}

/**
 * Those with the fewest options first; each to the least loaded node, or among equals to one where the same Service has
 * its other address, or else to the first by rank of election.
 */
function placeFree(
  free: readonly Choice[],
  loads: Map<string, number>,
  nodes: Map<string, string>,
  homes: Homes,
): void {
  const load = (node: string): number => loads.get(node) as number
  for (const choice of free.toSorted((a, b) => a.options.length - b.options.length)) {
    const { key, address, options, services = [] } = choice
    const hash = hashKey(keyOf(address))
    const isHome = (node: string): boolean => services.some((service) => homes.get(service)?.has(node))
    const node = options.reduce((best, other) => {
      if (load(other) !== load(best)) return load(other) < load(best) ? other : best
      if (isHome(other) !== isHome(best)) return isHome(other) ? other : best
      return comesBefore(hash, other, best) ? other : best
    })
    nodes.set(key, node)
    noteHome(homes, choice, node)
    loads.set(node, load(node) + 1)
  }
}

function numbered(
  { addresses, current, revision }: PlacementView,
  nodes: ReadonlyMap<string, string>,
): Placement {
  const placed = new Map<string, Placed>()
  let latest = revision
  for (const { key } of addresses) {
    const node = nodes.get(key)
    if (node === undefined) continue
    const before = current.get(key)
    placed.set(key, before?.node === node ? before : { node, revision: ++latest })
  }
  return { placed, revision: latest }
}
