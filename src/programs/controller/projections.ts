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
import type { Labels } from '../../core/pool/selector.ts'
import { readPool } from '../../core/pool/stored-pool.ts'
import type { AddressPoolObject, StoredPool } from '../../core/pool/stored-pool.ts'
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

export interface PoolRecord extends Known, StoredPool {
  readonly generation: number
  readonly finalizers: readonly string[]
}

export function projectPool(raw: KubernetesObject & AddressPoolObject): PoolRecord {
  const { generation = 0, finalizers = [] } = raw.metadata
  return { ...knownOf(raw), ...readPool(raw), generation, finalizers }
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
