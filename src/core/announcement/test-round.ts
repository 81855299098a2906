import { addressOf, type Key } from '../election/key.ts'
import { chargeOf, speakersOn, type Charge, type Testers } from '../election/testers.ts'
import type { Address, Family } from '../ip/address.ts'
import { contains } from '../ip/range.ts'
import { close, isAsked, newCheck, put, release } from './check.ts'
import type { Check, CheckResult, FindingNews } from './check.ts'

/** One question of all speakers of a segment is this far from the next, in milliseconds. */
const apartMs = 250
const roundLeastMs = 20_000
const roundForEachMs = 500
/** Who began to announce an address is left in peace for this long: the one before may answer as long as that. */
const settleMs = 3_000
/** An answer that has not come by then will not come. */
const answerWithinMs = 1_000
/** So many addresses are looked at in one go: whose they are, and who is to ask. */
const assessedAtOnce = 64
/** So many of those that surely answer are asked in one go, and so far apart. */
const controlsAtOnce = 3
const controlsApartMs = 1_500

/** What is known of those who announce, and of the LAN around. */
export interface SelfTestView {
  readonly testersOn: (name: string) => Testers | undefined
  /** The MACs of a node; an address of one of which none is known is not tested. */
  readonly macs: ReadonlyMap<string, ReadonlySet<bigint>>
  /** Addresses for which somebody surely answers. */
  readonly controls: readonly Address[]
}

/** What platform is to do: to ask, to count what came of it, and to tell. */
export type SelfTestEffect =
  | { readonly kind: 'ask'; readonly interface: string; readonly address: Address }
  | { readonly kind: 'result'; readonly result: CheckResult | 'Unsure' }
  | (FindingNews & { readonly interface: string })

/** What is known on one interface. */
export interface Round {
  readonly interface: string
  checks: readonly Check[]
  byKey: ReadonlyMap<Key, Check>
  /** Which one is looked at next. */
  at: number
  notBefore: number
  readonly earsAt: Record<Family, number>
  readonly controlsNotBefore: Record<Family, number>
  controlAt: number
}

function roundMs(addresses: number): number {
  return Math.max(roundLeastMs, addresses * roundForEachMs)
}

/** Tests these from now on, and nothing else. */
export function replace(round: Round, keys: readonly Key[]): readonly SelfTestEffect[] {
  const before = round.byKey
  round.checks = keys.map((key) => before.get(key) ?? newCheck(addressOf(key), key))
  round.byKey = new Map(round.checks.map((check) => [check.key, check]))
  const gone = [...before.values()].filter(({ key }) => !round.byKey.has(key))
  return gone.flatMap(release).map(on(round))
}

/** Nothing is tested on the interface yet. */
export function newRound(name: string): Round {
  return {
    interface: name,
    checks: [],
    byKey: new Map(),
    at: 0,
    notBefore: -Infinity,
    earsAt: { IPv4: -Infinity, IPv6: -Infinity },
    controlsNotBefore: { IPv4: -Infinity, IPv6: -Infinity },
    controlAt: 0,
  }
}

/** Does what is due on one interface. */
export function turn(round: Round, view: SelfTestView, now: number): readonly SelfTestEffect[] {
  const testers = view.testersOn(round.interface)
  // Who cannot ask knows nothing.
  if (testers === undefined) return round.checks.flatMap((check) => follow(round, check, testers, view, now))
  return [
    ...closeAll(round, testers, view, now),
    ...assess(round, testers, view, now),
    ...ask(round, testers, now),
  ]
}

function closeAll(
  round: Round,
  testers: Testers,
  view: SelfTestView,
  now: number,
): readonly SelfTestEffect[] {
  const usualMs = roundMs(round.checks.length)
  return round.checks.flatMap((check) => {
    if (now - (check.askedAt ?? Infinity) < answerWithinMs) return []
    const left = follow(round, check, testers, view, now)
    if (!isAsked(check)) return left
    // Nobody is charged with what is announced by a node whose MACs are not known.
    const own = view.macs.get(check.charge.announcer) as ReadonlySet<bigint>
    const { family } = check.address
    const { counted, news, needsProof } = close(check, { own, earsAt: round.earsAt[family] }, usualMs)
    const proof = needsProof ? prove(round, testers, view.controls, family, now) : []
    return [...left, { kind: 'result', result: counted } as const, ...news.map(on(round)), ...proof]
  })
}

/** Asks some of those who surely answer, each time others. */
function prove(
  round: Round,
  { segment }: Testers,
  controls: readonly Address[],
  family: Family,
  now: number,
): readonly SelfTestEffect[] {
  if (now < round.controlsNotBefore[family]) return []
  round.controlsNotBefore[family] = now + controlsApartMs
  const { prefixes } = segment.segment
  const near = controls.filter(
    (each) => each.family === family && prefixes.some((prefix) => contains(prefix, each)),
  )
  const turned = near.map((_, at) => near[(at + round.controlAt) % near.length] as Address)
  round.controlAt += controlsAtOnce
  return turned.slice(0, controlsAtOnce).map((address) => questionOn(round, address))
}

/** Looks at some of the addresses: whose they are now, and whether it is for us to ask. */
function assess(round: Round, testers: Testers, view: SelfTestView, now: number): readonly SelfTestEffect[] {
  const { checks } = round
  const some = Math.min(assessedAtOnce, checks.length)
  const effects: SelfTestEffect[] = []
  for (let seen = 0; seen < some; seen++) {
    round.at = (round.at + 1) % checks.length
    effects.push(...follow(round, checks[round.at] as Check, testers, view, now))
  }
  return effects
}

/** The second to ask does so half a round after the first. */
function follow(
  round: Round,
  check: Check,
  testers: Testers | undefined,
  view: SelfTestView,
  now: number,
): readonly SelfTestEffect[] {
  const charge = chargeIn(testers, check.key, view)
  const before = check.charge
  check.charge = charge
  if (isSame(charge, before)) return []
  const over = release(check).map(on(round))
  if (charge?.rank === undefined) return over
  check.settledAt = now + settleMs
  check.dueAt = check.settledAt + (charge.rank === 0 ? 0 : roundMs(round.checks.length) / 2)
  return over
}

function chargeIn(testers: Testers | undefined, key: Key, { macs }: SelfTestView): Charge | undefined {
  const charge = testers && chargeOf(testers, key)
  return charge && macs.has(charge.announcer) ? charge : undefined
}

/** Whether it is for us to ask as it was before, as the first or as the second. */
function isSame(a: Charge | undefined, b: Charge | undefined): boolean {
  return a?.announcer === b?.announcer && (a?.rank === undefined) === (b?.rank === undefined)
}

function ask(round: Round, testers: Testers, now: number): readonly SelfTestEffect[] {
  const urgent = nextOf(round, true, now)
  const usual = now < round.notBefore ? undefined : nextOf(round, false, now)
  if (usual) round.notBefore = now + apartMs * speakersOn(testers)
  return [urgent, usual].flatMap((check) => {
    if (check === undefined) return []
    put(check, now)
    return questionOn(round, check.address)
  })
}

/** Of those that are due, the one that has been so for longest. */
function nextOf({ checks }: Round, isUrgent: boolean, now: number): Check | undefined {
  let next: Check | undefined
  for (const check of checks) {
    if (check.dueAt > now || check.isUrgent !== isUrgent || check.askedAt !== undefined) continue
    if (next === undefined || check.dueAt < next.dueAt) next = check
  }
  return next
}

function on({ interface: name }: Round): (news: FindingNews) => SelfTestEffect {
  return (news) => ({ ...news, interface: name })
}

function questionOn({ interface: name }: Round, address: Address): SelfTestEffect {
  return { kind: 'ask', interface: name, address }
}
