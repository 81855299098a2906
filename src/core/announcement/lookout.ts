// Who has an address that nobody announces yet.
//
// An address that another device has must not be given out (RFC 5227, RFC 4862 5.4), and to find that out takes longer
// than a Service should wait. So it is found out ahead: the controller says which addresses it gives out next, and of
// the speakers on a segment the first by rank asks for each of them, by ARP probe or by neighbour solicitation.
//
//      at once, three times              nobody answers
//     ---------------------> asked ----------------------> asked every 2 minutes …
//                              |                             |
//                              | somebody does, or claims it unasked
//                              v                             v
//                            foreign: told, and asked every 20 s; every 2 s once it does not answer
//                              |
//                              v three questions without an answer
//                            over: told, and asked as at first
//
// An address that was given out without having been asked for lately is asked for when it is to be announced for the
// first time, twice in a quarter of a second; it is held back meanwhile, and as long as somebody else answers.
//
// What comes from a speaker of this cluster is no foreign answer: it may be late to hear that it announces no more.
// Somebody else who asks for the same address at the same time, and from no address, is about to take it (RFC 5227,
// 2.1.1; RFC 4862, 5.4.3): that counts as an answer when it comes within two seconds of a question of ours.
//
// Whatever is said of one address, a word of it leaves here once in half a minute: of two devices that have it, or of one
// that speaks from another MAC each time, the first is told as long as it is heard.
//
// Questions ahead of time are at most ten a second, so 600 a minute, from one node. At rest each address costs one
// frame every two minutes on its segment, whatever the number of nodes: 256 a minute for as many as are looked after.

import type { Answering } from '../election/effect.ts'
import { formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { dueAtOf, nameOf, newTarget, unasked } from './lookout-targets.ts'
import type { Lookout, Target, Watched } from './lookout-targets.ts'
import type { Sighting } from './question.ts'

/** How many of the addresses that are given next are looked after, over all pools. */
export const mostLookedAfter = 512

/** How long until the next question, in milliseconds. */
const waitsMs = {
  new: 1_000,
  usual: 120_000,
  seen: 20_000,
  missed: 2_000,
  notOurs: 3_000,
  first: 100,
  last: 150,
} as const
/** A new address is asked for so often before it is asked for as usual. */
const newQuestions = 3
/** Who answered and does not any more is gone after as many questions. */
const mostMissed = 3
/** Two questions ahead of time are at least this far apart. */
const apartMs = 100
/** Where this node does not ask, who waits to be announced for the first time is clear after so long. */
const clearAfterMs = 250
const firstQuestions = 2
/** As many of those are asked for in one go. */
const firstAtOnce = 64
/** That a device is still there is told so often. */
const toldAgainMs = 300_000
/** Another device is told in its place when the first was not heard for so long: more than one question. */
const otherToldMs = 30_000
/** What is heard of one address within this time after the last is no news. */
const heardMs = 1_000
/** Who asks from no address so soon after a question of ours wants the same one: ANNOUNCE_WAIT of RFC 5227. */
const probingMs = 2_000

/** What platform is to do: to ask, or to tell what came of it. `clear`: nobody else answers on any interface. */
export type LookoutEffect =
  | ({ readonly kind: 'probe' } & Answering)
  | ({ readonly kind: 'foreign' | 'foreignOver' } & Sighting)
  | { readonly kind: 'clear'; readonly address: Address }

/** Whether it is for this node to ask for the address there now. */
export type IsOurs = (watched: Watched) => boolean

/** Looks after these from now on, and after nothing else. */
export function lookAfter(
  lookout: Lookout,
  wanted: readonly Watched[],
  now: number,
): readonly LookoutEffect[] {
  const { targets } = lookout
  const names = new Set(wanted.map(nameOf))
  const gone = [...targets].filter(([name]) => !names.has(name))
  for (const [name] of gone) targets.delete(name)
  const changed = wanted.filter((each) => targets.get(nameOf(each))?.isFirst !== each.isFirst)
  const begun = changed.map((each) => newTarget(each, targets.get(nameOf(each)), now))
  for (const target of begun) targets.set(nameOf(target), target)
  lookout.dueAt = dueAtOf(lookout)
  return [...gone.flatMap(([, target]) => overOf(target)), ...begun.flatMap(againOf)]
}

/** Puts the questions that are due. */
export function look(lookout: Lookout, isOurs: IsOurs, now: number): readonly LookoutEffect[] {
  if (now < lookout.dueAt) return []
  const effects: LookoutEffect[] = []
  let first = 0
  for (const target of lookout.targets.values()) {
    if (target.dueAt > now || first === firstAtOnce) continue
    if (target.isFirst && target.foreign === undefined) {
      first++
      effects.push(...lookFirst(lookout, target, isOurs, now))
    } else if (now >= lookout.notBefore) effects.push(...lookAhead(lookout, target, isOurs, now))
  }
  lookout.dueAt = dueAtOf(lookout)
  return effects
}

/** Takes in that somebody who is no speaker says that the address is at its MAC, because it was asked or not. */
export function hearForeign(
  lookout: Lookout,
  sighting: Sighting,
  isOurs: IsOurs,
  now: number,
): readonly LookoutEffect[] {
  const target = lookout.targets.get(nameOf(sighting))
  if (target === undefined) return []
  const { mac } = sighting
  const known = target.foreign
  if (known?.mac === mac) known.heardAt = now
  if (known !== undefined && now - target.heardAt < heardMs) return []
  if (!isOurs(target)) return []
  Object.assign(target, { heardAt: now, missed: 0, askedAt: -Infinity, dueAt: now + waitsMs.seen })
  const isNews = known === undefined || isNewsOf(known, mac, now)
  if (isNews) target.foreign = { mac, heardAt: now, toldAt: now }
  lookout.dueAt = dueAtOf(lookout)
  return isNews ? [newsOf('foreign', target, mac)] : []
}

/** Takes in that somebody who is no speaker asks for the address, and has none: it is about to take this one. */
export function hearProbe(
  lookout: Lookout,
  sighting: Sighting,
  isOurs: IsOurs,
  now: number,
): readonly LookoutEffect[] {
  const askedAt = lookout.targets.get(nameOf(sighting))?.askedAt ?? -Infinity
  return now - askedAt <= probingMs ? hearForeign(lookout, sighting, isOurs, now) : []
}

function isNewsOf(known: NonNullable<Target['foreign']>, mac: bigint, now: number): boolean {
  return known.mac === mac ? now - known.toldAt >= toldAgainMs : now - known.heardAt >= otherToldMs
}

/** Asks as often as is needed; whoever was held up in between has not asked yet, and is not clear by that. */
function lookFirst(lookout: Lookout, target: Target, isOurs: IsOurs, now: number): readonly LookoutEffect[] {
  if (!isOurs(target)) {
    if (now - target.since >= clearAfterMs) return clear(lookout, target)
    target.dueAt = now + waitsMs.first
    return []
  }
  if (target.questions >= firstQuestions) return clear(lookout, target)
  const question = put(target, now)
  target.dueAt = now + (target.questions < firstQuestions ? waitsMs.first : waitsMs.last)
  return [question]
}

/** Nobody has answered there; on other interfaces somebody may yet. */
function clear({ targets }: Lookout, target: Target): readonly LookoutEffect[] {
  target.isClear = true
  target.dueAt = Infinity
  const text = formatAddress(target.address)
  const alike = [...targets.values()].filter((each) => each.isFirst && formatAddress(each.address) === text)
  return alike.every(({ isClear }) => isClear) ? [{ kind: 'clear', address: target.address }] : []
}

function lookAhead(lookout: Lookout, target: Target, isOurs: IsOurs, now: number): readonly LookoutEffect[] {
  if (!isOurs(target)) return leave(target, now)
  const over = target.askedAt === -Infinity ? [] : countMissed(target)
  target.dueAt = now + waitsMs[waitOf(target)]
  lookout.notBefore = now + apartMs
  return [...over, put(target, now)]
}

function waitOf({ foreign, questions }: Target): keyof typeof waitsMs {
  if (foreign) return 'missed'
  return questions < newQuestions - 1 ? 'new' : 'usual'
}

function put(target: Target, now: number): LookoutEffect {
  target.questions++
  target.askedAt = now
  return { kind: 'probe', interface: target.interface, address: target.address }
}

/** It is for another speaker to ask now: what it finds, it tells. */
function leave(target: Target, now: number): readonly LookoutEffect[] {
  const over = overOf(target)
  Object.assign(target, { ...unasked, dueAt: now + waitsMs.notOurs })
  return over
}

function countMissed(target: Target): readonly LookoutEffect[] {
  if (!target.foreign || ++target.missed < mostMissed) return []
  const over = overOf(target)
  Object.assign(target, unasked)
  return over
}

function overOf(target: Target): readonly LookoutEffect[] {
  return target.foreign ? [newsOf('foreignOver', target, target.foreign.mac)] : []
}

/** Who waits for it now is to know it, too. */
function againOf(target: Target): readonly LookoutEffect[] {
  return target.foreign ? [newsOf('foreign', target, target.foreign.mac)] : []
}

function newsOf(kind: 'foreign' | 'foreignOver', target: Target, mac: bigint): LookoutEffect {
  return { kind, interface: target.interface, address: target.address, mac }
}
