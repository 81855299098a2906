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
 * gets what comes next, and its share of the rest only in a rebalance (rebalance.ts).
 *
 * An address that has to go somewhere goes to the nodes that are preferred most, whatever the others have; balance
 * is between equals. What is placed does not move for a preference, but for a Service that asks for another node than
 * it did when its address was placed: that is a request to move. It is looked at once; where the node cannot announce
 * the address then, nothing moves for it later, unless its speaker was only away for a moment.
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
  /** The node that these Services ask for. */
  readonly preferredNode?: string | undefined
}

/** Where an address is placed, and by which revision: one counter for the whole cluster. */
export interface Placed {
  readonly node: string
  readonly revision: number
  /** The node that its Services asked for then. */
  readonly preferredNode?: string | undefined
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
  balance(
    free.map(({ key, best }) => ({ key, options: best })),
    nodes,
    loads,
  )
  return numbered(view, nodes)
}

/** An address with the nodes that may get it now. */
export interface Choice extends Placeable {
  readonly options: readonly string[]
  /** Those of them that are preferred most. */
  readonly best: readonly string[]
}

type Options = Pick<Choice, 'options' | 'best'>

/** Addresses mostly share a few lists of candidates; each list is looked at once. */
export function choicesOf({ addresses, live }: Pick<PlacementView, 'addresses' | 'live'>): readonly Choice[] {
  const known = new Map<readonly Candidate[], Options>()
  return addresses.map((placeable) => {
    const { candidates } = placeable
    const options = known.get(candidates) ?? optionsOf(candidates, live)
    known.set(candidates, options)
    return { ...placeable, ...options }
  })
}

/** The live candidates that are not of last resort, or else those that are. */
function optionsOf(candidates: readonly Candidate[], live: ReadonlySet<string>): Options {
  const able = candidates.filter(({ node }) => live.has(node))
  const good = able.filter(({ lastResort }) => !lastResort)
  const options = good.length > 0 ? good : able
  const most = options.reduce((greatest, { preference = 0 }) => Math.max(greatest, preference), 0)
  const best = options.filter(({ preference = 0 }) => preference === most)
  return { options: options.map(({ node }) => node), best: best.map(({ node }) => node) }
}

/** Notes where the address stays; false when it needs another node. */
function staysOn(choice: Choice, { current, away }: PlacementView, nodes: Map<string, string>): boolean {
  const { key, options } = choice
  const before = current.get(key)
  if (before === undefined) return options.length === 0
  if (isAskedAway(choice, before)) return false
  if (options.length > 0 && !mayStay(choice, before.node, away)) return false
  nodes.set(key, before.node)
  return true
}

/** What is on a node that is away waits for it. */
function mayStay({ candidates, options }: Choice, node: string, away: ReadonlySet<string>): boolean {
  if (options.includes(node)) return true
  return away.has(node) && candidates.some((each) => each.node === node && !each.lastResort)
}

/** Whether its Services ask for another node than they did when it was placed, and that one can have it now. */
function isAskedAway({ preferredNode, options }: Choice, before: Placed): boolean {
  if (preferredNode === undefined || preferredNode === before.preferredNode) return false
  return before.node !== preferredNode && options.includes(preferredNode)
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
 * Those with the fewest options first; each to the least loaded of the nodes preferred most, or among equals to one where the same Service has
 * its other address, or else to the first by rank of election.
 */
function placeFree(
  free: readonly Choice[],
  loads: Map<string, number>,
  nodes: Map<string, string>,
  homes: Homes,
): void {
  const load = (node: string): number => loads.get(node) as number
  for (const choice of free.toSorted((a, b) => a.best.length - b.best.length)) {
    const { key, address, best: options, services = [] } = choice
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
  { addresses, current, revision, away }: PlacementView,
  nodes: ReadonlyMap<string, string>,
): Placement {
  const placed = new Map<string, Placed>()
  let latest = revision
  for (const { key, preferredNode } of addresses) {
    const node = nodes.get(key)
    if (node === undefined) continue
    const before = current.get(key)
    const isPutOff = preferredNode !== undefined && preferredNode !== node && away.has(preferredNode)
    const heard = isPutOff ? before?.preferredNode : preferredNode
    placed.set(key, before?.node === node ? hearing(before, heard) : placedOn(node, ++latest, heard))
  }
  return { placed, revision: latest }
}

/** Where nothing else is new, that the Services ask for another node is no newer placement. */
function hearing(before: Placed, preferredNode: string | undefined): Placed {
  const { node, revision } = before
  return before.preferredNode === preferredNode ? before : placedOn(node, revision, preferredNode)
}

/** What nobody asked for is not spoken of. */
function placedOn(node: string, revision: number, preferredNode: string | undefined): Placed {
  return preferredNode === undefined ? { node, revision } : { node, revision, preferredNode }
}
