import type { CheckResult } from '../announcement/check.ts'
import { parseMoment } from '../api/moment.ts'
import { listOf, recordsOf, textsOf } from '../api/lenient.ts'
import { ready } from '../api/names.ts'
import type { SpeakerSpec } from '../api/speaker-spec.ts'
import type { SpeakerStatus } from '../api/speaker-status.ts'
import type { Address } from '../ip/address.ts'
import { canonical } from '../ip/canonical.ts'
import type { Canonical } from '../ip/canonical.ts'
import { prefixOf } from '../ip/range.ts'
import type { InterfaceNetwork } from '../pool/remarks.ts'
import { formatMac, parseMac } from '../wire/ethernet.ts'
import { maxRevision } from '../wire/heartbeat.ts'
import type { CandidateInterface } from './candidates.ts'
import { notHeard } from './not-heard.ts'
import type { SpeakerEstranged } from './estranged-words.ts'

/** A Speaker of the Kubernetes API, as far as it is read here. Whatever is not as it should be is left out. */
export interface SpeakerObject {
  readonly metadata: { readonly name: string }
  readonly spec?: Partial<SpeakerSpec>
  readonly status?: Partial<SpeakerStatus>
}

/** What matters of a Speaker to those who place addresses. */
export interface SpeakerFacts {
  readonly node: string
  readonly spec: SpeakerSpec
  readonly ready: boolean
  /** The revision of the spec that the status speaks about; undefined while it says none. */
  readonly observedRevision: number | undefined
  /** The address texts are as formatAddress writes them. */
  readonly announcing: readonly SpeakerAnnouncement[]
  /** New addresses that it does not answer for yet. */
  readonly heldBack: readonly SpeakerHeldBack[]
  readonly peers: readonly string[]
  readonly interfaces: readonly CandidateInterface[] | undefined
  /** Whether the kube-proxy of its node answers, and says that it is behind. */
  readonly proxyUnhealthy: boolean
  /** The same interfaces with the addresses of the node and of the routers that it reaches through them. */
  readonly network: readonly InterfaceNetwork[]
  readonly conflicts: readonly SpeakerConflict[]
  readonly foreign: readonly SpeakerForeign[]
  readonly estranged: readonly SpeakerEstranged[]
  readonly findings: readonly SpeakerFinding[]
}

/** An address that a speaker announces; the text is as formatAddress writes it. */
export interface SpeakerAnnouncement {
  readonly address: string
  readonly interface: string
  /** Whether it was new, and not seen to forward in time. */
  readonly isUnproven: boolean
}

/** An address that a speaker holds back; the text is as formatAddress writes it, the moments as they were told. */
export interface SpeakerHeldBack {
  readonly address: string
  readonly since: string
  readonly until: string
  readonly waitsFor: 'Forwarding' | 'Answers'
}

/** Somebody who answers for an address that nobody announces. */
export interface SpeakerForeign {
  readonly address: Address
  readonly mac: string
  /** Milliseconds since the epoch. */
  readonly seen: number
  /** Whether a Service was given the address, and this node does not announce it for that reason. */
  readonly isWithheld: boolean
}

/** Somebody else who answers for an address that a speaker announces; the address text is as formatAddress writes it. */
export interface SpeakerConflict {
  readonly address: string
  readonly interface: string
  readonly mac: string
  /** The node that the MAC belongs to, if it is one of the cluster. */
  readonly node: string | undefined
  /** Whether it claims the address again and again though that is answered. */
  readonly insists: boolean
}

/** What a speaker found amiss with an address that another node announces; the address text is as formatAddress writes it. */
export interface SpeakerFinding {
  readonly address: string
  /** The node that announces it. */
  readonly node: string
  readonly result: Exclude<CheckResult, 'Answered'>
  readonly others: readonly { readonly mac: string; readonly node: string | undefined }[]
  readonly since: string
}

/** What matters of a Speaker to those who announce: small, for each speaker keeps it of all others. */
export interface PlacementFacts {
  readonly revision: number
  readonly placements: readonly PlacedAddress[]
  /** Whether the controller has written over the status, for nobody heard the speaker. */
  readonly isNotHeard: boolean
  /** Whether it says of itself that it can announce. */
  readonly ready: boolean
  readonly interfaces: readonly CandidateInterface[] | undefined
  /** Whether the kube-proxy of its node answers, and says that it is behind. */
  readonly proxyUnhealthy: boolean
  /** The MACs of its interfaces, and their own addresses. */
  readonly macs: readonly bigint[]
  readonly own: readonly Address[]
  readonly findings: readonly SpeakerFinding[]
}

/** An address that a Speaker's spec asks its node to announce. */
export interface PlacedAddress extends Canonical {
  readonly revision: number
  readonly pool: string
  readonly services: readonly string[]
}

/** Reads a Speaker as the API server gives it, for those who place addresses. */
export function speakerFactsOf({ metadata, spec = {}, status = {} }: SpeakerObject): SpeakerFacts {
  return {
    node: metadata.name,
    spec: { revision: spec.revision ?? 0, addresses: recordsOf(spec.addresses) },
    ready: isReady(status),
    observedRevision: isRevision(status.observedRevision) ? status.observedRevision : undefined,
    announcing: announcingOf(status),
    heldBack: heldBackOf(status),
    peers: [...new Set(recordsOf(status.peers).map(({ node }) => node))],
    interfaces: interfacesOf(status),
    proxyUnhealthy: status.kubeProxy === 'Unhealthy',
    network: networkOf(status),
    conflicts: conflictsOf(status),
    foreign: foreignOf(status),
    estranged: estrangedOf(status),
    findings: findingsOf(status),
  }
}

/** Reads a Speaker as the API server gives it, for those who announce. */
export function placementFactsOf({ spec = {}, status = {} }: SpeakerObject): PlacementFacts {
  return {
    revision: spec.revision ?? 0,
    placements: recordsOf(spec.addresses).flatMap(placedAddressOf),
    isNotHeard: recordsOf(status.conditions).some((each) => each.type === ready && each.reason === notHeard),
    ready: isReady(status),
    interfaces: interfacesOf(status),
    proxyUnhealthy: status.kubeProxy === 'Unhealthy',
    macs: recordsOf(status.interfaces).flatMap(({ mac }) => parseMac(String(mac)) ?? []),
    own: networkOf(status).flatMap(({ own }) => own.map(({ address }) => address)),
    findings: findingsOf(status),
  }
}

function isReady({ conditions }: Partial<SpeakerStatus>): boolean {
  return recordsOf(conditions).some((each) => each.type === ready && each.status === 'True')
}

function placedAddressOf(raw: SpeakerSpec['addresses'][number]): readonly PlacedAddress[] {
  const read = canonical(raw.address)
  if (!read || !isRevision(raw.revision)) return []
  return [{ ...read, revision: raw.revision, pool: raw.pool, services: listOf(raw.services) }]
}

function isRevision(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= maxRevision
}

function announcingOf({ announcing }: Partial<SpeakerStatus>): SpeakerFacts['announcing'] {
  return recordsOf(announcing).flatMap((each) => {
    const read = canonical(each.address)
    const isUnproven = each.unproven === true
    return read ? { address: read.text, interface: each.interface, isUnproven } : []
  })
}

function heldBackOf({ heldBack }: Partial<SpeakerStatus>): SpeakerFacts['heldBack'] {
  return recordsOf(heldBack).flatMap(({ address, since, until, waitsFor }) => {
    const read = canonical(address)
    if (!read || (waitsFor !== 'Forwarding' && waitsFor !== 'Answers')) return []
    return [{ address: read.text, since: String(since), until: String(until), waitsFor }]
  })
}

function conflictsOf({ conflicts }: Partial<SpeakerStatus>): SpeakerFacts['conflicts'] {
  return recordsOf(conflicts).flatMap(({ address, interface: name, mac, node, insists }) => {
    const read = canonical(address)
    return read ? { address: read.text, interface: name, mac, node, insists: insists === true } : []
  })
}

function foreignOf({ foreign }: Partial<SpeakerStatus>): SpeakerFacts['foreign'] {
  return recordsOf(foreign).flatMap(({ address, mac: text, seen, withheld }) => {
    const read = canonical(address)
    const mac = parseMac(String(text))
    if (!read || mac === undefined) return []
    const isWithheld = withheld === true
    return { address: read.address, mac: formatMac(mac), seen: parseMoment(String(seen)) ?? 0, isWithheld }
  })
}

function estrangedOf({ estranged }: Partial<SpeakerStatus>): SpeakerFacts['estranged'] {
  return recordsOf(estranged).map(({ reason, interface: name, node, mac, says }) => {
    return { reason, interface: name, node, mac, says }
  })
}

function findingsOf({ selfTest }: Partial<SpeakerStatus>): readonly SpeakerFinding[] {
  return recordsOf(selfTest).flatMap(({ address, node, result, others, since }) => {
    const read = canonical(address)
    if (!read) return []
    const answerers = recordsOf(others).map(({ mac, node: whose }) => ({ mac, node: whose }))
    return { address: read.text, node, result, others: answerers, since }
  })
}

function interfacesOf({ interfaces }: Partial<SpeakerStatus>): SpeakerFacts['interfaces'] {
  return (
    interfaces &&
    recordsOf(interfaces).map(({ name, addresses }) => ({
      name,
      prefixes: textsOf(addresses).flatMap((each) => prefixOf(each) ?? []),
    }))
  )
}

function networkOf({ interfaces }: Partial<SpeakerStatus>): SpeakerFacts['network'] {
  return recordsOf(interfaces).map(({ name, addresses, gateways }) => ({
    name,
    own: textsOf(addresses).flatMap(ownAddressOf),
    gateways: textsOf(gateways).flatMap((text) => canonical(text)?.address ?? []),
  }))
}

function ownAddressOf(text: string): InterfaceNetwork['own'] {
  const subnet = prefixOf(text)
  const own = canonical(text.slice(0, Math.max(text.indexOf('/'), 0)))
  return subnet && own ? [{ address: own.address, subnet }] : []
}
