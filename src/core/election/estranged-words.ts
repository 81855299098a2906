import { heartbeatPort, heartbeatGroups } from '../wire/heartbeat.ts'

/** Another speaker that one notices and that is no peer of it, as a status tells of it. */
export interface SpeakerEstranged {
  readonly reason: 'UnknownKey' | 'OneWay' | 'WireOnly'
  readonly interface: string
  /** Its node, if it is one of this cluster. */
  readonly node?: string | undefined
  readonly mac?: string | undefined
  /** The node that it says it is, which nobody can verify. */
  readonly says?: string | undefined
}

const mostNamed = 3

/** All of them in a sentence each, at most a few; what is the same is told in the same words. */
export function estrangedText(all: readonly SpeakerEstranged[]): string {
  const sentences = all.slice(0, mostNamed).map(sentenceOf)
  const more = all.length - mostNamed
  return more > 0 ? `${sentences.join('; ')}; and ${more} more` : sentences.join('; ')
}

/** Names one of them, whatever else is said of it. */
export function estrangedName({ reason, interface: name, node, mac, says }: SpeakerEstranged): string {
  return [reason, name, node, mac, says].join(' ')
}

function sentenceOf(one: SpeakerEstranged): string {
  const who = one.node ?? 'a node that is not known'
  if (one.reason === 'UnknownKey') return unknownKey(one)
  if (one.reason === 'OneWay') {
    return `the heartbeats of ${who} come on ${one.interface}, and it does not hear this one: the link works one way only; look at its receiving side, and at what filters there`
  }
  return `the heartbeats of ${who} do not come on ${one.interface}, and it answers for addresses all the same; let UDP to ${heartbeatGroups} port ${heartbeatPort} pass between the nodes`
}

function unknownKey({ node, mac, says, interface: name }: SpeakerEstranged): string {
  if (node !== undefined) {
    const at = mac === undefined ? '' : ` (${mac})`
    return `${node}${at} on ${name} signs with an unknown key; see that the Secret with the heartbeat key is the same on all nodes, and give it two minutes to reach each`
  }
  const called = says === undefined ? '' : `, which says that it is ${says},`
  return `${mac ?? 'somebody'}${called} on ${name} is no node of this cluster and sends heartbeats signed with an unknown key: another cluster on the same LAN, or somebody who plays one; see that no pools of the two overlap`
}
