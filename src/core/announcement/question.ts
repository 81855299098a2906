import type { Answering } from '../election/effect.ts'

/** An answer that takes longer than this is none, in milliseconds. */
const answeredWithinMs = 1_000
/** Who answered and does not any more is gone after this many questions. */
const mostMissed = 3
/** Who claims the address so often, and each time this long after the last, has not done so by mistake. */
const enoughClaims = 3
const claimsApartMs = 5_000
/** Who claims it so often in a row, and is answered each time (once in ten seconds at the most), insists on it. */
const insistentClaims = 3
const claimsInARowMs = 30_000
/** A claim of somebody who answers no questions is forgotten after this. */
const claimMemoryMs = 180_000
/** As many others are told apart for one address. */
const mostOthers = 8

/** Somebody's word that an address is at its MAC. */
export interface Sighting extends Answering {
  readonly mac: bigint
}

/** That somebody claimed an address for the first time in a while; that a conflict began, that the other insists, or that it is over. */
export type ConflictNews = { readonly kind: 'claim' | 'conflict' | 'insists' | 'conflictOver' } & Sighting

/** What is known of those who answer for one address that is announced here. It changes in place. */
export interface Question extends Answering {
  /** When it was put last; -Infinity when what comes now says nothing. */
  askedAt: number
  readonly others: Map<bigint, Other>
}

/** Somebody who answered for the address, or claimed it, and is not us. */
interface Other {
  readonly mac: bigint
  isTold: boolean
  /** Whether it ever answered two questions in a row. */
  answers: boolean
  answeredAt: number
  inARow: number
  missed: number
  /** Claims that were far enough apart, and the last one. */
  claims: number
  claimsInARow: number
  claimedAt: number
}

/** Whether an answer that comes now can be one to the question as it was put last. */
export function isOpen({ askedAt }: Question, now: number): boolean {
  return now - askedAt <= answeredWithinMs
}

/**
 * Takes in that somebody answered the question that is open; the second time in a row it is a conflict. Undefined when
 * that changes nothing, for it did so before.
 */
export function noteAnswer(
  question: Question,
  mac: bigint,
  now: number,
): readonly ConflictNews[] | undefined {
  const other = otherOf(question, mac)
  if (other === undefined || other.answeredAt >= question.askedAt) return undefined
  other.answeredAt = now
  other.missed = 0
  other.inARow++
  other.answers ||= other.inARow > 1
  return other.answers ? begin(question, other) : []
}

/** Takes in that somebody claimed the address unasked; who does so again and again is a conflict. */
export function noteClaim(question: Question, mac: bigint, now: number): readonly ConflictNews[] {
  const other = otherOf(question, mac)
  if (other === undefined) return []
  other.missed = 0
  if (now - other.claimedAt < claimsApartMs) return []
  other.claimsInARow = now - other.claimedAt <= claimsInARowMs ? other.claimsInARow + 1 : 1
  other.claimedAt = now
  other.claims++
  if (other.claims === 1) return [newsOf('claim', question, other)]
  const begun = other.claims < enoughClaims ? [] : begin(question, other)
  return other.claimsInARow === insistentClaims ? [...begun, newsOf('insists', question, other)] : begun
}

/** Whatever is answered to the last question says nothing, nor does what was answered just before it. */
export function disregard(question: Question): void {
  question.askedAt = -Infinity
  for (const other of question.others.values()) other.inARow = 0
}

/** Puts the question anew: who has not answered it since it was put last has missed it, and may be gone by that. */
export function putAnew(question: Question, now: number): readonly ConflictNews[] {
  const over = question.askedAt === -Infinity ? [] : countMissed(question, now)
  question.askedAt = now
  return over
}

/** The conflicts that are over when the address is ours no more. */
export function close(question: Question): readonly ConflictNews[] {
  return [...question.others.values()].flatMap((other) => end(question, other))
}

/** True when everyone who is known to answer has answered the last question: nothing is in doubt. */
export function isAllWell({ others, askedAt }: Question): boolean {
  return [...others.values()].every((other) => other.answers && other.answeredAt >= askedAt)
}

/** True when the next answer, or that none comes, will tell something new. */
export function isUrgent({ others }: Question): boolean {
  return [...others.values()].some((other) => other.answers || other.missed < mostMissed)
}

function countMissed(question: Question, now: number): readonly ConflictNews[] {
  return [...question.others.values()].flatMap((other) => {
    if (other.answeredAt >= question.askedAt) return []
    other.missed++
    other.inARow = 0
    if (!isGone(other, now)) return []
    question.others.delete(other.mac)
    return end(question, other)
  })
}

function isGone({ answers, missed, claimedAt }: Other, now: number): boolean {
  return answers ? missed >= mostMissed : now - claimedAt >= claimMemoryMs
}

function begin(question: Question, other: Other): readonly ConflictNews[] {
  if (other.isTold) return []
  other.isTold = true
  return [newsOf('conflict', question, other)]
}

function end(question: Question, other: Other): readonly ConflictNews[] {
  return other.isTold ? [newsOf('conflictOver', question, other)] : []
}

function newsOf(kind: ConflictNews['kind'], question: Question, { mac }: Other): ConflictNews {
  return { kind, interface: question.interface, address: question.address, mac }
}

const unknown = {
  isTold: false,
  answers: false,
  answeredAt: -Infinity,
  inARow: 0,
  missed: 0,
  claims: 0,
  claimsInARow: 0,
  claimedAt: -Infinity,
}

/** The one with this MAC, new if need be; undefined for one too many. */
function otherOf({ others }: Question, mac: bigint): Other | undefined {
  const known = others.get(mac)
  if (known !== undefined || others.size >= mostOthers) return known
  const other = { ...unknown, mac }
  others.set(mac, other)
  return other
}
