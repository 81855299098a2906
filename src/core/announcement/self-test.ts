// Whether who announces is answered by the LAN.
//
// A speaker cannot see that its own answers get lost: a filter on the node, a bridge, a switch port that lets heartbeats
// pass. Somebody else has to ask. So each address that is announced is asked for now and then by two of the speakers that
// do not announce it, the first two by rendezvous hash of those that live on the segment, each once in a round:
//
//     3 s after it began to be announced      once a round
//     ------------------------------------> asked ------------> asked …
//                                             |
//                                             | not by its announcer alone
//                                             v 1.5 s
//                                           asked again; three times in a row (two, where two answer): found
//                                             |
//                                             | and asked every 5 s as long as it is so
//                                             v two answers in a row as they should be
//                                           over
//
// A question is an ARP probe or a neighbour solicitation, as everywhere here: from no address or from our own, so that no
// neighbour learns anything from it.
//
// That nobody answers may be our own fault. It counts only when a question of ours was answered by somebody on the same
// segment and in the same family since the first that was not. Where that was not so by itself, others are asked for
// addresses that they surely have: those of the nodes, and of the routers. Who hears nothing of those either finds nothing.
//
// What is in the middle of a move is not asked for, and what was heard of it is of no account.
//
// A round is as long as there are addresses on the segment, half a second for each, 20 s at least; and the speakers share
// four questions a second between them, however many there are of either. So on a segment at rest there are never more
// than 240 questions and as many answers a minute. While something is amiss, each speaker that looks into that puts at
// most four questions a second more, and two to those that surely answer.

import { keyOf, type Key } from '../election/key.ts'
import { noteHeard } from './check.ts'
import type { Sighting } from './question.ts'
import { newRound, replace, turn } from './test-round.ts'
import type { Round, SelfTestEffect, SelfTestView } from './test-round.ts'

/** How often there is something to do. */
const tickMs = 250

/** All that this node tests; it changes in place, by the functions below alone. */
export interface SelfTest {
  readonly rounds: Map<string, Round>
  dueAt: number
}

/** Nothing is tested yet. */
export function beginSelfTest(): SelfTest {
  return { rounds: new Map(), dueAt: Infinity }
}

/** Tests these on these interfaces from now on, whoever announces them, and nothing else. */
export function test(
  self: SelfTest,
  interfaces: readonly string[],
  keys: readonly Key[],
  now: number,
): readonly SelfTestEffect[] {
  const gone = [...self.rounds.keys()].filter((name) => !interfaces.includes(name))
  const effects = gone.flatMap((name) => replace(self.rounds.get(name) as Round, []))
  for (const name of gone) self.rounds.delete(name)
  for (const name of interfaces) {
    const round = self.rounds.get(name) ?? newRound(name)
    self.rounds.set(name, round)
    effects.push(...replace(round, keys))
  }
  const isIdle = keys.length === 0 || interfaces.length === 0
  self.dueAt = isIdle ? Infinity : Math.min(self.dueAt, now + tickMs)
  return effects
}

/** Others found something amiss with these: whoever is to test them does so now. */
export function suspect(self: SelfTest, keys: Iterable<Key>, now: number): void {
  const suspects = [...keys]
  for (const { byKey } of self.rounds.values()) {
    for (const key of suspects) {
      const check = byKey.get(key)
      if (check?.charge?.rank === undefined) continue
      check.isUrgent = true
      check.dueAt = Math.min(check.dueAt, Math.max(now, check.settledAt))
    }
  }
}

/** Takes in that somebody answered a question of ours, whichever it was. */
export function hearTested(self: SelfTest, sighting: Sighting, now: number): void {
  const round = self.rounds.get(sighting.interface)
  if (round === undefined) return
  round.earsAt[sighting.address.family] = now
  const check = round.byKey.get(keyOf(sighting.address))
  if (check !== undefined) noteHeard(check, sighting.mac)
}

/** Does what is due. Whatever has come by now is to be heard before. */
export function tick(self: SelfTest, view: SelfTestView, now: number): readonly SelfTestEffect[] {
  if (now < self.dueAt) return []
  self.dueAt = now + tickMs
  return [...self.rounds.values()].flatMap((round) => turn(round, view, now))
}
