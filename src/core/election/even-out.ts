/*
 * The most even distribution that can be had by moving addresses among the nodes that each may be on; of all those
 * that are as even, one that moves the fewest. It is a flow of least cost: a step takes one address of a group from a
 * node to another one, and costs 1 if that address was at home there, nothing if it was on the move already, and -1
 * if it comes home. A path of steps to a node with at least two less makes it more even. Each path is the cheapest between
 * its ends, so no way round ever costs less than nothing; what can still be saved is a path between two nodes that
 * differ by one, which leaves it as even, and costs less than nothing. When there is none of either, nothing better exists.
 */

/** Addresses that may be on the same nodes: for balance they are all alike. */
export interface Group {
  readonly options: readonly string[]
  /** How many of them are on which node; one that is no option must be left. */
  readonly homes: ReadonlyMap<string, number>
}

/** So many of a group go from one node to another. */
export interface Flow {
  readonly group: Group
  readonly from: string
  readonly to: string
  readonly count: number
}

/** Where the addresses of a group are by now: on which node how many of which home. */
interface Spread {
  readonly group: Group
  readonly on: Map<string, Map<string, number>>
}

interface Step {
  readonly spread: Spread
  readonly from: string
  readonly to: string
  readonly home: string
  readonly cost: number
}

interface Board {
  readonly spreads: readonly Spread[]
  readonly loads: Map<string, number>
  /** By node the groups that have an address there. */
  readonly present: Map<string, Set<Spread>>
}

/** A path of steps that ends at the node, and what it costs. */
interface Way {
  readonly cost: number
  readonly step: Step | undefined
}

/** What has to move. `loads` is how many addresses each node has now, those of the groups and all others. */
export function evenOut(groups: readonly Group[], loads: ReadonlyMap<string, number>): readonly Flow[] {
  const board = boardOf(groups, loads)
  const haveLeft = board.spreads.map((spread) => leaveWhatIsNoOption(board, spread))
  // Of one group alone, whoever has more than others gives and whoever has less gets: no way round is cheaper.
  const isPlain = groups.length === 1 && !haveLeft.includes(true)
  while (improve(board, 2, isPlain ? straightFrom : waysFrom)) continue
  if (!isPlain && board.spreads.some(hasMoved)) while (improve(board, 1, waysFrom)) continue
  return board.spreads.flatMap(flowsOf)
}

function boardOf(groups: readonly Group[], loads: ReadonlyMap<string, number>): Board {
  const nodes = new Set([...loads.keys(), ...groups.flatMap(({ options }) => options)])
  const present = new Map([...nodes].toSorted().map((node) => [node, new Set<Spread>()]))
  const spreads = groups.map((group) => {
    const on = new Map([...group.homes].map(([home, count]) => [home, new Map([[home, count]])]))
    return { group, on }
  })
  for (const spread of spreads) for (const node of spread.on.keys()) present.get(node)?.add(spread)
  return { spreads, present, loads: new Map([...present.keys()].map((node) => [node, loads.get(node) ?? 0])) }
}

/** Answers whether there was any. */
function leaveWhatIsNoOption(board: Board, spread: Spread): boolean {
  const { options, homes } = spread.group
  const left = [...homes].filter(([home]) => !options.includes(home))
  for (const [home, count] of left) {
    for (let more = count; more > 0; more--) {
      const to = options.reduce((best, node) => (loadOf(board, node) < loadOf(board, best) ? node : best))
      take(board, { spread, from: home, to, home, cost: 1 })
    }
  }
  return left.length > 0
}

function hasMoved({ on }: Spread): boolean {
  return [...on].some(([node, homes]) => homes.size > 1 || !homes.has(node))
}

/** Walks one path to a node that has so many less: with one less it is as even, and must save a move. */
function improve(board: Board, less: 1 | 2, findWays: typeof waysFrom): boolean {
  const heaviestFirst = [...board.loads.keys()].toSorted((a, b) => loadOf(board, b) - loadOf(board, a))
  const least = loadOf(board, heaviestFirst.at(-1) ?? '')
  for (const start of heaviestFirst) {
    if (loadOf(board, start) < least + less) return false
    const ways = findWays(board, start)
    const end = endOf(board, ways, start, less)
    if (end === undefined) continue
    for (const step of stepsTo(end, ways)) take(board, step)
    return true
  }
  return false
}

/** The lightest of the nodes that it helps to go to, and of these the cheapest. */
function endOf(board: Board, ways: ReadonlyMap<string, Way>, start: string, less: 1 | 2): string | undefined {
  const most = loadOf(board, start) - less
  const ends = [...ways].filter(([node, { cost }]) => loadOf(board, node) <= most && (less === 2 || cost < 0))
  const [best] = ends.toSorted(([a, by], [b, byOther]) => {
    return loadOf(board, a) - loadOf(board, b) || by.cost - byOther.cost
  })
  return best?.[0]
}

/** The cheapest ways from the node to all others that can be reached (Bellman and Ford, with a queue). */
function waysFrom(board: Board, start: string): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>([[start, { cost: 0, step: undefined }]])
  const queue = new Set([start])
  for (const node of queue) {
    queue.delete(node)
    const { cost: spent } = ways.get(node) as Way
    for (const step of stepsFrom(board, node)) {
      const cost = spent + step.cost
      if (cost >= (ways.get(step.to)?.cost ?? Infinity)) continue
      ways.set(step.to, { cost, step })
      queue.add(step.to)
    }
  }
  return ways
}

/** As far as one step leads. */
function straightFrom(board: Board, start: string): ReadonlyMap<string, Way> {
  return new Map([...stepsFrom(board, start)].map((step) => [step.to, { cost: step.cost, step }]))
}

function* stepsFrom({ present }: Board, from: string): Iterable<Step> {
  for (const spread of present.get(from) ?? []) {
    const here = spread.on.get(from) as ReadonlyMap<string, number>
    const stray = [...here.keys()].find((home) => home !== from)
    for (const to of spread.group.options) {
      if (to === from) continue
      if (here.has(to)) yield { spread, from, to, home: to, cost: -1 }
      else if (stray !== undefined) yield { spread, from, to, home: stray, cost: 0 }
      else yield { spread, from, to, home: from, cost: 1 }
    }
  }
}

/** The last one first, so that each finds on its node what was there before. */
function stepsTo(end: string, ways: ReadonlyMap<string, Way>): readonly Step[] {
  const steps: Step[] = []
  for (let step = ways.get(end)?.step; step !== undefined; step = ways.get(step.from)?.step) steps.push(step)
  return steps
}

function take({ loads, present }: Board, { spread, from, to, home }: Step): void {
  addTo(spread, from, home, -1)
  addTo(spread, to, home, 1)
  if (!spread.on.has(from)) present.get(from)?.delete(spread)
  present.get(to)?.add(spread)
  loads.set(from, (loads.get(from) ?? 0) - 1)
  loads.set(to, (loads.get(to) ?? 0) + 1)
}

function addTo({ on }: Spread, node: string, home: string, difference: 1 | -1): void {
  const here = on.get(node) ?? new Map<string, number>()
  const count = (here.get(home) ?? 0) + difference
  if (count > 0) here.set(home, count)
  else here.delete(home)
  if (here.size > 0) on.set(node, here)
  else on.delete(node)
}

function flowsOf({ group, on }: Spread): readonly Flow[] {
  return [...on].flatMap(([to, homes]) => {
    const moved = [...homes].filter(([home]) => home !== to)
    return moved.map(([from, count]) => ({ group, from, to, count }))
  })
}

function loadOf({ loads }: Board, node: string): number {
  return loads.get(node) as number
}
