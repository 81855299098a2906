import { compareAddresses } from '../ip/address.ts'
import { evenOut } from './even-out.ts'
import type { Flow, Group } from './even-out.ts'
import { choicesOf } from './placement.ts'
import type { Choice, Placeable, Placed } from './placement.ts'

/*
 * What a rebalance moves: the fewest addresses after which the nodes are as even as they can be, and what is on another
 * node than those that are preferred most. Of each the fewest, so it can be made a few at a time: whatever part
 * of it has been made, what is left is the rest of it, or something that is as little.
 *
 * An address that has one node to be on, as with policy Local and one endpoint, or that is where it is asked for, never moves.
 * Of several that could as well, one moves that comes to its Service's other address, and last one that would leave that.
 */

/** All that a rebalance depends on. */
export interface RebalanceView {
  /** All addresses that are placed: those that stay count, too. */
  readonly addresses: readonly Placeable[]
  readonly placed: ReadonlyMap<string, Pick<Placed, 'node'>>
  /** Nodes with a live speaker. */
  readonly live: ReadonlySet<string>
  readonly mayMove: ReadonlySet<string>
  /** Of these, those that move only where no other one can in their place. */
  readonly reluctant?: ReadonlySet<string>
}

/** An address that goes from one node to another. */
export interface Shift {
  readonly key: string
  readonly from: string
  readonly to: string
}

/** What a rebalance would move, from the fullest nodes first. */
export function shiftsOf(view: RebalanceView): readonly Shift[] {
  const loads = loadsOf(view)
  const inOrder = view.addresses.toSorted((a, b) => compareAddresses(a.address, b.address))
  const groups = groupsOf(movablesOf(choicesOf({ ...view, addresses: inOrder }), view))
  const flows = evenOut([...groups.keys()], loads)
  const families = new Families(view)
  const shifts = flows.flatMap((flow) => choose(flow, groups, families))
  return shifts.toSorted((a, b) => (loads.get(b.from) ?? 0) - (loads.get(a.from) ?? 0))
}

/** How many addresses are placed on each node that lives. */
export function loadsOf({
  addresses,
  placed,
  live,
}: Pick<RebalanceView, 'addresses' | 'placed' | 'live'>): ReadonlyMap<string, number> {
  const loads = new Map([...live].map((node) => [node, 0]))
  for (const { key } of addresses) {
    const node = placed.get(key)?.node
    if (node !== undefined) loads.set(node, (loads.get(node) ?? 0) + 1)
  }
  return loads
}

/** The nodes that an address may be on, and one text for all lists of the same ones. */
interface Options {
  readonly nodes: readonly string[]
  readonly name: string
}

/** An address that may move, where it is, and where it may be. */
interface Movable {
  readonly choice: Choice
  readonly home: string
  readonly options: Options
}

/** Addresses mostly share a few lists of candidates; each list is looked at once. */
function movablesOf(
  choices: readonly Choice[],
  { placed, live, mayMove }: RebalanceView,
): readonly Movable[] {
  const known = new Map<readonly string[], Options>()
  return choices.flatMap((choice) => {
    const home = placed.get(choice.key)?.node
    if (home === undefined || !mayMove.has(choice.key) || !live.has(home)) return []
    const options = known.get(choice.best) ?? optionsAmong(choice.best)
    known.set(choice.best, options)
    return options.nodes.length === 0 || options.name === home ? [] : [{ choice, home, options }]
  })
}

function optionsAmong(best: readonly string[]): Options {
  const nodes = best.toSorted()
  return { nodes, name: nodes.join() }
}

/** The addresses of each group, by the node that they are on. */
type Groups = ReadonlyMap<Group, ReadonlyMap<string, readonly Choice[]>>

function groupsOf(movables: readonly Movable[]): Groups {
  const byName = gather(movables, ({ options }) => options.name)
  return new Map(
    [...byName.values()].map((members) => {
      const byHome = gather(members, ({ home }) => home)
      const homes = new Map([...byHome].map(([home, each]) => [home, each.length]))
      const options = (members[0] as Movable).options.nodes
      const choices = new Map([...byHome].map(([home, each]) => [home, each.map(({ choice }) => choice)]))
      return [{ options, homes }, choices]
    }),
  )
}

function gather<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const gathered = new Map<string, T[]>()
  for (const item of items) {
    const name = nameOf(item)
    const known = gathered.get(name)
    if (known) known.push(item)
    else gathered.set(name, [item])
  }
  return gathered
}

/** Chooses which addresses go, so that as few of a Service as can be are parted: who leaves another one behind takes it along. */
function choose({ group, from, to, count }: Flow, groups: Groups, families: Families): readonly Shift[] {
  const there = (groups.get(group)?.get(from) ?? []).filter((choice) => !families.hasMoved(choice.key))
  const byRank = there.toSorted((a, b) => families.rankOf(a, from, to) - families.rankOf(b, from, to))
  const keys = new Set(there.map(({ key }) => key))
  const chosen = new Set<string>()
  for (const choice of byRank) {
    for (const key of [choice.key, ...families.othersOf(choice)]) {
      if (chosen.size < count && keys.has(key)) chosen.add(key)
    }
    if (chosen.size === count) break
  }
  for (const key of chosen) families.move(key, to)
  return [...chosen].map((key) => ({ key, from, to }))
}

/** Where the addresses of each Service are, as they move. */
class Families {
  readonly #nodes = new Map<string, string>()
  readonly #moved = new Set<string>()
  readonly #members = new Map<string, string[]>()

  readonly #reluctant: ReadonlySet<string>

  constructor({ addresses, placed, reluctant = new Set() }: RebalanceView) {
    this.#reluctant = reluctant
    for (const { key, services = [] } of addresses) {
      const node = placed.get(key)?.node
      if (node !== undefined) this.#nodes.set(key, node)
      for (const service of services) this.#members.set(service, [...(this.#members.get(service) ?? []), key])
    }
  }

  hasMoved(key: string): boolean {
    return this.#moved.has(key)
  }

  move(key: string, to: string): void {
    this.#moved.add(key)
    this.#nodes.set(key, to)
  }

  /** The other addresses of its Services. */
  othersOf({ key, services = [] }: Choice): readonly string[] {
    return services.flatMap((service) => this.#members.get(service) ?? []).filter((other) => other !== key)
  }

  /** The lower, the better it is that this one moves. */
  rankOf(choice: Choice, from: string, to: string): number {
    const others = this.othersOf(choice)
    const reluctance = this.#reluctant.has(choice.key) ? 3 : 0
    if (others.some((other) => this.#nodes.get(other) === to)) return reluctance
    return reluctance + (others.some((other) => this.#nodes.get(other) === from) ? 2 : 1)
  }
}
