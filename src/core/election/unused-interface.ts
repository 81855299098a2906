/** Why nothing is announced on an interface. A closed list. */
export type UnusedReason =
  | 'NoArp' // it speaks neither ARP nor NDP
  | 'NotEthernet'
  | 'HasMaster' // it is a port of a bridge or a bond
  | 'MadeByPlugin' // its name is as network plugins and container runtimes give them
  | 'NotChosen' // the speaker was told to use others

/** What the words about an interface that is not used are made of. */
export interface UnusedFacts {
  readonly reason: UnusedReason
  /** The bridge or bond that it is a port of; undefined when there is none, or it is in another network namespace. */
  readonly master?: string
}

/** Why nothing is announced on the interface and what would mend it. `globs` are those that the speaker was told to use. */
export function unusedWords({ reason, master }: UnusedFacts, globs: readonly string[]): string {
  switch (reason) {
    case 'NoArp':
      return 'It has no ARP, so nobody asks for an address there.'
    case 'NotEthernet':
      return 'It is no Ethernet interface.'
    case 'HasMaster':
      return `It is a port of ${master ?? 'another interface'}, which speaks in its place.`
    case 'MadeByPlugin':
      return 'Its name is one that network plugins give; to use it all the same, list it with all others that are to be used in speaker.interfaces of the chart.'
    case 'NotChosen':
      return `It is not among those that speaker.interfaces of the chart chooses (${globs.join(', ')}); add it there to use it.`
  }
}
