/*
 * Whoever can send on the LAN can send more than a speaker reads. What is too much for the kernel's queue it drops,
 * heartbeats of peers among it, and peers would be taken for dead. So when far more comes that is not believed than any
 * speaker sends, the gate is shut: for half a second the kernel keeps only frames that come from MACs of live peers, and
 * then everything for a moment, so that a new peer gets in, and to see whether it is over.
 *
 *              100 of them within 50 ms               after half a second
 *     (open) --------------------------> (shut) -------------------------> (ajar, 10 ms) --> open again, or
 *        ^                                  ^                                                ten within it: shut again
 *
 * Whoever sends in the name of a peer's MAC passes. On a switch that takes the peer's own frames away from it as well,
 * which is a thing that no speaker can do anything about.
 */

const manyInMs = 50
const tooMany = 100
const shutMs = 500
const ajarMs = 10
const tooManyAjar = 10
/** A MAC that no live peer has sent from for so long is forgotten. */
const knownMs = 10_000

/** It changes in place, by the functions below alone. */
export interface FloodGate {
  readonly senders: Map<bigint, number>
  state: 'open' | 'shut' | 'ajar'
  /** Frames that were not believed, and since when they are counted. */
  unbelieved: number
  since: number
}

/** Open to everyone. */
export function openGate(): FloodGate {
  return { senders: new Map(), state: 'open', unbelieved: 0, since: -Infinity }
}

/** A live peer has sent from this MAC. */
export function knowSender(gate: FloodGate, mac: bigint, now: number): void {
  gate.senders.set(mac, now)
}

/** A frame came that is not believed. */
export function noteUnbelieved(gate: FloodGate, now: number): void {
  if (gate.state === 'open' && now >= gate.since + manyInMs) {
    gate.since = now
    gate.unbelieved = 0
  }
  gate.unbelieved++
}

/** When `turnGate` has something to do though no frame comes. */
export function gateDueAt({ state, since }: FloodGate): number {
  if (state === 'open') return Infinity
  return since + (state === 'shut' ? shutMs : ajarMs)
}

/**
 * Opens or shuts it, as it is time. Answers what the kernel is to keep from now on: frames of these senders alone, those
 * of everyone, or as before.
 */
export function turnGate(
  gate: FloodGate,
  now: number,
  most: number,
): readonly bigint[] | 'everyone' | undefined {
  if (gate.state === 'open') return gate.unbelieved >= tooMany ? shut(gate, now, most) : undefined
  if (now < gateDueAt(gate)) return undefined
  if (gate.state === 'ajar') return settle(gate, now, most)
  Object.assign(gate, { state: 'ajar', since: now, unbelieved: 0 })
  return 'everyone'
}

function settle(gate: FloodGate, now: number, most: number): readonly bigint[] | undefined {
  if (gate.unbelieved >= tooManyAjar) return shut(gate, now, most)
  Object.assign(gate, { state: 'open', since: now, unbelieved: 0 })
  return undefined
}

/** Not while nobody is known, nor too many are. */
function shut(gate: FloodGate, now: number, most: number): readonly bigint[] | undefined {
  for (const [mac, at] of gate.senders) if (at + knownMs <= now) gate.senders.delete(mac)
  const senders = [...gate.senders.keys()]
  const isUseful = senders.length > 0 && senders.length <= most
  Object.assign(gate, { state: isUseful ? 'shut' : 'open', since: now, unbelieved: 0 })
  return isUseful ? senders : undefined
}
