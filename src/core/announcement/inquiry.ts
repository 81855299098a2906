// Who else answers.
//
// The kernel of a node answers ARP for every address that is bound on any of its interfaces, unless it was told not
// to. kube-proxy in IPVS mode binds the addresses of all Services on each node, on kube-ipvs0; without strictARP all
// nodes then answer for an address that one of them announces, and clients go to whichever they hear last. Such an
// answer goes to the client alone, so the announcer never sees it. It has to ask for itself: an ARP probe (RFC 5227)
// for each address that it announces. Any answer to it is somebody else's, for our own frames do not come back to us.
//
//      first, 3 s          nobody answers            usual, 60 s
//     ------------> asked -----------------> asked ------------> asked …
//                     |                        |
//                     | somebody answers       |
//                     v  second, 1.5 s         v
//                   asked again: the same one answers: a conflict
//                     |
//                     | and is asked every 5 s as long as it answers, every 1.5 s once it does not;
//                     v three questions without an answer
//                   over
//
// Moves are make-before-break: the former announcer answers for up to half a second after the new one spoke, for two
// when it hears of no successor. So the first question waits until that is over; a question is put, and an answer
// counted, only while no live peer bids for the address; and it takes two answers in a row. What our own node answers
// through another of its interfaces is no other place to go, and does not come here.
//
// Somebody may also claim an address unasked, by gratuitous ARP. The election answers that at once; here it is asked
// soon whether who claimed answers, too. Who does not, but goes on claiming, is a conflict with the third claim, and that
// is over three minutes after the last, give or take a question. A single claim is none: where a machine is short of
// time, a speaker's bid may come after the announcement that it explains.
//
// An address that is ours no more takes its conflicts with it, but a few seconds later: a node that was held up for a
// moment falls silent and goes on, and what stood before stands then, without having been over.
//
// All questions of a node together are at most one every 20 ms: they are broadcasts, and everyone reads them. The
// waits are constants, so each is a line in which nobody overtakes: what is due next is at the head of one of them.

import type { Answering, HoldingChange } from '../election/effect.ts'
import type { Address } from '../ip/address.ts'
import { formatAddress } from '../ip/address.ts'
import { close, disregard, isAllWell, isOpen, isUrgent, noteAnswer, noteClaim, putAnew } from './question.ts'
import type { ConflictNews, Question, Sighting } from './question.ts'

/** How long a question waits, in milliseconds. */
const waitsMs = { first: 3_000, second: 1_500, seen: 5_000, usual: 60_000, parting: 5_000 } as const
/** Two questions of this node are at least this far apart. */
const apartMs = 20

type Wait = keyof typeof waitsMs

interface Queued extends Question {
  wait: Wait
  dueAt: number
}

/** Every question that this node asks; it changes in place, by the functions below alone. */
export interface Inquiry {
  readonly questions: Map<string, Queued>
  /** The questions by how long they wait; in each line the one that has waited longest comes first. */
  readonly lines: Readonly<Record<Wait, Set<Queued>>>
  notBefore: number
}

/** What platform is to do: to ask, or to tell what came of it. */
export type InquiryEffect = ({ readonly kind: 'probe' } & Answering) | ConflictNews

/** Whether somebody else's answer for the address would be a conflict now, and no part of a move. */
export type IsUndisputed = (name: string, address: Address) => boolean

/** Nothing is asked yet. */
export function beginInquiry(): Inquiry {
  const lines = {
    first: new Set<Queued>(),
    second: new Set<Queued>(),
    seen: new Set<Queued>(),
    usual: new Set<Queued>(),
    parting: new Set<Queued>(),
  }
  return { questions: new Map(), lines, notBefore: -Infinity }
}

/** When there is something to ask; Infinity when nothing is announced. */
export function inquiryDueAt({ lines, notBefore }: Inquiry): number {
  return Math.max(notBefore, headOf(lines)?.dueAt ?? Infinity)
}

/** Takes note of what became of the addresses of this node: asked for is what it announces. */
export function follow(inquiry: Inquiry, changes: readonly HoldingChange[], now: number): void {
  for (const change of changes) {
    const question = inquiry.questions.get(nameOf(change))
    if (change.to === 'announcing') begin(inquiry, question, change, now)
    else if (question !== undefined) part(inquiry, question, now)
  }
}

/** Puts the question that is due, if its time has come. */
export function inquire(inquiry: Inquiry, isUndisputed: IsUndisputed, now: number): readonly InquiryEffect[] {
  if (now < inquiry.notBefore) return []
  for (;;) {
    const question = headOf(inquiry.lines)
    if (question === undefined || question.dueAt > now) return []
    if (question.wait === 'parting') return withdraw(inquiry, question)
    if (isUndisputed(question.interface, question.address)) return put(inquiry, question, now)
    disregard(question)
    queue(inquiry, question, 'second', now)
  }
}

/** Takes in an answer to a question. */
export function hearAnswer(
  inquiry: Inquiry,
  sighting: Sighting,
  isUndisputed: IsUndisputed,
  now: number,
): readonly InquiryEffect[] {
  const question = inquiry.questions.get(nameOf(sighting))
  if (question === undefined || !isOpen(question, now)) return []
  if (isUndisputed(question.interface, question.address)) return answered(inquiry, question, sighting, now)
  disregard(question)
  return []
}

/** Takes in that somebody claimed an address unasked, and that no move explains it. */
export function hearClaim(inquiry: Inquiry, sighting: Sighting, now: number): readonly InquiryEffect[] {
  const question = inquiry.questions.get(nameOf(sighting))
  if (question === undefined || question.wait === 'parting') return []
  if (question.dueAt > now + waitsMs.second) queue(inquiry, question, 'second', now)
  return noteClaim(question, sighting.mac, now)
}

function answered(
  inquiry: Inquiry,
  question: Queued,
  { mac }: Sighting,
  now: number,
): readonly InquiryEffect[] {
  const news = noteAnswer(question, mac, now)
  if (news === undefined) return []
  queue(inquiry, question, isAllWell(question) ? 'seen' : 'second', now)
  return news
}

function put(inquiry: Inquiry, question: Queued, now: number): readonly InquiryEffect[] {
  const over = putAnew(question, now)
  inquiry.notBefore = now + apartMs
  queue(inquiry, question, isUrgent(question) ? 'second' : 'usual', now)
  return [...over, { kind: 'probe', interface: question.interface, address: question.address }]
}

function begin(
  inquiry: Inquiry,
  known: Queued | undefined,
  { interface: name, address }: Answering,
  now: number,
): void {
  const question: Queued = known ?? {
    interface: name,
    address,
    askedAt: -Infinity,
    others: new Map(),
    wait: 'parting',
    dueAt: now,
  }
  if (question.wait !== 'parting') return
  inquiry.questions.set(nameOf(question), question)
  queue(inquiry, question, 'first', now)
}

/** Not announced by us any more, or not just now. */
function part(inquiry: Inquiry, question: Queued, now: number): void {
  if (question.wait === 'parting') return
  disregard(question)
  queue(inquiry, question, 'parting', now)
}

function withdraw({ questions, lines }: Inquiry, question: Queued): readonly InquiryEffect[] {
  questions.delete(nameOf(question))
  lines[question.wait].delete(question)
  return close(question)
}

function queue({ lines }: Inquiry, question: Queued, wait: Wait, now: number): void {
  lines[question.wait].delete(question)
  question.wait = wait
  question.dueAt = now + waitsMs[wait]
  lines[wait].add(question)
}

/** The question that is due next. */
function headOf(lines: Inquiry['lines']): Queued | undefined {
  let next: Queued | undefined
  for (const line of Object.values(lines)) {
    const [head] = line
    if (head !== undefined && (next === undefined || head.dueAt < next.dueAt)) next = head
  }
  return next
}

function nameOf({ interface: name, address }: Answering): string {
  return `${formatAddress(address)} ${name}`
}
