import type { Key } from '../election/key.ts'
import type { Charge } from '../election/testers.ts'
import type { Address } from '../ip/address.ts'

/** What came of one question for an address that somebody announces. A closed list: metric label and status alike. */
export type CheckResult =
  | 'Answered' // by its announcer, and by nobody else
  | 'AnsweredTwice' // by its announcer, and by somebody else, too
  | 'AnsweredElsewhere' // not by its announcer, but by somebody else
  | 'Unanswered' // by nobody

/** What was found of an address often enough in a row. */
export interface Finding {
  readonly address: Address
  readonly announcer: string
  readonly result: Exclude<CheckResult, 'Answered'>
  /** The MACs that are not the announcer's. */
  readonly macs: readonly bigint[]
}

/** That something is found, or is another thing than before, and that it is so no more. */
export type FindingNews = { readonly kind: 'finding' | 'findingOver' } & Finding

/** One address on one segment as a tester sees it. It changes in place, by the functions below alone. */
export interface Check {
  readonly address: Address
  readonly key: Key
  charge: Charge | undefined
  /** When to ask next; Infinity while that is for others to do. */
  dueAt: number
  /** Until then who announced it before may answer, too. */
  settledAt: number
  /** Whether what was heard last is not as it should be, or somebody says so. */
  isUrgent: boolean
  /** When the question was put that is open; undefined while none is. */
  askedAt: number | undefined
  readonly heard: Set<bigint>
  /** Questions in a row that were not answered as they should be, and when the first of them was put. */
  amiss: number
  amissSince: number
  /** Questions in a row that were, since something was found. */
  well: number
  finding: Finding | undefined
}

/** A check with a question that is open, which somebody announces. */
export type Asked = Check & { readonly askedAt: number; readonly charge: Charge }

/** Whether it is that. */
export function isAsked(check: Check): check is Asked {
  return check.askedAt !== undefined && check.charge !== undefined
}

/** What is known when the time for answers is over. */
export interface Hearing {
  /** The MACs of the announcer. */
  readonly own: ReadonlySet<bigint>
  /** When any question of ours was answered last on this segment, in the same family, by whomever. */
  readonly earsAt: number
}

/** What came of a question, what is to be told, and whether it is still to be shown that our ears work. */
export interface Outcome {
  readonly counted: CheckResult | 'Unsure'
  readonly news: readonly FindingNews[]
  readonly needsProof: boolean
}

/** Questions in a row until something is found; a move that we have not heard of yet is over by then. */
const enough: Readonly<Record<Finding['result'], number>> = {
  AnsweredTwice: 2,
  AnsweredElsewhere: 3,
  Unanswered: 3,
}
const enoughWell = 2
/** When to ask again, in milliseconds, what was not as it should be, and what is known not to be. */
const againMs = 1_500
const standingMs = 5_000
/** As old may be what proves, while something stands, that our ears still work. */
const proofMs = 10_000
/** As many who answer are told apart. */
const mostHeard = 8

/** Nobody is charged with it yet. */
export function newCheck(address: Address, key: Key): Check {
  const nothing = { charge: undefined, settledAt: -Infinity, finding: undefined }
  return { address, key, ...nothing, heard: new Set(), ...atEase() }
}

/** It is for nobody here to ask, or what was known is of no account any more. */
export function release(check: Check): readonly FindingNews[] {
  const over = overOf(check)
  Object.assign(check, atEase())
  check.heard.clear()
  return over
}

/** Puts the question. */
export function put(check: Check, now: number): void {
  check.askedAt = now
  check.heard.clear()
}

/** Takes in that somebody answered for the address. */
export function noteHeard({ askedAt, heard }: Check, mac: bigint): void {
  if (askedAt !== undefined && heard.size < mostHeard) heard.add(mac)
}

/** Ends the question that is open: nobody will answer it any more. `usualMs` is until the next round. */
export function close(check: Asked, hearing: Hearing, usualMs: number): Outcome {
  const { askedAt } = check
  const result = resultOf(check.heard, hearing.own)
  Object.assign(check, { askedAt: undefined })
  if (result === 'Answered') return closeWell(check, askedAt, usualMs)
  if (check.amiss === 0) check.amissSince = askedAt
  check.amiss++
  check.well = 0
  const isProven = result !== 'Unanswered' || hearing.earsAt >= provenSince(check, askedAt)
  if (check.finding === undefined && check.amiss < enough[result])
    return again(check, result, askedAt + againMs, !isProven)
  if (!isProven) return doubt(check, askedAt + usualMs)
  const macs = [...check.heard].filter((mac) => !hearing.own.has(mac)).toSorted(ascending)
  const isFresh = result !== 'Unanswered' || hearing.earsAt >= askedAt
  return { ...again(check, result, askedAt + standingMs, !isFresh), news: find(check, result, macs) }
}

function closeWell(check: Check, askedAt: number, usualMs: number): Outcome {
  check.amiss = 0
  check.well++
  if (check.finding !== undefined && check.well < enoughWell)
    return again(check, 'Answered', askedAt + againMs, false)
  const news = overOf(check)
  Object.assign(check, { ...atEase(), dueAt: askedAt + usualMs })
  return { counted: 'Answered', news, needsProof: false }
}

function again(check: Check, counted: Outcome['counted'], dueAt: number, needsProof: boolean): Outcome {
  check.dueAt = dueAt
  check.isUrgent = true
  return { counted, news: [], needsProof }
}

/** Nobody answers us, and nobody answers for anything else either: then it is rather we who do not hear. */
function doubt(check: Check, dueAt: number): Outcome {
  const news = overOf(check)
  Object.assign(check, { ...atEase(), dueAt })
  return { counted: 'Unsure', news, needsProof: true }
}

function find(check: Asked, result: Finding['result'], macs: readonly bigint[]): readonly FindingNews[] {
  const { address, finding: before, charge } = check
  if (before?.result === result && before.macs.join() === macs.join()) return []
  const finding = { address, announcer: charge.announcer, result, macs }
  check.finding = finding
  return [{ kind: 'finding', ...finding }]
}

function provenSince({ finding, amissSince }: Check, askedAt: number): number {
  return finding === undefined ? amissSince : askedAt - proofMs
}

function resultOf(heard: ReadonlySet<bigint>, own: ReadonlySet<bigint>): CheckResult {
  const isOwn = [...heard].some((mac) => own.has(mac))
  const isOther = [...heard].some((mac) => !own.has(mac))
  if (isOwn) return isOther ? 'AnsweredTwice' : 'Answered'
  return isOther ? 'AnsweredElsewhere' : 'Unanswered'
}

function overOf(check: Check): readonly FindingNews[] {
  const { finding } = check
  check.finding = undefined
  return finding === undefined ? [] : [{ kind: 'findingOver', ...finding }]
}

function atEase() {
  return {
    dueAt: Infinity,
    isUrgent: false,
    askedAt: undefined,
    amiss: 0,
    amissSince: -Infinity,
    well: 0,
  }
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : 1
}
