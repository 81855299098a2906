import { manyAnswerers } from '../../core/api/speaker-status.ts'
import type { SpeakerStatus } from '../../core/api/speaker-status.ts'
import { readinessOf } from '../../core/election/readiness.ts'
import type { Readiness, ReadinessFacts } from '../../core/election/readiness.ts'
import { compareAddresses, formatAddress } from '../../core/ip/address.ts'
import type { Address } from '../../core/ip/address.ts'
import { formatMac } from '../../core/wire/ethernet.ts'
import { estrangedOf } from './estranged-status.ts'
import type { HeldBack } from './held-back.ts'
import { interfacesOf, unusedInterfacesOf } from './interface-status.ts'
import type { ProxyHealth } from './kube-proxy.ts'
import type { SeenConflict, SeenFinding } from './messages.ts'
import type { Announcing, WireFacts } from './wire-facts.ts'

const named = 3

export interface StatusFacts {
  readonly node: string
  readonly wire: Pick<
    WireFacts,
    | 'interfaces'
    | 'unused'
    | 'twins'
    | 'peers'
    | 'conflicts'
    | 'foreign'
    | 'estranged'
    | 'strangers'
    | 'findings'
    | 'trouble'
    | 'isPermitted'
    | 'announcing'
  >
  /** Which interfaces the speaker was told to use; none means all that it can. */
  readonly globs: readonly string[]
  /** Why there is no heartbeat key, in words; empty when there is one. */
  readonly keyTrouble: string
  readonly observedRevision: number
  readonly leaving: boolean
  readonly kubeProxy: ProxyHealth
  /** The routers that are reached through an interface. */
  readonly gatewaysOf: (name: string) => readonly string[]
  /** Whether the address was given to this node to announce, and is not because somebody else has it. */
  readonly isWithheld: (address: Address) => boolean
  /** The new addresses that wait to be announced, and those that were not seen to forward. */
  readonly heldBack: Pick<HeldBack, 'told' | 'isHeldBack' | 'isUnproven'>
  /** Whose MAC this is, among the speakers of the cluster. */
  readonly nodeOf: (mac: bigint) => string | undefined
}

type Complete = {
  readonly [K in Exclude<keyof SpeakerStatus, 'conditions'>]-?: NonNullable<SpeakerStatus[K]>
}

type Status = Complete & { readonly condition: Readiness }

/** Every field, also the empty ones: what a merge patch does not name would stay. */
export function statusOf(facts: StatusFacts): Status {
  const { node, wire, observedRevision, kubeProxy, nodeOf, gatewaysOf, isWithheld, heldBack, globs } = facts
  const announcing = wire.announcing
    .filter(({ answering }) => !heldBack.isHeldBack(answering.address))
    .toSorted((a, b) => compareAddresses(a.answering.address, b.answering.address))
  const addresses = [...new Set(announcing.map(({ answering }) => formatAddress(answering.address)))]
  const macs = new Map(wire.interfaces.map(({ name, mac }) => [name, formatMac(mac)]))
  return {
    node,
    interfaces: interfacesOf(wire, gatewaysOf),
    unusedInterfaces: unusedInterfacesOf(wire, globs),
    announcing: announcing.map((one) => {
      return {
        ...announcedOf(one, macs),
        ...(heldBack.isUnproven(one.answering.address) && { unproven: true }),
      }
    }),
    heldBack: heldBack.told,
    peers: wire.peers.map(({ since, ...peer }) => ({ ...peer, since: moment(since) })),
    conflicts: wire.conflicts.map((conflict) => conflictOf(conflict, nodeOf(conflict.mac))),
    foreign: wire.foreign.map((sighting) => foreignOf(sighting, isWithheld(sighting.address))),
    estranged: estrangedOf(wire, nodeOf).map(({ since, ...each }) => ({ ...each, since: moment(since) })),
    selfTest: wire.findings.map((finding) => findingOf(finding, nodeOf)),
    count: addresses.length,
    peerCount: new Set(wire.peers.map((peer) => peer.node)).size,
    summary: summaryOf(addresses),
    kubeProxy,
    observedRevision,
    condition: readinessOf(readinessFactsOf(facts)),
  }
}

function readinessFactsOf({ wire, keyTrouble, leaving }: StatusFacts): ReadinessFacts {
  const { interfaces, isPermitted, trouble } = wire
  return { keyTrouble, interfaces, isPermitted, trouble, leaving }
}

function announcedOf(
  { answering, since, cause }: Announcing,
  macs: ReadonlyMap<string, string>,
): Complete['announcing'][number] {
  const { address, interface: name } = answering
  const mac = macs.get(name) ?? ''
  return { address: formatAddress(address), interface: name, mac, since: moment(since), cause }
}

function conflictOf(
  { address, mac, interface: name, at, insists = false }: SeenConflict,
  node: string | undefined,
): Complete['conflicts'][number] {
  const known = node === undefined ? {} : { node }
  return {
    address: formatAddress(address),
    mac: formatMac(mac),
    ...known,
    interface: name,
    since: moment(at),
    ...(insists && { insists }),
  }
}

function foreignOf(
  { address, mac, interface: name, at }: SeenConflict,
  withheld: boolean,
): Complete['foreign'][number] {
  return {
    address: formatAddress(address),
    mac: formatMac(mac),
    interface: name,
    seen: moment(at),
    ...(withheld && { withheld }),
  }
}

function findingOf(
  { address, announcer, interface: name, result, macs, at }: SeenFinding,
  nodeOf: StatusFacts['nodeOf'],
): Complete['selfTest'][number] {
  const others = macs.slice(0, manyAnswerers).map((mac) => {
    const node = nodeOf(mac)
    return { mac: formatMac(mac), ...(node !== undefined && { node }) }
  })
  return {
    address: formatAddress(address),
    node: announcer,
    interface: name,
    result,
    others,
    since: moment(at),
  }
}

function summaryOf(addresses: readonly string[]): string {
  const first = addresses.slice(0, named).join(',')
  return addresses.length > named ? `${first},…` : first
}

/** Whole milliseconds: the worker's clock is corrected by fractions from one message to the next. */
function moment(wallMs: number): string {
  return new Date(Math.round(wallMs)).toISOString()
}
