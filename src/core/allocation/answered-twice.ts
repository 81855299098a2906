import type { Family } from '../ip/address.ts'
import { heartbeatGroups, heartbeatPort } from '../wire/heartbeat.ts'
import { listed } from '../words/listed.ts'

/** Somebody who answers for an address that a node announces, and is not that node. */
export interface OtherAnswerer {
  readonly mac: string
  /** The node that the MAC belongs to, if it is one of the cluster. */
  readonly node: string | undefined
  /** Whether it claims the address again and again, though that is answered. */
  readonly insists?: boolean
}

/** A node that announces an address, and who else answers for it there. */
export interface Announcement {
  readonly node: string
  readonly interface: string
  readonly others: readonly OtherAnswerer[]
  /** Whether the address was new, and not seen to forward in time. */
  readonly isUnproven?: boolean
}

/** Why somebody else answers, as far as it can be known from here; each has another mend. */
type Kind = 'kernel' | 'speaker' | 'stubborn' | 'stranger'

/**
 * Who answers for an address beside those that announce it, and what would mend that; undefined when nobody does. A
 * node that announces it as well counts only when the two accuse each other: else a move is under way.
 */
export function answeredTwice(announcedBy: readonly Announcement[], family: Family): string | undefined {
  const others = new Map<string, OtherAnswerer & { readonly kind: Kind }>()
  for (const announcement of announcedBy) {
    for (const other of announcement.others) {
      const kind = kindOf(other, announcement, announcedBy)
      if (kind !== undefined) others.set(other.mac, { ...other, kind })
    }
  }
  const parts = (['kernel', 'speaker', 'stubborn', 'stranger'] as const).flatMap((kind) => {
    const alike = [...others.values()].filter((each) => each.kind === kind)
    return alike.length > 0 ? words[kind](namesOf(alike), alike.length > 1, family) : []
  })
  return parts.length > 0 ? parts.join('; ') : undefined
}

function kindOf(
  { node, insists }: OtherAnswerer,
  accuser: Announcement,
  announcedBy: readonly Announcement[],
): Kind | undefined {
  if (node === undefined) return insists === true ? 'stubborn' : 'stranger'
  const accused = announcedBy.filter((each) => each.node === node)
  if (accused.length === 0) return 'kernel'
  const accusesBack = accused.some(({ others }) => others.some((other) => other.node === accuser.node))
  return accusesBack ? 'speaker' : undefined
}

const protocols: Readonly<Record<Family, string>> = { IPv4: 'ARP', IPv6: 'NDP' }

/** By ARP a kernel answers for what is bound on any interface, by NDP for what is bound on the one that was asked. */
const kernelMends: Readonly<Record<Family, string>> = {
  IPv4:
    `the address is bound on an interface there; ` +
    `set strictARP: true in kube-proxy's configuration if that is in IPVS mode, ` +
    `or net.ipv4.conf.all.arp_ignore=1 and net.ipv4.conf.all.arp_announce=2 on the node`,
  IPv6: `the address is bound on its interface on the LAN; take it off there`,
}

const words: Readonly<Record<Kind, (names: string, isPlural: boolean, family: Family) => string>> = {
  kernel: (names, isPlural, family) =>
    `${names} ${isPlural ? 'answer' : 'answers'} ${protocols[family]} for it, too: ${kernelMends[family]}`,
  speaker: (names) =>
    `the speakers of ${names} do not hear each other, and each announces it; ` +
    `let UDP to ${heartbeatGroups} port ${heartbeatPort} pass between the nodes`,
  stubborn: (names, isPlural) =>
    `${names}, no ${isPlural ? 'nodes' : 'node'} of this cluster, ` +
    `${isPlural ? 'claim' : 'claims'} it again and again: that is answered once in ten seconds at the most, ` +
    `and clients may be led there meanwhile; take the address off that device, or exclude it from the AddressPool`,
  stranger: (names, isPlural, family) =>
    `${names}, no ${isPlural ? 'nodes' : 'node'} of this cluster, ` +
    `${isPlural ? 'answer' : 'answers'} ${protocols[family]} for it, too; ` +
    `take the address off that device, or exclude it from the AddressPool`,
}

/** The names in order, so that the same ones make the same text. */
function namesOf(others: readonly OtherAnswerer[]): string {
  return listed(others.map(({ mac, node }) => (node === undefined ? mac : `${node} (${mac})`)).toSorted())
}
