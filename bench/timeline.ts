import type { Turn } from '../src/sandbox/probe/answers.ts'

/** What was seen and what was done, to be told in one line of time. */
export interface Timeline {
  readonly turns: readonly Turn[]
  readonly done: readonly { readonly atMs: number; readonly words: string }[]
  readonly startMs: number
  /** The node that a MAC belongs to. */
  readonly nodeOf: ReadonlyMap<string, string>
}

interface Line {
  readonly atMs: number
  readonly words: string
  readonly addresses: readonly string[]
}

/** Changes of the same kind within this time are one line. */
const togetherMs = 1_000
/** What lasts no longer is the time in which two nodes answer, one after the other's question, while an address moves. */
const passingMs = 300

/** One line for each thing that was done and for each change of who answers, addresses that change alike together. */
export function tellTurns({ turns, done, startMs, nodeOf }: Timeline): readonly string[] {
  const seen = lastingOf(turns).toSorted((a, b) => a.atMs - b.atMs)
  const deeds = done.map(({ atMs, words }) => ({ atMs, words: `* ${words}`, addresses: [] }))
  const changes = together(seen.map((turn) => ({ ...turn, words: wordsOf(turn, nodeOf) })))
  return [...deeds, ...changes]
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, words, addresses }) => {
      const seconds = ((atMs - startMs) / 1000).toFixed(1).padStart(7)
      return `${seconds} s  ${words}${addresses.length > 0 ? `: ${addresses.join(', ')}` : ''}`
    })
}

function lastingOf(turns: readonly Turn[]): readonly Turn[] {
  return turns.filter((turn, at) => {
    const isNext = (other: Turn): boolean =>
      other.address === turn.address && 'udp' in other === 'udp' in turn
    const next = turns.slice(at + 1).find(isNext)
    return next === undefined || next.atMs - turn.atMs >= passingMs
  })
}

function wordsOf(turn: Turn, nodeOf: ReadonlyMap<string, string>): string {
  if ('udp' in turn) return turn.udp ? 'UDP through is answered' : 'UDP through is not answered'
  if (turn.arp === 'nobody') return 'ARP is answered by nobody'
  return `ARP is answered by ${nodeOf.get(turn.arp) ?? turn.arp}`
}

function together(
  turns: readonly { readonly atMs: number; readonly words: string; readonly address: string }[],
): readonly Line[] {
  const lines: { atMs: number; words: string; addresses: string[] }[] = []
  for (const { atMs, words, address } of turns) {
    const same = lines.findLast((line) => line.words === words && atMs - line.atMs < togetherMs)
    if (same) same.addresses.push(address)
    else lines.push({ atMs, words, addresses: [address] })
  }
  return lines
}

/** How long one address was not answered in that span, in milliseconds. Its turns are in order. */
export function silenceOf(
  turns: readonly Turn[],
  kind: 'arp' | 'udp',
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): number {
  let silentMs = 0
  let sinceMs: number | undefined
  for (const turn of turns) {
    const isSilent = isSilentIn(turn, kind)
    if (isSilent === undefined) continue
    if (sinceMs !== undefined) silentMs += Math.max(0, turn.atMs - sinceMs)
    sinceMs = isSilent ? Math.max(startMs, turn.atMs) : undefined
  }
  return sinceMs === undefined ? silentMs : silentMs + Math.max(0, endMs - sinceMs)
}

/** Undefined for a turn of the other kind. */
function isSilentIn(turn: Turn, kind: 'arp' | 'udp'): boolean | undefined {
  if ('udp' in turn) return kind === 'udp' ? !turn.udp : undefined
  return kind === 'arp' ? turn.arp === 'nobody' : undefined
}
