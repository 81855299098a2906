import { formatAddress, parseAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { annotations, conditionTypes } from '../api/names.ts'
import type { Unheard } from '../election/unheard.ts'
import type { Wish } from '../election/wish.ts'
import { answeredTwice } from './answered-twice.ts'
import type { Announcement } from './answered-twice.ts'
import { heldBackText, unprovenText } from './held-back.ts'
import type { HeldBack } from './held-back.ts'
import type { Decision } from './decision.ts'
import { heldAfter } from './decision.ts'
import { remarkText, withoutRemarks } from './remark.ts'
import type { Remark } from './remark.ts'
import { isAnswered } from './service.ts'
import type { ServiceCondition, ServiceFacts, ServiceIngress } from './service.ts'
import { unheardWords } from './unheard-words.ts'

/** A condition without the moment at which it became so. */
export type Verdict = Omit<ServiceCondition, 'lastTransitionTime'>

/** The verdict on the addresses of a Service, and the words in it about who else answers for them, or does not, if that is so. */
export interface AnnouncedVerdict extends Verdict {
  /** The reason that goes with these words: another one than that of the condition where more is amiss. */
  readonly concern: AnnouncedReason
  readonly others: readonly string[]
}

/** How one address of a Service stands on the LAN. */
export interface AddressOnLan {
  readonly address: Address
  readonly announcedBy: readonly Announcement[]
  /** The node that should announce it. */
  readonly placedOn: string | undefined
  /** Why no node may, in words; undefined when one may. */
  readonly obstacle: string | undefined
  /** Whether anything serves behind it. */
  readonly isServed: boolean
  /** The node that its Services ask for. */
  readonly wish?: Wish | undefined
  /** Whether the speaker of that node is there. */
  readonly isWishPresent?: boolean
  /** Who is to announce it and does not answer for it yet, for it is new. */
  readonly heldBackBy?: HeldBack | undefined
  /** What other speakers find when they ask for it. */
  readonly unheard?: Unheard | undefined
}

/** Why the addresses of a Service are announced or not. A closed list: the reasons of the condition lanlord.dev/Announced. */
export type AnnouncedReason =
  | 'Announced'
  | 'Unanswered' // a node says that it announces it, and nobody answers for it
  | 'AnsweredElsewhere' // and somebody else answers for it in its place
  | 'AnsweredTwice' // it is announced, and somebody else answers for it, too
  | 'NoEndpoints' // nothing serves behind it
  | 'NoCandidate' // no node may announce it
  | 'Pending' // a node should announce it, and does not yet

/** The status to merge into that of a Service. `null` takes a field away. */
export interface StatusPatch {
  readonly loadBalancer?: { readonly ingress: readonly ServiceIngress[] | null }
  readonly conditions?: readonly ServiceCondition[] | null
}

/** What people are told about a Service that is not ours any more; it has no condition left to say it. */
export const released: Pick<Verdict, 'reason' | 'message'> = {
  reason: 'Released',
  message: 'the Service is not ours any more; its addresses are free',
}

/**
 * The condition lanlord.dev/Allocated for a decision, with what there is to remark on; undefined for a Service that is
 * not ours. The same decision and remarks give the same words, but for what the former condition says of an address that
 * was lost: that is said for as long as the Service keeps the one it got instead.
 */
export function allocatedVerdict(
  decision: Decision,
  remarks: readonly Remark[] = [],
  former: readonly ServiceCondition[] = [],
): Verdict | undefined {
  if (decision.kind === 'release') return undefined
  const { status, reason, message } = answerTo(decision)
  const type = conditionTypes.allocated
  const said = withoutRemarks(allocatedIn(former)?.message ?? '')
  const isSaidOfIt = decision.kind === 'keep' && said.startsWith(`${message}, in place of `)
  return { type, status, reason, message: `${isSaidOfIt ? said : message}${remarkText(remarks)}` }
}

function answerTo(decision: Exclude<Decision, { kind: 'release' }>): Omit<Verdict, 'type'> {
  const { pool } = decision
  const texts = heldAfter(decision).map(formatAddress).join(', ')
  if (decision.kind === 'refuse') {
    const message = texts === '' ? decision.message : `${decision.message}; keeps ${texts} meanwhile`
    return { status: 'False', reason: decision.reason, message }
  }
  const source =
    pool === undefined ? 'kept though no AddressPool that can be read has it' : `from AddressPool ${pool}`
  const loss = decision.inPlaceOf === undefined ? '' : `, ${decision.inPlaceOf}`
  return { status: 'True', reason: 'Assigned', message: `${texts} ${source}${loss}` }
}

/** The condition lanlord.dev/Announced for the addresses of one Service; undefined when it has none. */
export function announcedVerdict(addresses: readonly AddressOnLan[]): AnnouncedVerdict | undefined {
  if (addresses.length === 0) return undefined
  const news = addresses.map(newsOf)
  const reason = reasonOf(news)
  const isAnnounced = addresses.every((each) => each.announcedBy.length > 0 && !isSilent(each))
  return {
    type: conditionTypes.announced,
    status: isAnnounced ? 'True' : 'False',
    reason,
    message: news.map((one) => one.message).join('; '),
    others: news.flatMap((one) => one.others ?? []),
    concern: reasonOf(news.filter(({ others }) => others !== undefined)),
  }
}

/** True when somebody else answers for an address, or nobody does who should, and the Service's condition did not say so in these words before. */
export function tellsOfOthers({ others }: AnnouncedVerdict, former: readonly ServiceCondition[]): boolean {
  const before = former.find(({ type }) => type === conditionTypes.announced)?.message ?? ''
  return others.some((words) => !before.includes(words))
}

/** What to merge into the Service's status so that it says this; undefined when it says so already. */
export function statusPatch(
  service: ServiceFacts,
  decision: Decision,
  announced: Verdict | undefined,
  now: string,
): StatusPatch | undefined {
  const verdicts = [allocatedVerdict(decision, service.remarks, service.conditions), announced]
  const conditions = mergedConditions(service.conditions, verdicts, now)
  if (decision.kind === 'release' && !isAnswered(service)) return undefined
  const ingress = decision.kind === 'release' ? othersIn(service) : ingressOf(decision)
  const patch = {
    ...(isSameIngress(service.ingress, ingress) ? {} : { loadBalancer: { ingress: orNull(ingress) } }),
    ...(isSameConditions(service.conditions, conditions) ? {} : { conditions: orNull(conditions) }),
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}

interface News {
  readonly reason: AnnouncedReason
  readonly message: string
  readonly others?: string
}

/** Of two addresses that are not announced as they should be, the one about which more can be done gives the reason. */
const tellingFirst: readonly AnnouncedReason[] = [
  'NoEndpoints',
  'NoCandidate',
  'Pending',
  'Unanswered',
  'AnsweredElsewhere',
  'AnsweredTwice',
]

function reasonOf(news: readonly News[]): AnnouncedReason {
  return tellingFirst.find((each) => news.some(({ reason }) => reason === each)) ?? 'Announced'
}

function newsOf(standing: AddressOnLan): News {
  const { address, announcedBy, isServed, obstacle, placedOn, heldBackBy } = standing
  const text = formatAddress(address)
  const though = wishText(standing)
  if (announcedBy.length > 0) return announcedNews(standing)
  if (!isServed)
    return { reason: 'NoEndpoints', message: `${text} is announced once a Pod behind it is ready${though}` }
  if (obstacle !== undefined)
    return { reason: 'NoCandidate', message: `no node may announce ${text}: ${obstacle}` }
  if (heldBackBy !== undefined) {
    const why = heldBackText(heldBackBy)
    return { reason: 'Pending', message: `${text} is not announced yet: ${why}${though}` }
  }
  const who = placedOn === undefined ? 'no speaker is ready' : `${placedOn} should announce it`
  return { reason: 'Pending', message: `${text} is not announced yet; ${who}${though}` }
}

/** Why the address is not where its Services ask for it. Nothing moves by itself, so it is said how it would. */
function wishText({ wish, placedOn, isWishPresent = false }: AddressOnLan): string {
  if (wish === undefined || wish.node === placedOn) return ''
  const able = isWishPresent
    ? 'may announce it now: set the annotation anew to move it'
    : 'has no speaker that is ready'
  return `, though ${annotations.preferredNode} asks for ${wish.node}, which ${wish.obstacle ?? able}`
}

/** What is answered twice is announced all the same: clients reach it, but nobody can tell through which node. */
function announcedNews(standing: AddressOnLan): News {
  const message = `${announcementText(standing)}${unprovenText(standing.announcedBy)}${wishText(standing)}`
  if (isSilent(standing)) {
    const { result: reason } = standing.unheard
    const words = unheardWords(standing.unheard)
    return { reason, message: `${message}, but ${words}`, others: words }
  }
  const others = answeredTwice(announcementsOf(standing), standing.address.family)
  if (others === undefined) return { reason: 'Announced', message }
  return { reason: 'AnsweredTwice', message: `${message}, but ${others}`, others }
}

/** Whether the one that announces it is not answered, and no other one announces it. */
function isSilent(
  standing: AddressOnLan,
): standing is AddressOnLan & { unheard: Unheard & { result: Exclude<Unheard['result'], 'AnsweredTwice'> } } {
  const { announcedBy, unheard } = standing
  if (unheard === undefined || unheard.result === 'AnsweredTwice') return false
  return announcedBy.every(({ node }) => node === unheard.node)
}

/** What the announcer does not hear itself others may: that somebody else answers, too. */
function announcementsOf({ announcedBy, unheard }: AddressOnLan): readonly Announcement[] {
  if (unheard?.result !== 'AnsweredTwice') return announcedBy
  return announcedBy.map((each) =>
    each.node === unheard.node && each.others.length === 0 ? { ...each, others: unheard.others } : each,
  )
}

function announcementText({ address, announcedBy }: AddressOnLan): string {
  const places = announcedBy.map(({ node, interface: name }) => `${node} on ${name}`).toSorted()
  return `${formatAddress(address)} by ${places.join(', ')}`
}

function mergedConditions(
  former: readonly ServiceCondition[],
  verdicts: readonly (Verdict | undefined)[],
  now: string,
): readonly ServiceCondition[] {
  const ours: readonly string[] = Object.values(conditionTypes)
  const others = former.filter(({ type }) => !ours.includes(type))
  const present = verdicts.filter((verdict) => verdict !== undefined)
  return [...others, ...present.map((verdict) => dated(verdict, former, now))]
}

function dated(verdict: Verdict, former: readonly ServiceCondition[], now: string): ServiceCondition {
  const { type, status, reason, message } = verdict
  const before = former.find((each) => each.type === type)
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
  return { type, status, reason, message, lastTransitionTime }
}

function ingressOf(decision: Decision): readonly ServiceIngress[] {
  return heldAfter(decision).map((address) => ({ ip: formatAddress(address), ipMode: 'VIP' }))
}

/** The entries that are not of our giving: whoever the Service belongs to now may have written before we let go. */
function othersIn({ ingress, conditions }: ServiceFacts): readonly ServiceIngress[] {
  const ours = givenBy(allocatedIn(conditions))
  return ingress.filter(({ ip = '' }) => {
    const address = parseAddress(ip)
    return !address || !ours.includes(formatAddress(address))
  })
}

function allocatedIn(conditions: readonly ServiceCondition[]): ServiceCondition | undefined {
  return conditions.find(({ type }) => type === conditionTypes.allocated)
}

/** Reads back the addresses that `allocatedVerdict` named as held: what we gave, whoever wrote it down and when. */
function givenBy(allocated: ServiceCondition | undefined): readonly string[] {
  const words = allocated?.status === 'True' ? /^(.*?) (?:from|kept) / : /; keeps (.*?) meanwhile(?:$|; but )/
  return words.exec(allocated?.message ?? '')?.[1]?.split(', ') ?? []
}

/** An API server older than 1.30 keeps no ipMode; that must not make us write it again and again. */
function isSameIngress(a: readonly ServiceIngress[], b: readonly ServiceIngress[]): boolean {
  const isSame = (one: ServiceIngress, other: ServiceIngress | undefined): boolean =>
    one.ip === other?.ip && one.hostname === undefined && one.ipMode !== 'Proxy'
  return a.length === b.length && a.every((each, index) => each === b[index] || isSame(each, b[index]))
}

function isSameConditions(a: readonly ServiceCondition[], b: readonly ServiceCondition[]): boolean {
  const text = (conditions: readonly ServiceCondition[]): string =>
    conditions
      .map((each) => JSON.stringify([each.type, each.status, each.reason, each.message]))
      .toSorted()
      .join()
  return text(a) === text(b)
}

function orNull<T>(items: readonly T[]): readonly T[] | null {
  return items.length > 0 ? items : null
}
