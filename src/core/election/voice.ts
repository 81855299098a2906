/*
 * The wire as a second voice. A speaker of this cluster whose heartbeats do not come may still answer ARP and NDP: a
 * switch that drops multicast it does not know, or a link that loses only them, makes it so. Then bids settle nothing,
 * and the two would announce the same address against one another. So when a speaker has died by its heartbeats, or the
 * MAC of one that is not live claims an address of ours, we ask for an address of it as any host does:
 *
 *     its death, or a claim         it answers, and should have the address         three questions without an answer
 *    -----------------------> asked ------------------------------------> overruled --------------------> ours again
 *                               |                                         (we are silent, and ask on)
 *                               | it does not answer, or we should have it: then a claim is a foreign one like any other
 *
 * Nobody waits for that: what a dead node had is taken over at once, and given back if the node is there after all.
 * A claim alone settles nothing, for one that hears nobody would have us fall silent and answer no one itself. Who
 * should have it is the node that the placement names, else the one before the other in line; both come to the same
 * answer, so one of them falls silent, once. Were their views of the placement apart, both might: then the first by
 * rank waits less before it goes on, is heard, and stays.
 */

import type { Address } from '../ip/address.ts'
import { comesBefore } from './bid.ts'
import { judgeEach } from './judge.ts'
import type { Key } from './key.ts'
import { addressOf, keyOf } from './key.ts'
import { isLive } from './liveness.ts'
import type { SegmentState, Session, Voice } from './state.ts'
import type { Draft, Work } from './work.ts'
import { isAudible, segmentOf, writable } from './work.ts'

/** A voice is asked this often; with many of them each less often, so that a segment hears few questions of one node. */
const askEveryMs = 300
const askApartMs = 100
/** So many questions without an answer, and it is gone; as many again for who comes second. */
const mostMissed = 3

/** Its heartbeats have ceased, and it did not say that it leaves: asked is whether it answers for what it had. */
export function suspect(work: Work, segment: Draft<SegmentState>, { node, leaving, bids }: Session): void {
  if (leaving || !isAudible(segment) || ![...work.state.nodeOfMac.values()].includes(node)) return
  const had = [...bids].flatMap(([key, bid]) => (!bid.leaving && segment.interests.has(key) ? [key] : []))
  const [first] = had
  if (first !== undefined) listenFor(work, segment, node, first, new Set(had))
}

/** A MAC claimed the address: asked is whether it answers, if it is that of a speaker whose heartbeats do not come. */
export function noteVoice(work: Work, segment: Draft<SegmentState>, key: Key, mac: bigint): void {
  const node = strangerAt(work, segment, key, mac)
  if (node === undefined) return
  const known = segment.voices.get(node)
  if (known?.keys.has(key) === true) return
  if (known === undefined) return listenFor(work, segment, node, key, new Set([key]))
  keep(work, segment, { ...known, keys: new Set(known.keys).add(key) })
  if (known.proof !== undefined) judgeEach(work, segment, [key])
}

/** Somebody answered a question of ours. */
export function hearAnswer(work: Work, name: string, address: Address, mac: bigint): void {
  const segment = segmentOf(work, name)
  const key = keyOf(address)
  if (segment === undefined) return
  noteVoice(work, segment, key, mac)
  const voice = segment.voices.get(work.state.nodeOfMac.get(mac) ?? '')
  if (voice === undefined || !voice.keys.has(key)) return
  const doubts = without(voice.doubts, key)
  keep(work, segment, { ...voice, doubts, missed: 0, proof: key, asked: undefined })
  if (voice.proof === undefined) judgeEach(work, segment, voice.keys)
}

/** Puts the questions that are due, and ends the voices that answer no more. */
export function askVoices(work: Work, segment: Draft<SegmentState>): void {
  for (const { node, askAt } of segment.voices.values()) if (askAt <= work.now) ask(work, segment, node)
}

/** When a voice is to be asked next. */
export function voicesDueAt({ voices }: SegmentState): number {
  let due = Infinity
  for (const { askAt } of voices.values()) due = Math.min(due, askAt)
  return due
}

/** Its heartbeats come, or nothing does: it has no other voice any more. */
export function loseVoice(work: Work, segment: Draft<SegmentState>, node: string): void {
  if (!segment.voices.has(node)) return
  const voices = writable<Voice, string>(work, segment.voices)
  voices.delete(node)
  segment.voices = voices
}

function strangerAt(work: Work, segment: SegmentState, key: Key, mac: bigint): string | undefined {
  const node = work.state.nodeOfMac.get(mac)
  if (node === undefined || node === work.state.config.node) return undefined
  if (!isAudible(segment) || !segment.interests.has(key)) return undefined
  return isLive(segment, node) ? undefined : node
}

function listenFor(
  work: Work,
  segment: Draft<SegmentState>,
  node: string,
  last: Key,
  keys: ReadonlySet<Key>,
): void {
  const unheard = { proof: undefined, asked: undefined, doubts: new Set<Key>(), missed: 0 }
  keep(work, segment, { node, keys, last, ...unheard, since: work.now, askAt: work.now })
  ask(work, segment, node)
}

function keep(work: Work, segment: Draft<SegmentState>, voice: Voice): void {
  segment.voices = writable<Voice, string>(work, segment.voices).set(voice.node, voice)
}

/** Asks for the address that it answered for last and for the others in turn, so that it is known which it has. */
function ask(work: Work, segment: Draft<SegmentState>, node: string): void {
  const voice = segment.voices.get(node) as Voice
  const missed = voice.asked === undefined ? 0 : voice.missed + 1
  if (missed >= patienceWith(work, node)) return end(work, segment, voice)
  const { keys, doubts, given } = doubt(voice)
  const wanted = [...keys].filter((key) => segment.interests.has(key))
  const next = wanted[(wanted.indexOf(voice.last) + 1) % wanted.length]
  if (next === undefined) return loseVoice(work, segment, node)
  const isProofDue =
    voice.proof !== undefined && keys.has(voice.proof) && voice.asked !== voice.proof && missed > 0
  const key = isProofDue ? (voice.proof as Key) : next
  const askAt = work.now + Math.max(askEveryMs, askApartMs * segment.voices.size)
  keep(work, segment, { ...voice, keys, doubts, missed, askAt, asked: key, last: next })
  work.reports.push({ kind: 'ask', interface: segment.segment.interface, address: addressOf(key) })
  if (given !== undefined) judgeEach(work, segment, [given])
}

/** An address that it does not answer for, while it does for another one, it has given up: at the second time that is so. */
function doubt({
  keys,
  doubts,
  asked,
  proof,
}: Voice): Pick<Voice, 'keys' | 'doubts'> & { readonly given?: Key } {
  if (asked === undefined || proof === undefined || asked === proof) return { keys, doubts }
  if (!doubts.has(asked)) return { keys, doubts: new Set(doubts).add(asked) }
  return { keys: without(keys, asked), doubts: without(doubts, asked), given: asked }
}

function without(keys: ReadonlySet<Key>, key: Key): ReadonlySet<Key> {
  const rest = new Set(keys)
  rest.delete(key)
  return rest
}

function patienceWith({ state }: Work, node: string): number {
  return comesBefore(0, state.config.node, node) ? mostMissed : 2 * mostMissed
}

function end(work: Work, segment: Draft<SegmentState>, { node, keys }: Voice): void {
  loseVoice(work, segment, node)
  judgeEach(work, segment, keys)
}
