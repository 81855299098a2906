import type { SpeakerStatus } from '../../core/api/speaker.ts'
import { readinessOf } from '../../core/election/readiness.ts'
import type { Readiness } from '../../core/election/readiness.ts'
import { compareAddresses, formatAddress } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import type { NetworkInterface } from '../../platform/network/interfaces.ts'
import type { Announcing, WireFacts } from './wire-facts.ts'

const named = 3

export interface StatusFacts {
  readonly node: string
  readonly wire: Pick<WireFacts, 'interfaces' | 'peers' | 'conflicts' | 'trouble' | 'announcing'>
  readonly observedRevision: number
  readonly leaving: boolean
}

type Complete = {
  readonly [K in Exclude<keyof SpeakerStatus, 'conditions'>]-?: NonNullable<SpeakerStatus[K]>
}

type Status = Complete & { readonly condition: Readiness }

/** Every field, also the empty ones: what a merge patch does not name would stay. */
export function statusOf({ node, wire, observedRevision, leaving }: StatusFacts): Status {
  const announcing = wire.announcing.toSorted((a, b) =>
    compareAddresses(a.answering.address, b.answering.address),
  )
  const addresses = [...new Set(announcing.map(({ answering }) => formatAddress(answering.address)))]
  const macs = new Map(wire.interfaces.map(({ name, mac }) => [name, formatMac(mac)]))
  return {
    node,
    interfaces: wire.interfaces.map(interfaceStatusOf),
    announcing: announcing.map((one) => announcedOf(one, macs)),
    peers: wire.peers.map(({ since, ...peer }) => ({ ...peer, since: moment(since) })),
    conflicts: wire.conflicts.map(({ address, mac, interface: name, at }) => {
      return { address: formatAddress(address), mac: formatMac(mac), interface: name, seen: moment(at) }
    }),
    count: addresses.length,
    peerCount: new Set(wire.peers.map((peer) => peer.node)).size,
    summary: summaryOf(addresses),
    observedRevision,
    condition: readinessOf({ interfaces: wire.interfaces, trouble: wire.trouble, leaving }),
  }
}

function interfaceStatusOf({ name, mac, addresses }: NetworkInterface): Complete['interfaces'][number] {
  return {
    name,
    mac: formatMac(mac),
    addresses: addresses.map(({ address, prefixLength }) => `${formatAddress(address)}/${prefixLength}`),
  }
}

function announcedOf(
  { answering, since, cause }: Announcing,
  macs: ReadonlyMap<string, string>,
): Complete['announcing'][number] {
  const { address, interface: name } = answering
  const mac = macs.get(name) ?? ''
  return { address: formatAddress(address), interface: name, mac, since: moment(since), cause }
}

function summaryOf(addresses: readonly string[]): string {
  const first = addresses.slice(0, named).join(',')
  return addresses.length > named ? `${first},…` : first
}

/** Whole milliseconds: the worker's clock is corrected by fractions from one message to the next. */
function moment(wallMs: number): string {
  return new Date(Math.round(wallMs)).toISOString()
}
