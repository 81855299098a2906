import type { Chance } from './chance.ts'
import type { Agenda } from './agenda.ts'
import { note } from './agenda.ts'

/** What goes over the wire: real bytes, and what kind of frame it is, as a switch that filters tells them apart. */
export interface Frame {
  readonly kind: 'heartbeat' | 'arp' | 'ndp'
  readonly bytes: Uint8Array
}

/** Something with a port on the switch. Its number is its place in the LAN's tables. */
export interface End {
  readonly number: number
  readonly name: string
  linkUp: boolean
  readonly receive: (frame: Frame, from: End) => void
}

/** One switch, and what is wrong with it. */
export interface Lan {
  readonly ends: End[]
  /** Pairs between which nothing passes, as numbers (see `pairOf`), in this direction only. */
  readonly cuts: Set<number>
  /** Pairs between which everything but heartbeats passes. */
  readonly filtered: Set<number>
  /** The part of the frames that is lost, and that arrives twice. */
  loss: number
  doubled: number
  /** How late a frame may be; beyond two milliseconds frames overtake one another. */
  lateMs: number
  /** Frames of these ends are kept back until then, and then come all at once. */
  readonly keptBack: Map<number, number>
  readonly sent: { packets: number; bytes: number }
  readonly hidden: { lost: number; doubled: number; late: number }
}

const usualLateMs = 1.5
const mostEnds = 256

export function emptyLan(): Lan {
  return {
    ends: [],
    cuts: new Set(),
    filtered: new Set(),
    loss: 0,
    doubled: 0,
    lateMs: usualLateMs,
    keptBack: new Map(),
    sent: { packets: 0, bytes: 0 },
    hidden: { lost: 0, doubled: 0, late: 0 },
  }
}

export function pairOf(from: End, to: End): number {
  return from.number * mostEnds + to.number
}

export function cut(lan: Lan, a: End, b: End): void {
  if (a !== b) lan.cuts.add(pairOf(a, b)).add(pairOf(b, a))
}

/** Ends all that is wrong with the switch. */
export function mendLan(lan: Lan): void {
  lan.cuts.clear()
  lan.filtered.clear()
  lan.keptBack.clear()
  Object.assign(lan, { loss: 0, doubled: 0, lateMs: usualLateMs })
}

/** True while nothing is wrong with it that anyone could notice. */
export function isSound(lan: Lan): boolean {
  return lan.filtered.size === 0 && isSoundToClients(lan)
}

/** The same for those who neither send heartbeats nor wait for any. */
export function isSoundToClients({ cuts, keptBack, loss, lateMs }: Lan): boolean {
  return cuts.size + keptBack.size === 0 && loss === 0 && lateMs === usualLateMs
}

/** True when frames of this kind go both ways between the two. */
export function reach(lan: Lan, a: End, b: End, kind: Frame['kind'] = 'arp'): boolean {
  return a === b || (passes(lan, a, b, kind) && passes(lan, b, a, kind))
}

export function passes(lan: Lan, from: End, to: End, kind: Frame['kind']): boolean {
  const pair = pairOf(from, to)
  if (!from.linkUp || !to.linkUp || lan.cuts.has(pair)) return false
  return kind !== 'heartbeat' || !lan.filtered.has(pair)
}

/** Sends a frame to everyone, or to one. */
export function send(lan: Lan, air: Air, from: End, frame: Frame, only?: End): void {
  if (!from.linkUp) return
  lan.sent.packets++
  lan.sent.bytes += frame.bytes.length
  for (const to of only === undefined ? lan.ends : [only]) {
    if (to === from || !passes(lan, from, to, frame.kind)) continue
    if (lan.loss > 0 && air.chance.happens(lan.loss)) lan.hidden.lost++
    else fly(lan, air, from, to, frame)
    if (lan.doubled === 0 || !air.chance.happens(lan.doubled)) continue
    lan.hidden.doubled++
    fly(lan, air, from, to, frame)
  }
}

/** What the frames travel through: time, and chance. */
export interface Air {
  readonly chance: Chance
  readonly agenda: Agenda
  readonly now: number
}

function fly(lan: Lan, air: Air, from: End, to: End, frame: Frame): void {
  const keptUntil = lan.keptBack.get(from.number) ?? 0
  const at = Math.max(air.now, keptUntil) + air.chance.between(0.1, lan.lateMs)
  if (at > air.now + 2 * usualLateMs) lan.hidden.late++
  note(air.agenda, at, () => {
    if (to.linkUp) to.receive(frame, from)
  })
}
