import type { AddressPoolSpec } from '../../core/api/address-pool.ts'
import { conditionTypes, loadBalancerClass } from '../../core/api/names.ts'
import type { SpeakerSpec, SpeakerStatus } from '../../core/api/speaker.ts'
import { everywhere, type CandidateInterface, type CandidatePool } from '../../core/election/candidates.ts'
import {
  readEndpointSlice,
  readNode,
  type EndpointSliceObject,
  type NodeFacts,
  type NodeObject,
  type SliceFacts,
} from '../../core/election/node-facts.ts'
import { formatAddress, parseAddress, type Address } from '../../core/ip/address.ts'
import { parseRange, prefixOf, type Range } from '../../core/ip/range.ts'
import { knownOf, type Known, type KubernetesObject } from '../../platform/kubernetes/object.ts'

/** What is kept here of the objects that a speaker watches. Whatever is not as it should be is left out. */

export interface ServiceView extends Known {
  readonly policy: 'Cluster' | 'Local'
  /** Of type LoadBalancer. */
  readonly wantsAddress: boolean
  /** The addresses in its status, canonical, if it is ours. */
  readonly holds: readonly string[]
}

interface RawService extends KubernetesObject {
  readonly spec?: {
    readonly type?: string
    readonly externalTrafficPolicy?: string
    readonly loadBalancerClass?: string
  }
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] | null }
    readonly conditions?: readonly { readonly type?: string }[] | null
  }
}

export function projectService(raw: RawService): ServiceView {
  const wantsAddress = raw.spec?.type === 'LoadBalancer'
  const ingress = wantsAddress && isOurs(raw) ? listOf(raw.status?.loadBalancer?.ingress) : []
  return {
    ...knownOf(raw),
    policy: raw.spec?.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
    wantsAddress,
    holds: ingress.flatMap(({ ip }) => canonical(ip)?.text ?? []),
  }
}

function isOurs({ spec, status }: RawService): boolean {
  if (spec?.loadBalancerClass !== undefined) return spec.loadBalancerClass === loadBalancerClass
  return listOf(status?.conditions).some(({ type }) => type === conditionTypes.allocated)
}

export interface SpeakerView extends Known {
  readonly revision: number
  readonly placements: readonly PlacedAddress[]
  readonly interfaces: readonly CandidateInterface[] | undefined
}

export interface PlacedAddress {
  readonly address: Address
  /** The address as formatAddress writes it. */
  readonly text: string
  readonly revision: number
  readonly pool: string
  readonly services: readonly string[]
}

interface RawSpeaker extends KubernetesObject {
  readonly spec?: Partial<SpeakerSpec>
  readonly status?: Partial<SpeakerStatus>
}

export function projectSpeaker(raw: RawSpeaker): SpeakerView {
  const interfaces = raw.status?.interfaces
  return {
    ...knownOf(raw),
    revision: raw.spec?.revision ?? 0,
    placements: listOf(raw.spec?.addresses).flatMap(placedAddressOf),
    interfaces:
      interfaces &&
      listOf(interfaces).map(({ name, addresses }) => {
        return { name, prefixes: listOf(addresses).flatMap((text) => prefixOf(String(text)) ?? []) }
      }),
  }
}

function placedAddressOf(raw: SpeakerSpec['addresses'][number]): readonly PlacedAddress[] {
  const read = canonical(raw.address)
  if (!read || !Number.isSafeInteger(raw.revision)) return []
  return [{ ...read, revision: raw.revision, pool: raw.pool, services: listOf(raw.services) }]
}

export interface PoolView extends Known {
  readonly candidates: CandidatePool
  readonly ranges: readonly Range[]
}

export function projectPool(raw: KubernetesObject & { readonly spec?: Partial<AddressPoolSpec> }): PoolView {
  const l2 = raw.spec?.l2
  return {
    ...knownOf(raw),
    candidates: {
      enabled: l2?.enabled ?? everywhere.enabled,
      interfaces: listOf(l2?.interfaces),
      nodeSelectors: listOf(l2?.nodeSelectors),
    },
    ranges: listOf(raw.spec?.addresses).flatMap((text) => {
      const read = parseRange(text)
      return 'range' in read ? [read.range] : []
    }),
  }
}

export function projectNode(raw: NodeObject & KubernetesObject): NodeFacts & Known {
  return { ...knownOf(raw), ...readNode(raw) }
}

/** A slice that belongs to no Service serves nobody. */
export function projectSlice(raw: EndpointSliceObject & KubernetesObject): SliceFacts & Known {
  return { ...knownOf(raw), ...(readEndpointSlice(raw) ?? { service: '', servingOn: [] }) }
}

function listOf<T>(list: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(list) ? list : []
}

interface Canonical {
  readonly address: Address
  readonly text: string
}

const mostRemembered = 4_096
const remembered = new Map<string, Canonical | undefined>()

/** Each change of a Speaker says all its addresses again: what was read before is not read again. */
function canonical(text: unknown): Canonical | undefined {
  if (typeof text !== 'string') return undefined
  if (remembered.has(text)) return remembered.get(text)
  const address = parseAddress(text)
  const read = address && { address, text: formatAddress(address) }
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(text, read)
  return read
}
