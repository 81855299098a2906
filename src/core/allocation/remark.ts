/**
 * What a remark is about. A closed list: the reasons of warning Events and, for pools, of the condition Sound. A remark
 * refuses nothing: it is about what is legal and surely unmeant.
 */
export type RemarkReason =
  | 'FamilyWithoutClusterIP' // the Service asks for a family that its cluster IPs do not have
  | 'ContradictingAnnotations' // one annotation of the Service says this, another one that
  | 'UnknownAnnotation' // it is one of ours by its prefix, and nobody reads it
  | 'NodeAddress' // the pool gives out the address of a node
  | 'NetworkAddress' // the pool gives out the address that stands for the whole subnet of a node
  | 'BroadcastAddress' // the pool gives out the broadcast address of a node's subnet
  | 'GatewayAddress' // the pool gives out the address of a router
  | 'ProxyArp' // one device answers for whatever address of the pool it is asked
  | 'ChoosesNoNode' // no node is as the pool wants those that announce its addresses
  | 'ChoosesNoInterface' // no node that it chooses has an interface as it wants them
  | 'PrefersNoNode' // no node is as the pool prefers them
  | 'SpecialAddress' // the pool lists addresses that no host of a LAN can have
  | 'RepeatedEntry' // the pool lists addresses that it lists already
  | 'ExcludesNothing' // the pool excludes addresses that it does not list
  | 'GivesNothing' // the pool excludes all that it lists
  | 'AdmitsNobody' // the pool has a list of who may use it, and the list is empty
  | 'MatchesNothing' // the pool has a selector or a name that nothing can match

/** A warning about a Service or a pool: what was found, with the values, and what would mend it. */
export interface Remark {
  readonly reason: RemarkReason
  readonly message: string
}

const but = '; but '

/** The words that a message ends with so that it says the remarks; none when there are none. */
export function remarkText(remarks: readonly Remark[]): string {
  return remarks.map(({ message }) => `${but}${message}`).join('')
}

/** Of the remarks those that a message, which ended with the words of `remarkText`, did not say. */
export function newRemarks(remarks: readonly Remark[], formerMessage: string): readonly Remark[] {
  return remarks.filter((remark) => !`${formerMessage}${but}`.includes(`${remarkText([remark])}${but}`))
}

/** What the message says before the remarks. */
export function withoutRemarks(message: string): string {
  return message.split(but)[0] ?? ''
}

/** Whether the message says this, and nothing after it but remarks. */
export function saysBeforeRemarks(message: string, words: string): boolean {
  return message === words || message.startsWith(`${words}${but}`)
}
