import type { SpeakerSpec, SpeakerStatus } from '../api/speaker.ts'
import { formatAddress, parseAddress } from '../ip/address.ts'
import { prefixOf } from '../ip/range.ts'
import type { CandidateInterface } from './candidates.ts'

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
  /** The address texts are as formatAddress writes them. */
  readonly announcing: readonly { readonly address: string; readonly interface: string }[]
  readonly peers: readonly string[]
  readonly interfaces: readonly CandidateInterface[] | undefined
}

/** Reads a Speaker as the API server gives it. */
export function speakerFactsOf({ metadata, spec = {}, status = {} }: SpeakerObject): SpeakerFacts {
  return {
    node: metadata.name,
    spec: { revision: spec.revision ?? 0, addresses: spec.addresses ?? [] },
    ready: (status.conditions ?? []).some((each) => each.type === 'Ready' && each.status === 'True'),
    announcing: announcingOf(status),
    peers: [...new Set((status.peers ?? []).map(({ node }) => node))],
    interfaces: interfacesOf(status),
  }
}

function announcingOf({ announcing = [] }: Partial<SpeakerStatus>): SpeakerFacts['announcing'] {
  return announcing.flatMap((each) => {
    const address = parseAddress(each.address)
    return address ? { address: formatAddress(address), interface: each.interface } : []
  })
}

function interfacesOf({ interfaces }: Partial<SpeakerStatus>): SpeakerFacts['interfaces'] {
  return interfaces?.map(({ name, addresses }) => ({
    name,
    prefixes: addresses.flatMap((each) => prefixOf(each) ?? []),
  }))
}
