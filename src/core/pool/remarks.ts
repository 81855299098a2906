import type { Remark, RemarkReason } from '../allocation/remark.ts'
import { compareAddresses, formatAddress } from '../ip/address.ts'
import type { Address } from '../ip/address.ts'
import { sizeOf } from '../ip/range.ts'
import type { Range } from '../ip/range.ts'
import { positionOf } from './line.ts'
import type { Pool } from './pool.ts'
import { slipsIn } from './slips.ts'

/** A node's place on the LAN, as its speaker tells it. */
export interface NodeNetwork {
  readonly node: string
  readonly network: readonly InterfaceNetwork[]
}

/** One usable interface of a node: its own addresses, and the routers that are reached through it. */
export interface InterfaceNetwork {
  readonly name: string
  readonly own: readonly { readonly address: Address; readonly subnet: Range }[]
  readonly gateways: readonly Address[]
}

interface Finding {
  readonly address: Address
  readonly words: string
}

const namedAtMost = 3

/**
 * Remarks on addresses that the pool may give out though somebody on the LAN has them, or nobody can have them. One for
 * each reason; the same words whatever the order of the nodes.
 */
export function poolRemarks(pool: Pool, nodes: Iterable<NodeNetwork>): readonly Remark[] {
  const all = [...nodes].toSorted((a, b) => (a.node < b.node ? -1 : 1))
  const found = (look: (place: Place) => readonly Finding[]): readonly Finding[] =>
    all.flatMap(({ node, network }) => network.flatMap((each) => look({ node, ...each })))
  const remarks = looks.map(({ reason, look }) => remarkOn(reason, found(look), pool))
  return [...remarks.filter((remark) => remark !== undefined), ...slipsIn(pool)]
}

type Place = InterfaceNetwork & Pick<NodeNetwork, 'node'>

const looks: readonly {
  readonly reason: RemarkReason
  readonly look: (place: Place) => readonly Finding[]
}[] = [
  { reason: 'NodeAddress', look: ownAddresses },
  { reason: 'NetworkAddress', look: networkAddresses },
  { reason: 'BroadcastAddress', look: broadcastAddresses },
  { reason: 'GatewayAddress', look: gatewayAddresses },
]

function ownAddresses({ node, name, own }: Place): readonly Finding[] {
  return own.map(({ address }) => ({ address, words: `is the own address of node ${node} on ${name}` }))
}

function networkAddresses({ own }: Place): readonly Finding[] {
  return own.filter(hasNetworkAddress).map(({ subnet: { family, first } }) => {
    const address = { family, value: first }
    const meaning =
      family === 'IPv4'
        ? 'stands for the whole of a subnet of the nodes'
        : 'is every router’s in a subnet of the nodes'
    return { address, words: meaning }
  })
}

function broadcastAddresses({ own }: Place): readonly Finding[] {
  const usual = own.filter((each) => each.subnet.family === 'IPv4' && hasNetworkAddress(each))
  return usual.map(({ subnet: { family, last } }) => {
    return { address: { family, value: last }, words: 'is the broadcast address of a subnet of the nodes' }
  })
}

function gatewayAddresses({ node, name, gateways }: Place): readonly Finding[] {
  return gateways.map((address) => ({
    address,
    words: `is a router that node ${node} reaches through ${name}`,
  }))
}

/** In a subnet of one or two addresses each stands for itself (RFC 3021, RFC 6164). */
function hasNetworkAddress({ subnet }: Place['own'][number]): boolean {
  return sizeOf(subnet) > 2n
}

function remarkOn(reason: RemarkReason, findings: readonly Finding[], pool: Pool): Remark | undefined {
  const given = new Map<string, Finding>()
  for (const finding of findings.filter(({ address }) => mayGiveOut(pool, address))) {
    const key = formatAddress(finding.address)
    if (!given.has(key)) given.set(key, finding)
  }
  if (given.size === 0) return undefined
  const inOrder = [...given.values()].toSorted((a, b) => compareAddresses(a.address, b.address))
  const named = inOrder
    .slice(0, namedAtMost)
    .map(({ address, words }) => `${formatAddress(address)} ${words}`)
  const rest = given.size > namedAtMost ? `, and so with ${given.size - namedAtMost} more` : ''
  const mend = given.size === 1 ? 'add it to spec.exclude' : 'add them to spec.exclude'
  return { reason, message: `${named.join(', ')}${rest}; ${mend}` }
}

function mayGiveOut(pool: Pool, { family, value }: Address): boolean {
  return positionOf(pool.lines[family], value) !== undefined
}
