import type { FaultKind } from './faults.ts'

/** What many histories came to. */
export interface Tally {
  histories: number
  simulatedMs: number
  steps: number
  readonly faults: Map<FaultKind, FaultTally>
  readonly frames: { lost: number; doubled: number; late: number }
  heartbeats: number
  heartbeatBytes: number
  refused: number
  unbelieved: number
  probes: number
  /** How often it was asked whether the announcer of an address answers, and it did. */
  tests: number
  readonly longest: { two: number; apart: number; none: number }
}

/** What came of one kind of fault. */
export interface FaultTally {
  count: number
  /** Those that befell a cluster in which everything was as it should be, and what that came to. */
  judged: number
  moves: number
  leastMoves: number
  readonly gaps: number[]
}

export function emptyTally(): Tally {
  return {
    histories: 0,
    simulatedMs: 0,
    steps: 0,
    faults: new Map(),
    frames: { lost: 0, doubled: 0, late: 0 },
    heartbeats: 0,
    heartbeatBytes: 0,
    refused: 0,
    unbelieved: 0,
    probes: 0,
    tests: 0,
    longest: { two: 0, apart: 0, none: 0 },
  }
}

export function faultTallyOf(tally: Tally, kind: FaultKind): FaultTally {
  const known = tally.faults.get(kind)
  if (known !== undefined) return known
  const fault: FaultTally = { count: 0, judged: 0, moves: 0, leastMoves: 0, gaps: [] }
  tally.faults.set(kind, fault)
  return fault
}

/** Adds what one history came to. */
export function add(tally: Tally, more: Tally): void {
  for (const name of ['histories', 'simulatedMs', 'steps', 'heartbeats', 'heartbeatBytes'] as const)
    tally[name] += more[name]
  for (const name of ['refused', 'unbelieved', 'probes', 'tests'] as const) tally[name] += more[name]
  for (const name of ['lost', 'doubled', 'late'] as const) tally.frames[name] += more.frames[name]
  for (const name of ['two', 'apart', 'none'] as const)
    tally.longest[name] = Math.max(tally.longest[name], more.longest[name])
  for (const [kind, fault] of more.faults) addFault(faultTallyOf(tally, kind), fault)
}

function addFault(to: FaultTally, from: FaultTally): void {
  for (const name of ['count', 'judged', 'moves', 'leastMoves'] as const) to[name] += from[name]
  to.gaps.push(...from.gaps)
}

/** The tally in words, a line for each kind of fault. */
export function linesOf(tally: Tally): readonly string[] {
  const { histories, simulatedMs, steps, frames, longest } = tally
  const hours = (simulatedMs / 3_600_000).toFixed(1)
  const total = [...tally.faults.values()].reduce((sum, { count }) => sum + count, 0)
  return [
    `${histories} histories, ${hours} simulated hours, ${steps} steps of speakers, ${total} faults`,
    `${tally.heartbeats} heartbeats sent; ${frames.lost} frames lost, ${frames.doubled} doubled, ${frames.late} late; ${tally.unbelieved} heartbeats not believed, ${tally.refused} refused; ${tally.probes} questions who else answers, ${tally.tests} times it was tested whether the announcer does`,
    `longest: announced by two ${Math.round(longest.two)} ms, by two that hear each other on the wire alone ${Math.round(longest.apart)} ms, by nobody ${Math.round(longest.none)} ms`,
    '',
    row('fault', 'injected', 'judged', 'moves', 'least', 'gap p50', 'gap max'),
    ...[...tally.faults]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, fault]) => faultLine(kind, fault)),
  ]
}

function faultLine(kind: FaultKind, { count, judged, moves, leastMoves, gaps }: FaultTally): string {
  const sorted = gaps.filter((gap) => gap > 0).toSorted((a, b) => a - b)
  const middle = sorted[sorted.length >> 1]
  return row(kind, count, judged, moves, leastMoves, inMs(middle), inMs(sorted.at(-1)))
}

function inMs(value: number | undefined): string {
  return value === undefined ? '-' : `${Math.round(value)} ms`
}

function row(first: string, ...others: readonly (string | number)[]): string {
  return first.padEnd(16) + others.map((each) => String(each).padStart(11)).join('')
}
