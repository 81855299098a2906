import { annotations, conditionTypes } from '../api/names.ts'
import type { Unheard } from '../election/unheard.ts'
import type { Wish } from '../election/wish.ts'
import { formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { answeredTwice } from './answered-twice.ts'
import type { Announcement } from './answered-twice.ts'
import { heldBackText, unprovenText } from './held-back.ts'
import type { HeldBack } from './held-back.ts'
import type { ServiceCondition, Verdict } from './service.ts'
import { unheardWords } from './unheard-words.ts'

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
