import type { Answering } from '../election/effect.ts'
import { formatAddress } from '../ip/address.ts'

/** An address to look after on one interface. */
export interface Watched extends Answering {
  /** Whether it is to be announced for the first time, and waits for what comes of this. */
  readonly isFirst: boolean
}

/** What is known of one of them. It changes in place. */
export interface Target extends Watched {
  readonly since: number
  dueAt: number
  questions: number
  askedAt: number
  missed: number
  isClear: boolean
  /** When anybody else was heard of last. */
  heardAt: number
  foreign: { mac: bigint; heardAt: number; toldAt: number } | undefined
}

/** All that this node looks after; it changes in place, by the functions below alone. */
export interface Lookout {
  readonly targets: Map<string, Target>
  notBefore: number
  dueAt: number
}

/** Nothing is looked after yet. */
export function beginLookout(): Lookout {
  return { targets: new Map(), notBefore: -Infinity, dueAt: Infinity }
}

/** What is known of an address that nobody has asked for. */
export const unasked = {
  questions: 0,
  askedAt: -Infinity,
  missed: 0,
  isClear: false,
  heardAt: -Infinity,
  foreign: undefined,
}

/** What is known of an address is known of it in its other role, too. */
export function newTarget(
  { interface: name, address, isFirst }: Watched,
  known: Target | undefined,
  now: number,
): Target {
  const role = { interface: name, address, isFirst, isClear: false, questions: 0 }
  return { ...unasked, ...known, ...role, since: now, dueAt: now }
}

/** When there is something to ask; Infinity when there is not. */
export function dueAtOf({ targets, notBefore }: Lookout): number {
  let due = Infinity
  for (const { dueAt, isFirst, foreign } of targets.values()) {
    due = Math.min(due, isFirst && !foreign ? dueAt : Math.max(dueAt, notBefore))
  }
  return due
}

/** What an address on an interface is found by. */
export function nameOf({ interface: name, address }: Answering): string {
  return `${formatAddress(address)} ${name}`
}
