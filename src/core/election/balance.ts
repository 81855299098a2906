/** An address that may move, and the nodes it may be on. */
export interface Movable {
  readonly key: string
  readonly options: readonly string[]
}

/** Movable addresses with the same options: for balance they are all alike. */
interface Group {
  readonly options: readonly string[]
  readonly on: Map<string, Set<string>>
}

interface Step {
  readonly from: string
  readonly to: string
  readonly group: Group
}

/**
 * Evens out the loads by moving addresses along the shortest chains from a node to one with at least two less,
 * until there is no such chain: then no other placement of the movable addresses is better balanced.
 */
export function balance(
  movable: readonly Movable[],
  nodes: Map<string, string>,
  loads: Map<string, number>,
): void {
  const groups = groupsOf(movable, nodes)
  const load = (node: string): number => loads.get(node) as number
  for (;;) {
    const heaviestFirst = [...loads.keys()].toSorted((a, b) => load(b) - load(a))
    const chain = firstOf(heaviestFirst, (node) => chainFrom(node, groups, load))
    if (!chain) return
    for (const step of chain) move(step, nodes, loads)
  }
}

function groupsOf(movable: readonly Movable[], nodes: ReadonlyMap<string, string>): readonly Group[] {
  const groups = new Map<string, Group>()
  const names = new Map<readonly string[], string>()
  for (const { key, options } of movable) {
    const node = nodes.get(key)
    if (node === undefined || options.length < 2) continue
    const name = names.get(options) ?? options.toSorted().join()
    names.set(options, name)
    const group = groups.get(name) ?? { options, on: new Map<string, Set<string>>() }
    groups.set(name, group)
    group.on.set(node, (group.on.get(node) ?? new Set()).add(key))
  }
  return [...groups.values()]
}

/** The shortest chain of moves from the node to one that has at least two less. */
function chainFrom(
  start: string,
  groups: readonly Group[],
  load: (node: string) => number,
): readonly Step[] | undefined {
  const cameBy = new Map<string, Step | undefined>([[start, undefined]])
  for (const node of cameBy.keys()) {
    if (load(node) <= load(start) - 2) return chainTo(node, cameBy)
    for (const group of groups) {
      if (!group.on.get(node)?.size) continue
      for (const to of group.options) if (!cameBy.has(to)) cameBy.set(to, { from: node, to, group })
    }
  }
  return undefined
}

/** The steps that lead to the node, the last one first: so each finds on its node what was there before. */
function chainTo(node: string, cameBy: ReadonlyMap<string, Step | undefined>): readonly Step[] {
  const step = cameBy.get(node)
  return step ? [step, ...chainTo(step.from, cameBy)] : []
}

function move({ from, to, group }: Step, nodes: Map<string, string>, loads: Map<string, number>): void {
  const there = group.on.get(from) as Set<string>
  const [key] = there as Iterable<string> as [string]
  there.delete(key)
  group.on.set(to, (group.on.get(to) ?? new Set()).add(key))
  nodes.set(key, to)
  loads.set(from, (loads.get(from) as number) - 1)
  loads.set(to, (loads.get(to) as number) + 1)
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
