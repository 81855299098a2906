import type { Estranged } from './effect.ts'
import { isLive } from './liveness.ts'
import type { SegmentState, Session } from './state.ts'
import { deadAt } from './timing.ts'
import type { Work } from './work.ts'
import { isAudible } from './work.ts'

/** Who has come to be heard is given so long to hear us, in milliseconds; and what is told changes no oftener. */
const acquaintMs = 2_000

/** Tells who is noticed on some segment and is no peer, when that is another list than the one before. */
export function noteEstranged(work: Work): void {
  const { state, now } = work
  if (now < state.estrangedAt) return
  state.estrangedAt = now + acquaintMs
  const before = new Map(state.estranged.map((each) => [nameOf(each), each]))
  const found = [...state.segments.keys()].flatMap((name) => {
    const segment = work.drafts.get(name) ?? (state.segments.get(name) as SegmentState)
    return isAudible(segment) ? estrangedOn(segment, state.config.missed, now) : []
  })
  const isSame = found.length === before.size && found.every((each) => before.has(nameOf(each)))
  if (isSame) return
  state.estranged = found.map((each) => before.get(nameOf(each)) ?? each)
  work.reports.push({ kind: 'estranged', estranged: state.estranged })
}

function estrangedOn(segment: SegmentState, missed: number, now: number): readonly Estranged[] {
  const name = segment.segment.interface
  const found = new Map<string, Estranged>()
  for (const { node, proof, since } of segment.voices.values()) {
    if (proof !== undefined) found.set(node, { node, interface: name, reason: 'WireOnly', since })
  }
  for (const session of segment.sessions.values()) {
    const { node } = session
    if (!isDeaf(session, missed, now) || isLive(segment, node)) continue
    found.set(node, { node, interface: name, reason: 'OneWay', since: deafSince(session) })
  }
  return [...found.values()].toSorted((a, b) => (a.node < b.node ? -1 : 1))
}

/** It is heard, and has not said for a while that it hears us. */
function isDeaf(session: Session, missed: number, now: number): boolean {
  const isHeard = deadAt({ ...session, echoedAt: session.heardAt }, missed) > now
  return isHeard && deafSince(session) + acquaintMs <= now
}

function deafSince({ echoedAt, firstHeardAt }: Session): number {
  return Math.max(echoedAt, firstHeardAt)
}

function nameOf({ node, interface: name, reason }: Estranged): string {
  return `${node} ${name} ${reason}`
}
