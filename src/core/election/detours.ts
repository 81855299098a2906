import type { Candidate } from './candidates.ts'
import type { Unheard } from './unheard.ts'

/** What is believed has to stand for so long before anything moves, in milliseconds: announcing again may mend it. */
export const mendMs = 10_000
/** A node is avoided for so long the first time, twice as long the next time, and so on up to the most; meanwhile the address goes nowhere else. */
export const firstDetourMs = 10 * 60_000
export const mostDetourMs = 16 * firstDetourMs

/** A node that is avoided for an address; remembered for as long again when that is over. */
interface Detour {
  readonly node: string
  readonly until: number
  readonly forMs: number
}

/** Since when each address is not answered for by its announcer, and which nodes are avoided for that; never changed in place. */
export interface Detours {
  readonly since: ReadonlyMap<string, { readonly node: string; readonly at: number }>
  readonly standing: ReadonlyMap<string, readonly Detour[]>
}

/** Nothing is avoided. */
export const noDetours: Detours = { since: new Map(), standing: new Map() }

/** What decides whether another node would do better. */
export interface DetourView {
  readonly unheard: ReadonlyMap<string, Unheard>
  readonly candidatesOf: (key: string) => readonly Candidate[]
  readonly isPresent: (node: string) => boolean
}

/** The detours as they are now. `now` is monotonic milliseconds. */
export function detoursAfter(before: Detours, view: DetourView, now: number): Detours {
  const silent = [...view.unheard].filter(([, { result }]) => result !== 'AnsweredTwice')
  const since = new Map(
    silent.map(([key, { node }]) => {
      const known = before.since.get(key)
      return [key, known?.node === node ? known : { node, at: now }]
    }),
  )
  const standing = new Map(
    [...before.standing].flatMap(([key, detours]) => {
      const kept = detours.filter(({ until, forMs }) => now < until + forMs)
      return kept.length === 0 ? [] : [[key, kept] as const]
    }),
  )
  const mute = new Set(silent.map(([, { node }]) => node))
  for (const [key, { node, at }] of since) {
    const known = standing.get(key) ?? []
    // Where the next one is not answered either, it is rather the address than the node.
    if (now - at < mendMs || known.some(({ until }) => now < until)) continue
    if (canDoBetter(key, mute, view)) standing.set(key, [...without(known, node), begin(known, node, now)])
  }
  return { since, standing }
}

/** The nodes that are avoided for the address. */
export function avoidedFor({ standing }: Detours, key: string, now: number): readonly string[] {
  return (standing.get(key) ?? []).flatMap(({ node, until }) => (now < until ? node : []))
}

/** The candidates with those that are avoided behind all others. */
export function withDetours(
  candidates: readonly Candidate[],
  avoided: readonly string[],
): readonly Candidate[] {
  if (avoided.length === 0) return candidates
  return candidates.map((each) => (avoided.includes(each.node) ? { ...each, lastResort: true } : each))
}

/** When the detours may be other ones though nothing has happened; Infinity if never. */
export function detoursDueAt({ since, standing }: Detours, now: number): number {
  let due = Infinity
  const note = (at: number): void => {
    if (at > now) due = Math.min(due, at)
  }
  for (const { at } of since.values()) note(at + mendMs)
  for (const { until } of [...standing.values()].flat()) note(until)
  return due
}

/** One that may announce it, is there, and is answered for whatever it announces. */
function canDoBetter(
  key: string,
  mute: ReadonlySet<string>,
  { candidatesOf, isPresent }: DetourView,
): boolean {
  return candidatesOf(key).some(({ node, lastResort }) => !lastResort && isPresent(node) && !mute.has(node))
}

function begin(known: readonly Detour[], node: string, now: number): Detour {
  const longest = Math.max(0, ...known.map(({ forMs }) => forMs))
  const forMs = Math.min(mostDetourMs, Math.max(firstDetourMs, 2 * longest))
  return { node, until: now + forMs, forMs }
}

function without(known: readonly Detour[], node: string): readonly Detour[] {
  return known.filter((each) => each.node !== node)
}
