import type { AddressPoolSpec, AddressPoolStatus } from '../../core/api/address-pool.ts'
import { ready } from '../../core/api/names.ts'
import { readAddressPool } from '../../core/api/stored.ts'
import type { Compatibility } from '../../core/allocation/compatibility.ts'
import { readService } from '../../core/allocation/service.ts'
import type { ServiceFacts, ServiceObject } from '../../core/allocation/service.ts'
import { readEndpointSlice, readNode } from '../../core/election/node-facts.ts'
import type {
  EndpointSliceObject,
  NodeFacts,
  NodeObject,
  SliceFacts,
} from '../../core/election/node-facts.ts'
import { speakerFactsOf } from '../../core/election/speaker-facts.ts'
import type { SpeakerFacts, SpeakerObject } from '../../core/election/speaker-facts.ts'
import { announceOf } from '../../core/pool/announce.ts'
import { poolOf, unreadablePool } from '../../core/pool/pool.ts'
import type { Pool } from '../../core/pool/pool.ts'
import type { Labels } from '../../core/pool/selector.ts'
import { knownOf } from '../../platform/kubernetes/object.ts'
import type { Known, KubernetesObject } from '../../platform/kubernetes/object.ts'

/** What is kept here of the objects that the controller watches. */

export interface ServiceRecord extends Known {
  readonly facts: ServiceFacts
}

export function projectService(
  raw: KubernetesObject & ServiceObject,
  compatibility?: Compatibility,
): ServiceRecord {
  const { key, uid, resourceVersion } = knownOf(raw)
  // Written out: in place of a spread, which gives each object a hidden class of its own, 200 bytes.
  return { key, uid, resourceVersion, facts: readService(raw, compatibility) }
}

export interface PoolRecord extends Known {
  readonly pool: Pool
  readonly createdAt: string
  readonly generation: number
  readonly status: AddressPoolStatus
  readonly wasReady: boolean
  readonly finalizers: readonly string[]
}

export function projectPool(
  raw: KubernetesObject & { readonly spec?: Partial<AddressPoolSpec> },
): PoolRecord {
  const read = readAddressPool(raw)
  const { name, creationTimestamp = '', generation = 0, deletionTimestamp, finalizers = [] } = raw.metadata
  const status = ('ok' in read ? read.ok.status : undefined) ?? {}
  const isLeaving = deletionTimestamp !== undefined
  return {
    ...knownOf(raw),
    pool:
      'ok' in read
        ? poolOf(name, read.ok.spec, { isLeaving })
        : { ...unreadablePool(name, read.problem, announceOf(raw.spec)), isLeaving },
    createdAt: creationTimestamp,
    generation,
    status,
    wasReady: (status.conditions ?? []).some((each) => each.type === ready && each.status === 'True'),
    finalizers,
  }
}

export interface NodeRecord extends Known {
  readonly facts: NodeFacts
}

export function projectNode(raw: KubernetesObject & NodeObject): NodeRecord {
  return { ...knownOf(raw), facts: readNode(raw) }
}

export interface SliceRecord extends Known {
  readonly facts: SliceFacts | undefined
}

export function projectSlice(raw: KubernetesObject & EndpointSliceObject): SliceRecord {
  return { ...knownOf(raw), facts: readEndpointSlice(raw) }
}

export interface SpeakerRecord extends Known {
  readonly facts: SpeakerFacts
}

export function projectSpeaker(raw: KubernetesObject & SpeakerObject): SpeakerRecord {
  return { ...knownOf(raw), facts: speakerFactsOf(raw) }
}

export interface NamespaceRecord extends Known {
  readonly labels: Labels
}

export function projectNamespace(raw: KubernetesObject): NamespaceRecord {
  return { ...knownOf(raw), labels: raw.metadata.labels ?? {} }
}
